"""What is granted, and what people read when it is used up."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.conversation import Message, ThreadKey
from bot.domain.errors import BotError
from bot.domain.records import Expense, Spending
from bot.domain.usage import Usage
from bot.turns.limits import RESERVED, Amounts, Limits, next_month
from bot.turns.pace import Pace
from bot.turns.underway import Underway
from tests.doubles.clock import StillClock
from tests.doubles.messages import person_writes
from tests.doubles.records import MemoryUsage
from tests.doubles.until import until

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC).timestamp()
SPENT = Expense("T1", "C1", "A", "gpt", Usage(1, 0, 1), pictures=0, dollars=1.0, at=NOON - 60)
ANN = person_writes(1, "Hi", to_bot=True)
BEN = person_writes(2, "Hi", who="Ben", to_bot=True)
BEN_ELSEWHERE = person_writes(3, "Hi", who="Ben", to_bot=True, thread=ThreadKey("T1", "C2", "1700000003.000000"))


def limits(amounts: Amounts, *expenses: Expense, broken: Exception | None = None) -> Limits:
    return Limits(amounts, MemoryUsage([*expenses], broken), Pace(lambda: NOON), lambda: NOON)


async def said(limits: Limits, message: Message) -> str:
    error = await limits.begin(message)
    return error.explanation if error else ""


@pytest.mark.parametrize(
    ("amounts", "message", "sentence"),
    [
        (Amounts(dollars_of_person=1), ANN, "You have used up your budget for this month"),
        (Amounts(dollars_of_person=1), BEN, ""),
        (Amounts(dollars_in_channel=1), BEN, "This channel has used up its budget for this month"),
        (Amounts(dollars_in_channel=1), BEN_ELSEWHERE, ""),
        (Amounts(dollars_of_everybody=1), BEN_ELSEWHERE, "The budget that all of us share is used up for this month"),
        (Amounts(1, 1, 1, 1.01, 1.01, 1.01), ANN, ""),
        (Amounts(), ANN, ""),
    ],
)
async def test_a_budget_that_is_spent_says_whose_it_is_and_when_it_starts_afresh(
    amounts: Amounts, message: Message, sentence: str
) -> None:
    expected = f"{sentence}, so I can answer again on the first of December." if sentence else ""
    assert await said(limits(amounts, SPENT), message) == expected


async def test_another_month_and_another_workspace_cost_nothing() -> None:
    october = replace(SPENT, at=datetime(2026, 10, 31, 23, 59, tzinfo=UTC).timestamp())
    elsewhere = replace(SPENT, workspace="T2")
    assert await said(limits(Amounts(0, 0, 0, 1, 1, 1), october, elsewhere), ANN) == ""


async def test_people_are_warned_from_eighty_per_cent_on_under_a_name_of_the_month() -> None:
    warned = await limits(Amounts(0, 0, 0, 1.25, 1.26, 1.0), SPENT).warnings(ANN)
    assert warned == {
        "budget/everybody/2026-11": "More than 80 % of the budget that all of us share is used for this month."
        " It starts afresh on the first of December.",
        "budget/person/2026-11": "You have used more than 80 % of your budget for this month."
        " It starts afresh on the first of December.",
    }
    assert list(await limits(Amounts(dollars_in_channel=1.1), SPENT).warnings(BEN)) == ["budget/channel/C1/2026-11"]
    assert await limits(Amounts(), SPENT).warnings(ANN) == {}


async def test_who_asks_too_fast_is_told_how_long_to_wait_and_is_not_held_up_longer_for_asking() -> None:
    clock = StillClock(0.0)
    limited = Limits(Amounts(turns_of_person=2), MemoryUsage(), Pace(clock), lambda: NOON)
    assert [await said(limited, ANN) for _ in range(2)] == ["", ""]
    for wait, words in ((1.0, "59 seconds"), (59.5, "1 second")):
        clock.now = wait
        expected = f"That is more at once than I may answer: 2 in a minute. Please send this again in {words}."
        assert await said(limited, ANN) == expected
        assert await said(limited, BEN) == "" or wait > 1
    clock.now = 60.0
    assert await said(limited, ANN) == ""


class Unhurried(MemoryUsage):
    """Lets everybody else go first."""

    async def spending(self, workspace: str, channel: str, user: str, now: float) -> Spending:
        await asyncio.sleep(0)
        return Spending()


async def test_turns_that_begin_together_are_all_counted() -> None:
    amounts = Amounts(turns_of_person=2, dollars_of_person=1)
    limited = Limits(amounts, Unhurried(), Pace(lambda: NOON), lambda: NOON)
    answers = await asyncio.gather(*(said(limited, ANN) for _ in range(5)))
    assert answers.count("") == 2


async def test_of_many_who_ask_at_once_as_many_are_answered_as_the_budget_has_room_for() -> None:
    underway = Underway(expected=0.1)
    amounts = Amounts(dollars_of_everybody=1.25)
    limited = Limits(amounts, MemoryUsage([SPENT]), Pace(lambda: NOON), lambda: NOON, underway)
    told: list[str] = []

    async def ask(over: asyncio.Event) -> None:
        if hindrance := await limited.begin(ANN):
            told.append(hindrance.explanation)
        else:
            with underway.turn(ANN):
                await over.wait()

    over = asyncio.Event()
    asking = [asyncio.create_task(ask(over)) for _ in range(50)]
    await until(lambda: len(told) == 47)
    assert set(told) == {RESERVED}
    over.set()
    await asyncio.gather(*asking)
    assert await said(limited, ANN) == ""


@pytest.mark.parametrize(
    ("amounts", "hindered"),
    [
        (Amounts(dollars_of_person=1), ANN),
        (Amounts(dollars_in_channel=1), BEN),
        (Amounts(dollars_of_everybody=1), BEN_ELSEWHERE),
    ],
)
async def test_answers_that_are_being_written_count_for_those_whose_budget_they_are(
    amounts: Amounts, hindered: Message
) -> None:
    underway = Underway(expected=1.0)
    limited = Limits(amounts, MemoryUsage(), Pace(lambda: NOON), lambda: NOON, underway)
    with underway.turn(ANN):
        assert await said(limited, hindered) == RESERVED
        assert await said(limited, replace(hindered, thread=ThreadKey("T2", "C1", "1.0"))) == ""
    assert await said(limited, hindered) == ""


async def test_what_answers_cost_lately_is_what_the_next_ones_are_expected_to_cost() -> None:
    underway = Underway(expected=0.01)
    for _ in range(50):
        underway.learn(0.2)
    with underway.turn(ANN), underway.turn(BEN):
        assert underway.spending(ANN).person == pytest.approx(0.2, rel=0.05)
        assert underway.spending(ANN).channel == pytest.approx(0.4, rel=0.05)


async def test_all_people_of_a_channel_share_its_turns() -> None:
    limited = limits(Amounts(turns_in_channel=1))
    assert await said(limited, ANN) == ""
    assert "1 in a minute" in await said(limited, BEN)
    assert await said(limited, BEN_ELSEWHERE) == ""


async def test_a_turn_that_is_refused_for_its_price_is_no_turn() -> None:
    limited = limits(Amounts(turns_of_person=1, dollars_of_person=1), SPENT)
    first, second = await said(limited, ANN), await said(limited, ANN)
    assert first == second != ""
    assert "budget" in first


async def test_pictures_are_counted_by_the_day() -> None:
    today, yesterday = replace(SPENT, pictures=2), replace(SPENT, pictures=9, at=NOON - 86_400)
    assert await limits(Amounts(pictures_of_person=3), today, yesterday).may_draw(ANN)
    assert not await limits(Amounts(pictures_of_person=2), today).may_draw(ANN)
    assert await limits(Amounts(pictures_of_person=2), today).may_draw(BEN)
    assert await limits(Amounts(), today).may_draw(ANN)


async def test_a_store_that_cannot_be_read_stops_nobody() -> None:
    limited = limits(Amounts(0, 0, 1, 1, 1, 1), broken=BotError("no disk"))
    assert await said(limited, ANN) == ""
    assert await limited.may_draw(ANN)


@pytest.mark.parametrize(
    ("year", "month", "day", "words"),
    [(2026, 1, 31, "February"), (2026, 12, 1, "January"), (2028, 2, 29, "March"), (2026, 11, 30, "December")],
)
def test_the_next_month_is_named_in_words(year: int, month: int, day: int, words: str) -> None:
    assert next_month(datetime(year, month, day, 23, 59, tzinfo=UTC).timestamp()) == f"the first of {words}"
