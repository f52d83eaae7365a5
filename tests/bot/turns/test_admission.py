"""Who is answered, who is told why not, and what is not even read before that."""

from dataclasses import replace

import pytest

from bot.domain.conversation import Author, Message, Profile
from bot.domain.errors import BotError, PlatformError
from bot.domain.records import Expense
from bot.domain.usage import Usage
from bot.turns.limits import Amounts
from bot.turns.policy import Policy, Refusal
from tests.bot.turns.test_inbox import NOW, House
from tests.doubles.door import open_door
from tests.doubles.messages import bot_writes, person_writes, reference_to
from tests.doubles.platform import MemoryPlatform
from tests.doubles.records import MemoryNotices, MemoryUsage
from tests.doubles.voices import speaking_german

SPENT = Expense("T1", "C1", "A", "gpt", Usage(1, 0, 1), pictures=2, dollars=1.0, at=NOW)
NO_ANN = Policy(denied_users=frozenset({"A"}), strangers=True)


def house(
    policy: Policy | None = None, amounts: Amounts | None = None, people: dict[str, Profile] | None = None
) -> House:
    platform = MemoryPlatform()
    usage = MemoryUsage([SPENT])
    door = open_door(platform, policy, amounts, people=people, usage=usage, now=lambda: NOW)
    return House(platform=platform, door=door, usage=usage)


def belonging_to(workspace: str, message: Message) -> Message:
    return replace(message, author=Author(message.author.id, message.author.name, workspace))


async def test_who_may_not_ask_is_told_once_and_privately_and_nothing_is_read_or_asked_for_it() -> None:
    home = house(NO_ANN)
    questions = [person_writes(number, "Hello?", to_bot=True) for number in (1, 2)]
    for question in questions:
        await home.receives(question)
        lease = home.lease(question)
        await home.inbox.work(lease)
        assert lease.finished == [(reference_to(question),)]
    assert home.platform.whispers == [("A", Refusal.PERSON)]
    assert home.platform.replies == []
    assert (home.model.prompts, home.model.questions) == ([], [])


async def test_why_there_is_no_answer_is_told_in_the_language_of_who_asks() -> None:
    platform = MemoryPlatform()
    door = replace(open_door(platform, NO_ANN), speaking_to=speaking_german({Refusal.PERSON: "Dir nicht."}))
    assert not await door.admits(person_writes(1, "Hello?", to_bot=True))
    assert platform.whispers == [("A", "Dir nicht.")]


async def test_the_thread_of_who_may_not_ask_is_not_read() -> None:
    home = house(NO_ANN)
    question = person_writes(1, "Hello?", to_bot=True)
    await home.receives(question)
    # Whoever reads it now fails.
    home.platform.unreadable = ReadAfterAll()
    await home.inbox.work(home.lease(question))
    assert home.platform.whispers == [("A", Refusal.PERSON)]


async def test_who_may_not_ask_and_did_not_speak_to_the_bot_hears_nothing() -> None:
    home = house(NO_ANN)
    home.platform.write(bot_writes(1, "I am here"))
    reply = person_writes(2, "Thanks, all")
    await home.receives(reply)
    lease = home.lease(reply)
    await home.inbox.work(lease)
    assert (home.platform.whispers, home.platform.replies) == ([], [])
    assert lease.finished == [(reference_to(reply),)]


async def test_others_who_wait_in_the_same_thread_are_answered() -> None:
    home = house(NO_ANN)
    first, second = person_writes(1, "Mine", to_bot=True, who="Ben"), person_writes(2, "Me too", to_bot=True)
    await home.receives(first, second)
    lease = home.lease(first, second)
    await home.inbox.work(lease)
    assert [reply.to.id for reply in home.platform.replies] == [first.id]
    assert home.platform.whispers == [("A", Refusal.PERSON)]
    assert set(lease.finished[0]) == {reference_to(first), reference_to(second)}


async def test_after_a_restart_the_author_is_known_from_the_thread() -> None:
    home = house(NO_ANN)
    question = home.platform.write(person_writes(1, "Hello?", to_bot=True))
    lease = home.lease(question)
    await home.inbox.work(lease)
    assert home.platform.whispers == [("A", Refusal.PERSON)]
    assert home.platform.replies == []
    assert lease.finished == [(reference_to(question),)]


