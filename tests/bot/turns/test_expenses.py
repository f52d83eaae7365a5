"""What answers cost, and that writing it down troubles nobody."""

from dataclasses import replace

import pytest

from bot.domain.errors import BotError
from bot.domain.models import Long, ModelInfo, Price
from bot.domain.records import Expense
from bot.domain.reply import Done, ImageReady, TextDelta
from bot.domain.settings import ImageQuality, Settings
from bot.domain.usage import Unfinished, Usage
from bot.turns.expenses import PICTURE, Bill, Expenses, dollars, picture_dollars
from bot.turns.underway import Underway
from tests.doubles.messages import THREAD
from tests.doubles.records import MemoryUsage

PRICE = Price(input=1.0, cached=0.1, output=5.0, long=Long(after=1_500_000, input=2.0, output=1.5))
PAINTER = Price(input=8.0, cached=8.0, output=30.0, pictures={"medium": 0.0132})
PRICES = {name: ModelInfo(name, price=price) for name, price in {"gpt": PRICE, "painter": PAINTER}.items()}
DRAWN = ImageReady(b"", "image/png", "a cat", "painter")
USAGE = Usage(input_tokens=1_000_000, cached_tokens=400_000, output_tokens=200_000)


def expenses(store: MemoryUsage) -> Expenses:
    return Expenses(store, lambda name: PRICES.get(name, ModelInfo(name)), lambda: 50.0)


def bill(*events: TextDelta | ImageReady | Done | tuple[str, Usage | Unfinished]) -> Bill:
    """A bill of what has come, and of what was charged to a model."""
    taken = Bill()
    for event in events:
        if isinstance(event, tuple):
            taken.charge(*event)
        else:
            taken.take(event)
    return taken


def test_what_the_cache_had_is_cheaper() -> None:
    assert dollars(PRICE, USAGE) == pytest.approx(0.6 + 0.04 + 1.0)
    assert dollars(None, USAGE) == 0
    assert dollars(PRICE, Usage(input_tokens=10, cached_tokens=20)) >= 0


@pytest.mark.parametrize(
    ("price", "usage", "expected"),
    [
        (Price(search=0.01), Usage(searches=3), 0.03),
        (Price(file_search=0.0025), Usage(file_searches=2), 0.005),
        (Price(container=0.03), Usage(containers=2), 0.06),
        (Price(minute=0.0045), Usage(seconds=90), 0.00675),
        (
            replace(PRICE, written=1.25),
            Usage(input_tokens=1_000_000, cached_tokens=400_000, written_tokens=600_000),
            0.79,
        ),
        (PRICE, Usage(input_tokens=1_000_000, cached_tokens=400_000, written_tokens=600_000), 0.64),
    ],
)
def test_each_thing_has_a_price_of_its_own(price: Price, usage: Usage, expected: float) -> None:
    assert dollars(price, usage) == pytest.approx(expected)


@pytest.mark.parametrize(("tokens", "expected"), [(1_500_000, 1.5 + 1.0), (1_500_001, 3.0 + 1.5)])
def test_a_request_that_is_too_long_costs_more_as_a_whole(tokens: int, expected: float) -> None:
    assert dollars(PRICE, Usage(input_tokens=tokens, output_tokens=200_000)) == pytest.approx(expected, abs=1e-5)


async def test_requests_that_are_not_long_do_not_become_so_together() -> None:
    store, short = MemoryUsage(), ("gpt", Usage(input_tokens=1_000_000))
    await expenses(store).note(THREAD, "A", bill(short, short, Done(model="gpt")))
    assert [(each.usage.input_tokens, each.dollars) for each in store.expenses] == [(2_000_000, 2.0)]


async def test_what_nobody_has_told_the_price_of_is_estimated() -> None:
    store, used = MemoryUsage(), Usage(searches=1, containers=1)
    left = Unfinished(("Be kind.", "Ann: Hello"), "Half", pictures=2, used=used)
    await expenses(store).note(THREAD, "A", bill(("gpt", left), ("gpt", Usage(10, 0, 5))))
    assert [(each.usage, each.answers) for each in store.expenses] == [
        (used + Usage(10 + 6 + 2 * PICTURE, 0, 5 + 1), 0)
    ]


