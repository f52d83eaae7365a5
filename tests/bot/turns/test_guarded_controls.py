"""What people press is held to the same rules as what they write."""

from dataclasses import dataclass, field

import pytest

from bot.domain.conversation import Author, Message, Profile, ThreadKey
from bot.domain.errors import BudgetSpent, NotAdmitted, TooManyTurns
from bot.domain.records import Expense
from bot.domain.usage import Usage
from bot.turns.guarded_controls import GuardedControls
from bot.turns.limits import Amounts
from bot.turns.policy import Policy, Refusal
from tests.doubles.door import open_door
from tests.doubles.messages import THREAD
from tests.doubles.platform import MemoryPlatform
from tests.doubles.records import MemoryUsage

NOW = 1700000100.0
SPENT = Expense("T1", "C1", "U2", "gpt", Usage(1, 0, 1), pictures=0, dollars=1.0, at=NOW)


@dataclass
class Desk:
    """Does what it is asked, and tells what that was."""

    done: list[str] = field(default_factory=list)

    async def stop(self, thread: ThreadKey) -> bool:
        self.done.append("stop")
        return True

    async def answer_again(
        self, thread: ThreadKey, question: str, messages: tuple[str, ...], model: str | None, asker: str
    ) -> bool:
        self.done.append("answer again")
        return True

    async def summarize(self, thread: ThreadKey, asker: str) -> str:
        self.done.append("summarize")
        return "All is well."


def guarded(desk: Desk, policy: Policy | None = None, amounts: Amounts | None = None) -> GuardedControls:
    people = {"U1": Profile("T1"), "U3": Profile("T3")}
    usage = MemoryUsage([SPENT])
    door = open_door(MemoryPlatform(), policy or Policy(), amounts, people=people, usage=usage, now=lambda: NOW)
    return GuardedControls(desk, door, lambda: NOW)


async def test_who_may_ask_may_have_a_thread_summed_up() -> None:
    assert await guarded(Desk()).summarize(THREAD, "U1") == "All is well."


@pytest.mark.parametrize(("asker", "refusal"), [("U3", Refusal.STRANGER), ("U9", Refusal.UNKNOWN)])
async def test_who_may_not_ask_gets_no_summary_either(asker: str, refusal: Refusal) -> None:
    desk = Desk()
    with pytest.raises(NotAdmitted) as refused:
        await guarded(desk).summarize(THREAD, asker)
    assert (refused.value.explanation, desk.done) == (refusal, [])


async def test_who_may_not_ask_can_have_nothing_answered_again() -> None:
    desk = Desk()
    with pytest.raises(NotAdmitted):
        await guarded(desk).answer_again(THREAD, "1.0", ("2.0",), None, "U3")
    assert desk.done == []


async def test_a_summary_is_a_turn() -> None:
    desk = Desk()
    controls = guarded(desk, amounts=Amounts(turns_of_person=1))
    await controls.summarize(THREAD, "U1")
    with pytest.raises(TooManyTurns):
        await controls.summarize(THREAD, "U1")
    assert desk.done == ["summarize"]


@pytest.mark.parametrize("amounts", [Amounts(dollars_in_channel=1), Amounts(dollars_of_everybody=1)])
async def test_an_answer_stays_as_it_is_where_there_is_no_money_for_another(amounts: Amounts) -> None:
    desk = Desk()
    with pytest.raises(BudgetSpent, match="budget"):
        await guarded(desk, amounts=amounts).answer_again(THREAD, "1.0", ("2.0",), None, "U1")
    assert desk.done == []
    assert await guarded(desk).answer_again(THREAD, "1.0", ("2.0",), None, "U1")


async def test_a_summary_that_is_being_made_counts_against_budgets() -> None:
    desk = Desk()
    controls = guarded(desk, amounts=Amounts(dollars_of_person=1))
    underway = controls.admission.limits.underway
    underway.learn(100.0)
    message = Message("1.0", THREAD, Author("U1", ""), "", NOW)
    with underway.turn(message), pytest.raises(BudgetSpent):
        await controls.summarize(THREAD, "U1")
    await controls.summarize(THREAD, "U1")
    assert not underway.spending(message).everybody


async def test_stopping_is_open_to_all() -> None:
    desk = Desk()
    assert await guarded(desk, Policy(denied_channels=frozenset({"C1"}))).stop(THREAD)
    assert desk.done == ["stop"]