async def test_what_waits_since_before_a_restart_is_judged_with_what_has_arrived_since() -> None:
    home = house(NO_ANN)
    before = home.platform.write(person_writes(1, "Mine?", to_bot=True))
    since = person_writes(2, "And mine?", who="Ben", to_bot=True)
    await home.receives(since)
    lease = home.lease(before, since)
    await home.inbox.work(lease)
    assert home.platform.whispers == [("A", Refusal.PERSON)]
    assert [reply.to.id for reply in home.platform.replies] == [since.id]
    assert set(lease.finished[0]) == {reference_to(before), reference_to(since)}


async def test_who_may_not_ask_is_not_answered_along_with_an_answer_that_was_begun() -> None:
    home = house(NO_ANN)
    begun, refused = person_writes(1, "Mine", who="Ben", to_bot=True), person_writes(2, "Me too", to_bot=True)
    for message in (begun, refused):
        home.platform.write(message)
    home.platform.half_written("1700000003.000000", begun.thread, "Hel")
    lease = home.lease(begun, refused, attempt=2, half_written=("1700000003.000000",))
    await home.inbox.work(lease)
    assert [reply.to.id for reply in home.platform.replies] == [begun.id]
    assert home.platform.whispers == [("A", Refusal.PERSON)]
    assert set(lease.finished[0]) == {reference_to(begun), reference_to(refused)}


async def test_an_answer_that_was_begun_is_completed_whoever_may_ask_now() -> None:
    home = house(NO_ANN, Amounts(dollars_of_person=1))
    question = home.platform.write(person_writes(1, "Hello?", to_bot=True))
    home.platform.half_written("half", question.thread, "Hel")
    await home.inbox.work(home.lease(question, attempt=2, half_written=("half",)))
    assert [reply.text for reply in home.platform.replies] == ["Hello"]
    assert home.platform.whispers == []


@pytest.mark.parametrize(
    ("told", "people", "refusal"),
    [
        ("T1", {}, None),
        ("", {"A": Profile("T1")}, None),
        ("T2", {"A": Profile("T1")}, None),
        ("T2", {"A": Profile("T2")}, Refusal.STRANGER),
        ("", {"A": Profile("T2")}, Refusal.STRANGER),
        ("T2", {}, Refusal.UNKNOWN),
    ],
)
async def test_a_message_from_elsewhere_is_looked_into(
    told: str, people: dict[str, Profile], refusal: Refusal | None
) -> None:
    door = open_door(MemoryPlatform(), Policy(), people=people)
    assert await door.refusal(belonging_to(told, person_writes(1, "Hi", to_bot=True))) is refusal


async def test_who_cannot_be_looked_up_is_told_so_each_time() -> None:
    platform = MemoryPlatform()
    door = open_door(platform, Policy())
    for number in (1, 2):
        assert not await door.admits(person_writes(number, "Hi", to_bot=True))
    assert platform.whispers == [("A", Refusal.UNKNOWN)] * 2


async def test_a_refusal_that_cannot_be_told_is_a_refusal_all_the_same() -> None:
    platform = MemoryPlatform()
    door = replace(open_door(platform, NO_ANN), notices=MemoryNotices(broken=BotError("no disk")))
    assert not await door.admits(person_writes(1, "Hi", to_bot=True))
    assert platform.whispers == []


@pytest.mark.parametrize("knows_message", [True, False])
async def test_a_spent_budget_is_answered_with_a_note(knows_message: bool) -> None:
    home = house(amounts=Amounts(dollars_of_person=1))
    question = person_writes(1, "Hello?", to_bot=True)
    if knows_message:
        await home.receives(question)
    else:
        home.platform.write(question)
    lease = home.lease(question)
    await home.inbox.work(lease)
    (reply,) = home.platform.replies
    assert (reply.text, reply.note) == (
        "",
        "You have used up your budget for this month, so I can answer again on the first of December.",
    )
    assert (home.model.prompts, home.model.questions) == ([], [])
    assert lease.finished == [(reference_to(question),)]


@pytest.mark.parametrize(("most", "offered"), [(2, False), (3, True)])
async def test_who_has_had_enough_pictures_gets_words_and_no_tool(most: int, offered: bool) -> None:
    home = house(amounts=Amounts(pictures_of_person=most))
    question = person_writes(1, "What is up?", to_bot=True)
    await home.receives(question)
    await home.inbox.work(home.lease(question))
    assert (home.model.prompts[0].drawing is not None) is offered


class ReadAfterAll(PlatformError):
    """Raised by a thread that should not be read."""