@pytest.mark.parametrize(
    ("size", "quality", "expected"),
    [
        ("auto", ImageQuality.AUTO, 0.01),
        ("1024x1024", ImageQuality.HIGH, 0.05),
        ("2048x1024", ImageQuality.MEDIUM, 0.02),
        ("1024x1024", ImageQuality.MAX, 0.0),
    ],
)
def test_a_picture_costs_by_quality_and_size_where_its_tokens_are_not_known(
    size: str, quality: ImageQuality, expected: float
) -> None:
    price = replace(PRICE, pictures={"medium": 0.01, "high": 0.05})
    assert picture_dollars(price, Settings(image_size=size, image_quality=quality)) == pytest.approx(expected)
    assert picture_dollars(None, Settings()) == 0


async def test_an_answer_is_noted_with_its_price() -> None:
    store = MemoryUsage()
    await expenses(store).note(THREAD, "A", bill(TextDelta("So"), ("gpt", USAGE), Done(model="gpt")))
    assert store.expenses == [Expense("T1", "C1", "A", "gpt", USAGE, 0, dollars(PRICE, USAGE), 50.0)]


async def test_each_model_that_has_a_share_in_an_answer_is_noted_and_the_answer_once() -> None:
    store, drawn, small = MemoryUsage(), ("painter", Usage(50, 0, 1_000_000)), ("small", Usage(300, 0, 20))
    await expenses(store).note(THREAD, "A", bill(small, DRAWN, DRAWN, ("gpt", USAGE), drawn, Done(model="gpt")))
    noted = {each.model: (each.answers, each.pictures, each.usage, each.dollars) for each in store.expenses}
    assert noted == {
        "gpt": (1, 0, USAGE, dollars(PRICE, USAGE)),
        "painter": (0, 2, Usage(50, 0, 1_000_000), pytest.approx(30.0004)),
        "small": (0, 0, Usage(300, 0, 20), 0),
    }


async def test_a_picture_of_a_model_that_does_nothing_else_is_the_answer() -> None:
    store = MemoryUsage()
    await expenses(store).note(THREAD, "A", bill(DRAWN, ("painter", Usage(50, 0, 440)), Done(model="painter")))
    assert [(each.answers, each.pictures, each.model) for each in store.expenses] == [(1, 1, "painter")]


async def test_what_it_took_to_find_out_what_was_wanted_is_paid_even_if_nothing_was_answered() -> None:
    store = MemoryUsage()
    await expenses(store).note(THREAD, "A", bill(("small", Usage(300, 0, 20))))
    assert [(each.answers, each.model) for each in store.expenses] == [(0, "small")]


async def test_a_model_without_a_price_costs_tokens_alone() -> None:
    store = MemoryUsage()
    await expenses(store).note(THREAD, "A", bill(("unheard-of", USAGE), Done(model="unheard-of")))
    assert [(each.model, each.usage, each.dollars) for each in store.expenses] == [("unheard-of", USAGE, 0)]


async def test_where_nobody_was_asked_there_is_nothing_to_note() -> None:
    store = MemoryUsage()
    await expenses(store).note(THREAD, "A", bill(TextDelta("I am the bot."), Done()))
    await expenses(store).note(THREAD, "A", bill(TextDelta("So")))
    assert store.expenses == []


async def test_a_picture_is_noted_by_its_price_even_if_its_answer_never_ended() -> None:
    store = MemoryUsage()
    await expenses(store).note(THREAD, "A", bill(DRAWN))
    noted = [(each.model, each.pictures, each.answers, each.usage, each.dollars) for each in store.expenses]
    assert noted == [("painter", 1, 1, Usage(), 0.0132)]


async def test_what_answers_cost_is_learned_from() -> None:
    underway = Underway(expected=0.0)
    book = Expenses(MemoryUsage(), lambda name: PRICES.get(name, ModelInfo(name)), lambda: 50.0, underway)
    await book.note(THREAD, "A", bill(("gpt", USAGE), Done(model="gpt")))
    assert underway.expected == pytest.approx(dollars(PRICE, USAGE) / 10)


@pytest.mark.parametrize("trouble", [BotError("the disk is full"), RuntimeError("a bug")])
async def test_an_expense_that_cannot_be_noted_is_logged_and_no_more(
    trouble: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    store = MemoryUsage(broken=trouble)
    await expenses(store).note(THREAD, "A", bill(("gpt", USAGE), Done(model="gpt")))
    assert "an expense was not noted" in caplog.text
