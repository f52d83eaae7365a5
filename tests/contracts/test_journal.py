"""What every journal promises to an engine; and a long random life, in which all journals must agree."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from bot.domain.conversation import ThreadKey
from bot.domain.errors import LeaseLost
from bot.ports import Attempts, Journal
from bot.store.database import open_database
from bot.store.journal import SqliteJournal
from tests.doubles.journal import MemoryJournal, reference, thread_of

THREAD = thread_of()
ALWAYS = float("inf")


@pytest.fixture(params=["memory", "sqlite"])
async def journal(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Journal]:
    if request.param == "memory":
        yield MemoryJournal()
    else:
        async with open_database(tmp_path, now=lambda: 0.0) as database:
            yield SqliteJournal(database)


async def test_a_new_message_is_accepted_and_waits(journal: Journal) -> None:
    asked = reference(1, to_bot=False)

    assert await journal.accept(asked, now=10)

    assert await journal.waiting(THREAD) == (asked,)
    assert await journal.threads_with_work() == (THREAD,)


async def test_a_message_is_known_whichever_event_delivers_it(journal: Journal) -> None:
    assert await journal.accept(reference(1, event="Ev-mention"), now=10)
    assert not await journal.accept(reference(1, event="Ev-message"), now=10)
    assert not await journal.accept(reference(1, event="Ev-mention"), now=10)

    assert await journal.waiting(THREAD) == (reference(1, event="Ev-mention"),)


async def test_an_event_is_known_even_if_it_brought_a_duplicate(journal: Journal) -> None:
    await journal.accept(reference(1, event="Ev-mention"), now=10)
    await journal.accept(reference(1, event="Ev-message"), now=10)

    assert not await journal.accept(reference(2, event="Ev-message"), now=10)
    assert await journal.waiting(THREAD) == (reference(1, event="Ev-mention"),)


async def test_a_message_that_wants_no_answer_is_known_and_never_waits(journal: Journal) -> None:
    assert await journal.accept(replace(reference(1), wants_answer=False), now=10)

    assert not await journal.accept(reference(1, event="Ev-again"), now=20)
    assert await journal.threads_with_work() == ()
    await journal.forget(references_before=11, replies_before=11)
    assert await journal.accept(reference(1), now=30)


@pytest.mark.parametrize("elsewhere", [thread_of(channel="C2"), thread_of(workspace="T2")])
async def test_channels_have_messages_of_their_own(journal: Journal, elsewhere: ThreadKey) -> None:
    await journal.accept(reference(1), now=10)

    assert await journal.accept(reference(1, elsewhere, event="Ev-other"), now=10)
    assert len(await journal.threads_with_work()) == 2


async def test_workspaces_have_events_of_their_own(journal: Journal) -> None:
    await journal.accept(reference(1, event="Ev1"), now=10)

    assert await journal.accept(reference(1, thread_of(workspace="T2"), event="Ev1"), now=10)


async def test_messages_wait_in_the_order_in_which_they_were_sent(journal: Journal) -> None:
    for number in (3, 1, 10, 2):
        await journal.accept(reference(number), now=20)

    assert [waiting.message for waiting in await journal.waiting(THREAD)] == [
        "1.000000",
        "2.000000",
        "3.000000",
        "10.000000",
    ]


async def test_the_thread_that_waits_longest_comes_first(journal: Journal) -> None:
    late, early = thread_of(2), thread_of(1)
    await journal.accept(reference(7, late), now=20)
    await journal.accept(reference(8, early), now=20)
    await journal.accept(reference(3, early), now=20)

    assert await journal.threads_with_work() == (early, late)
    assert await journal.threads_with_work(1) == (early,)


async def test_a_finished_message_waits_no_more_and_stays_known(journal: Journal) -> None:
    await journal.accept(reference(1), now=10)
    epoch = await journal.claim(THREAD)

    await journal.finish(THREAD, epoch, (reference(1),), now=11)

    assert await journal.waiting(THREAD) == ()
    assert await journal.threads_with_work() == ()
    assert not await journal.accept(reference(1, event="Ev-again"), now=12)


async def test_only_the_named_messages_are_finished(journal: Journal) -> None:
    elsewhere = thread_of(5)
    for asked in (reference(1), reference(2), reference(6, elsewhere)):
        await journal.accept(asked, now=10)
    epoch = await journal.claim(THREAD)

    await journal.finish(THREAD, epoch, (reference(1), reference(6, elsewhere)), now=11)

    assert await journal.waiting(THREAD) == (reference(2),)
    assert await journal.waiting(elsewhere) == (reference(6, elsewhere),)


async def test_each_claim_begins_a_later_epoch(journal: Journal) -> None:
    epochs = [await journal.claim(THREAD) for _ in range(3)]

    assert epochs == sorted(set(epochs))
    assert await journal.claim(thread_of(9)) <= epochs[0]


async def test_attempts_are_counted_from_the_oldest_waiting_message(journal: Journal) -> None:
    assert await journal.attempts(THREAD) == Attempts()
    await journal.claim(THREAD)
    await journal.accept(reference(2), now=10)
    assert await journal.attempts(THREAD) == Attempts()

    await journal.claim(THREAD)
    await journal.accept(reference(1), now=10)
    await journal.accept(reference(3), now=10)
    assert await journal.attempts(THREAD) == Attempts(1)

    await journal.claim(THREAD)
    assert await journal.attempts(THREAD) == Attempts(2)


async def test_attempts_are_counted_afresh_after_a_finish(journal: Journal) -> None:
    await journal.accept(reference(1), now=10)
    await journal.accept(reference(2), now=10)
    await journal.claim(THREAD)
    epoch = await journal.claim(THREAD)

    await journal.note_waited(THREAD, epoch, 1)

    await journal.finish(THREAD, epoch, (reference(1),), now=11)

    assert await journal.attempts(THREAD) == Attempts()
    await journal.claim(THREAD)
    assert await journal.attempts(THREAD) == Attempts(1)


async def test_epochs_that_only_waited_are_told_apart(journal: Journal) -> None:
    await journal.accept(reference(1), now=10)
    epoch = await journal.claim(THREAD)

    await journal.note_waited(THREAD, epoch, 1)
    await journal.claim(thread_of(9))
    assert await journal.attempts(THREAD) == Attempts(1, waited=1)

    epoch = await journal.claim(THREAD)
    assert await journal.attempts(THREAD) == Attempts(2, waited=1)
    await journal.note_waited(THREAD, epoch, 2)
    await journal.note_waited(THREAD, epoch, 1)
    assert await journal.attempts(THREAD) == Attempts(2, waited=1)


async def test_a_reply_is_the_messages_noted_for_it(journal: Journal) -> None:
    epoch = await journal.claim(THREAD)

    for message_id in ("12.5", "9.5", "12.5"):
        await journal.add_reply_message(THREAD, epoch, message_id)

    assert await journal.reply_messages(THREAD) == ("12.5", "9.5")
    assert await journal.reply_messages(thread_of(9)) == ()


async def test_an_unfinished_reply_passes_to_the_next_epoch(journal: Journal) -> None:
    await journal.add_reply_message(THREAD, await journal.claim(THREAD), "12.5")

    await journal.add_reply_message(THREAD, await journal.claim(THREAD), "13.5")

    assert await journal.reply_messages(THREAD) == ("12.5", "13.5")


async def test_finishing_ends_the_reply(journal: Journal) -> None:
    await journal.accept(reference(1), now=10)
    epoch = await journal.claim(THREAD)
    await journal.add_reply_message(THREAD, epoch, "12.5")

    await journal.finish(THREAD, epoch, (reference(1),), now=11)
    assert await journal.reply_messages(THREAD) == ()

    await journal.add_reply_message(THREAD, epoch, "12.5")
    assert await journal.reply_messages(THREAD) == ()


async def test_a_stranger_belongs_to_no_reply_of_the_thread(journal: Journal) -> None:
    epoch = await journal.claim(THREAD)
    await journal.add_reply_message(THREAD, epoch, "2.5")
    await journal.finish(THREAD, epoch, (), now=11)
    await journal.add_reply_message(THREAD, epoch, "4.5")
    elsewhere = thread_of(9)
    await journal.add_reply_message(elsewhere, await journal.claim(elsewhere), "9.5")

    assert await journal.strangers(THREAD, ("2.5", "3.5", "4.5", "9.5")) == ("3.5", "9.5")


WRITES: list[Callable[[Journal, int], Awaitable[None]]] = [
    lambda journal, epoch: journal.add_reply_message(THREAD, epoch, "2.5"),
    lambda journal, epoch: journal.note_waited(THREAD, epoch, 1),
    lambda journal, epoch: journal.finish(THREAD, epoch, (reference(1),), now=11),
]


@pytest.mark.parametrize("write", WRITES)
async def test_a_superseded_epoch_can_write_nothing(
    journal: Journal, write: Callable[[Journal, int], Awaitable[None]]
) -> None:
    await journal.accept(reference(1), now=10)
    superseded = await journal.claim(THREAD)
    newest = await journal.claim(THREAD)

    with pytest.raises(LeaseLost):
        await write(journal, superseded)
    assert await journal.reply_messages(THREAD) == ()
    assert await journal.waiting(THREAD) == (reference(1),)
    assert await journal.attempts(THREAD) == Attempts(2)

    await write(journal, newest)


@pytest.mark.parametrize("write", WRITES)
async def test_who_never_claimed_can_write_nothing(
    journal: Journal, write: Callable[[Journal, int], Awaitable[None]]
) -> None:
    with pytest.raises(LeaseLost):
        await write(journal, 1)


async def test_finished_work_is_forgotten_after_its_time(journal: Journal) -> None:
    await journal.accept(reference(1), now=10)
    epoch = await journal.claim(THREAD)
    await journal.add_reply_message(THREAD, epoch, "2.5")
    await journal.finish(THREAD, epoch, (reference(1),), now=11)

    assert await journal.forget(references_before=10, replies_before=11) == 0
    assert await journal.strangers(THREAD, ("2.5",)) == ()
    assert await journal.forget(references_before=10, replies_before=12) == 1
    assert await journal.strangers(THREAD, ("2.5",)) == ("2.5",)
    assert not await journal.accept(reference(1, event="Ev-again"), now=10)

    assert await journal.forget(references_before=12, replies_before=12) > 0
    assert await journal.forget(references_before=12, replies_before=12) == 0
    assert await journal.accept(reference(1), now=13)


async def test_epochs_go_on_while_anything_of_a_thread_is_kept(journal: Journal) -> None:
    await journal.accept(reference(1), now=10)
    epoch = await journal.claim(THREAD)
    await journal.add_reply_message(THREAD, epoch, "2.5")
    await journal.finish(THREAD, epoch, (reference(1),), now=11)

    await journal.forget(references_before=ALWAYS, replies_before=0)

    assert await journal.claim(THREAD) > epoch


async def test_what_waits_is_never_forgotten(journal: Journal) -> None:
    await journal.accept(reference(1), now=10)
    await journal.accept(reference(3), now=10)
    epoch = await journal.claim(THREAD)
    await journal.add_reply_message(THREAD, epoch, "2.5")
    await journal.finish(THREAD, epoch, (reference(1),), now=11)
    await journal.add_reply_message(THREAD, epoch, "4.5")

    await journal.forget(references_before=ALWAYS, replies_before=ALWAYS)

    assert await journal.waiting(THREAD) == (reference(3),)
    assert await journal.reply_messages(THREAD) == ("4.5",)
    assert await journal.strangers(THREAD, ("2.5",)) == ()
    with pytest.raises(LeaseLost):
        await journal.add_reply_message(THREAD, epoch - 1, "5.5")


async def answered(journal: Journal, number: int = 1, reply: tuple[str, ...] = ("1.5", "1.6")) -> None:
    await journal.accept(reference(number), now=10)
    epoch = await journal.claim(THREAD)
    for message in reply:
        await journal.add_reply_message(THREAD, epoch, message)
    await journal.finish(THREAD, epoch, (reference(number),), now=11)


async def test_an_answered_message_can_be_made_to_wait_again_with_its_reply(journal: Journal) -> None:
    await answered(journal)
    await answered(journal, 2, reply=("2.5",))

    assert await journal.reopen(THREAD, "1.000000", ("1.5", "1.6"), 0.0)

    assert await journal.waiting(THREAD) == (reference(1),)
    assert await journal.threads_with_work() == (THREAD,)
    assert await journal.reply_messages(THREAD) == ("1.5", "1.6")


async def test_an_old_message_that_waits_again_counts_as_sent_now(journal: Journal) -> None:
    await answered(journal)
    assert await journal.reopen(THREAD, "1.000000", (), 500.0)
    (waiting,) = await journal.waiting(THREAD)
    assert waiting.sent_at == 500.0


async def test_a_message_that_waits_again_has_not_been_tried(journal: Journal) -> None:
    await answered(journal)
    await answered(journal, 2)
    await journal.reopen(THREAD, "1.000000", ("1.5",), 0.0)

    assert await journal.attempts(THREAD) == Attempts()
    await journal.claim(THREAD)
    assert await journal.attempts(THREAD) == Attempts(1)


async def test_only_the_given_messages_are_the_unfinished_reply_in_their_order(journal: Journal) -> None:
    await answered(journal, reply=("1.5", "1.6", "1.7"))
    await journal.reopen(THREAD, "1.000000", ("1.7", "1.5"), 0.0)

    assert await journal.reply_messages(THREAD) == ("1.7", "1.5")
    assert await journal.strangers(THREAD, ("1.6",)) == ()


async def test_messages_that_were_forgotten_are_noted_again(journal: Journal) -> None:
    await answered(journal)
    await journal.forget(references_before=0, replies_before=ALWAYS)
    assert await journal.reopen(THREAD, "1.000000", ("1.5", "1.6"), 0.0)

    assert await journal.reply_messages(THREAD) == ("1.5", "1.6")


async def test_a_message_of_another_thread_s_reply_is_not_taken_from_it(journal: Journal) -> None:
    other = thread_of(2)
    epoch = await journal.claim(other)
    await journal.add_reply_message(other, epoch, "2.5")
    await answered(journal)

    await journal.reopen(THREAD, "1.000000", ("1.5", "2.5"), 0.0)

    assert await journal.reply_messages(THREAD) == ("1.5",)
    assert await journal.reply_messages(other) == ("2.5",)


async def test_what_is_not_known_or_stands_elsewhere_cannot_be_reopened(journal: Journal) -> None:
    await answered(journal)
    assert not await journal.reopen(THREAD, "9.000000", ("1.5",), 0.0)
    assert not await journal.reopen(thread_of(2), "1.000000", ("1.5",), 0.0)
    assert not await journal.reopen(thread_of(workspace="T2"), "1.000000", ("1.5",), 0.0)

    assert await journal.threads_with_work() == ()
    assert await journal.reply_messages(THREAD) == ()


async def test_nothing_is_reopened_while_the_thread_is_being_answered(journal: Journal) -> None:
    await answered(journal)
    await journal.accept(reference(2), now=12)
    epoch = await journal.claim(THREAD)
    await journal.add_reply_message(THREAD, epoch, "2.5")

    assert not await journal.reopen(THREAD, "1.000000", ("1.5", "1.6"), 0.0)
    assert not await journal.reopen(THREAD, "2.000000", ("1.5",), 0.0)

    assert await journal.waiting(THREAD) == (reference(2),)
    assert await journal.reply_messages(THREAD) == ("2.5",)


THREADS = st.sampled_from([thread_of(1), thread_of(2), thread_of(1, workspace="T2")])
NUMBERS = st.integers(1, 6)
BEHIND = st.sampled_from([0, 0, 1])


class JournalsAgree(RuleBasedStateMachine):
    """Does the same to every journal, and looks at everything that can be seen of them after each step."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.resources = AsyncExitStack()
        self.clock = 100.0
        self.memory = MemoryJournal()
        self.journals: tuple[Journal, ...] = (self.memory, self.loop.run(self._open()))

    async def _open(self) -> SqliteJournal:
        folder = self.resources.enter_context(tempfile.TemporaryDirectory())
        return SqliteJournal(await self.resources.enter_async_context(open_database(Path(folder), now=lambda: 0.0)))

    def teardown(self) -> None:
        self.loop.run(self.resources.aclose())
        self.loop.close()

    def all_do(self, act: Callable[[Journal], Awaitable[object]]) -> None:
        async def outcome(journal: Journal) -> object:
            try:
                return await act(journal)
            except LeaseLost:
                return LeaseLost

        async def look(journal: Journal) -> list[object]:
            seen: list[object] = [await outcome(journal), await journal.threads_with_work()]
            for thread in (thread_of(1), thread_of(2), thread_of(1, workspace="T2")):
                seen += [await journal.waiting(thread), await journal.attempts(thread)]
                seen += [await journal.reply_messages(thread), await journal.strangers(thread, ("1.5", "2.5", "3.5"))]
            return seen

        async def compare() -> None:
            first, *others = [await look(journal) for journal in self.journals]
            assert all(other == first for other in others)

        self.clock += 1
        self.loop.run(compare())

    @rule(thread=THREADS, number=NUMBERS, event=NUMBERS)
    def accept(self, thread: ThreadKey, number: int, event: int) -> None:
        self.all_do(lambda journal: journal.accept(reference(number, thread, f"Ev{event}"), self.clock))

    @rule(thread=THREADS)
    def claim(self, thread: ThreadKey) -> None:
        self.all_do(lambda journal: journal.claim(thread))

    @rule(thread=THREADS, behind=BEHIND, message_id=st.sampled_from(["1.5", "2.5", "3.5"]))
    def add_reply_message(self, thread: ThreadKey, behind: int, message_id: str) -> None:
        epoch = self.memory.epochs.get(thread, 0) - behind
        self.all_do(lambda journal: journal.add_reply_message(thread, epoch, message_id))

    @rule(thread=THREADS, behind=BEHIND, waited=st.integers(0, 2))
    def note_waited(self, thread: ThreadKey, behind: int, waited: int) -> None:
        epoch = self.memory.epochs.get(thread, 0) - behind
        self.all_do(lambda journal: journal.note_waited(thread, epoch, waited))

    @rule(thread=THREADS, behind=BEHIND, numbers=st.sets(NUMBERS, max_size=3))
    def finish(self, thread: ThreadKey, behind: int, numbers: set[int]) -> None:
        epoch = self.memory.epochs.get(thread, 0) - behind
        references = tuple(reference(number, thread) for number in numbers)
        self.all_do(lambda journal: journal.finish(thread, epoch, references, self.clock))

    @rule(thread=THREADS, number=NUMBERS, reply=st.lists(st.sampled_from(["1.5", "2.5", "3.5"]), unique=True))
    def reopen(self, thread: ThreadKey, number: int, reply: list[str]) -> None:
        self.all_do(lambda journal: journal.reopen(thread, f"{number}.000000", tuple(reply), 0.0))

    @rule(references_kept=NUMBERS, replies_kept=NUMBERS)
    def forget(self, references_kept: int, replies_kept: int) -> None:
        times = (self.clock - references_kept, self.clock - replies_kept)
        self.all_do(lambda journal: journal.forget(*times))


JournalsAgree.TestCase.settings = settings(max_examples=40, stateful_step_count=30)
test_all_journals_agree_over_a_random_life = JournalsAgree.TestCase
