"""What a lease does when its journal cannot write: it goes on, and makes up for it."""

from dataclasses import dataclass, field

import pytest

from bot.domain.conversation import ThreadKey
from bot.domain.errors import BotError, LeaseLost
from bot.engine.lease import JournalLease, take_lease
from bot.engine.timing import Timing
from bot.ports import Attempts, Reference
from tests.doubles.journal import MemoryJournal, reference, thread_of


@dataclass(slots=True)
class StubbornJournal(MemoryJournal):
    """Refuses so many writes of a reply, like a full disk."""

    refusals: int = 0

    async def add_reply_message(self, thread: ThreadKey, epoch: int, message_id: str) -> None:
        self.refuse()
        await MemoryJournal.add_reply_message(self, thread, epoch, message_id)

    async def note_waited(self, thread: ThreadKey, epoch: int, waited: int) -> None:
        self.refuse()
        await MemoryJournal.note_waited(self, thread, epoch, waited)

    async def finish(self, thread: ThreadKey, epoch: int, references: tuple[Reference, ...], now: float) -> None:
        self.refuse()
        await MemoryJournal.finish(self, thread, epoch, references, now)

    def refuse(self) -> None:
        if self.refusals:
            self.refusals -= 1
            raise BotError("the disk is full")


@dataclass(slots=True)
class Scene:
    journal: StubbornJournal = field(default_factory=StubbornJournal)
    pauses: list[float] = field(default_factory=list)

    async def lease(self) -> JournalLease:
        await self.journal.accept(reference(1), 0.0)
        return await take_lease(self.journal, thread_of(), lambda: 0.0, Timing(pauses=(1, 5), sleep=self.sleep))

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)


async def test_a_message_that_cannot_be_noted_belongs_to_the_reply_and_is_noted_with_the_next() -> None:
    scene = Scene()
    lease = await scene.lease()
    scene.journal.refusals = 1
    await lease.reply.add("2.0")
    assert lease.reply.messages == ("2.0",)
    assert await scene.journal.reply_messages(lease.thread) == ()
    await lease.reply.add("3.0")
    assert await scene.journal.reply_messages(lease.thread) == ("2.0", "3.0")
    assert lease.reply.unnoted == ()


async def test_finishing_waits_until_it_can_be_noted_and_brings_what_is_missing() -> None:
    scene = Scene()
    lease = await scene.lease()
    scene.journal.refusals = 4
    await lease.reply.add("2.0")
    await lease.finish(await lease.waiting())
    assert scene.pauses == [1, 5, 5]
    assert await lease.waiting() == ()
    assert await lease.strangers(("2.0", "3.0")) == ("3.0",)
    assert lease.finished


async def test_work_goes_on_although_it_cannot_be_noted_that_it_waits_or_begins() -> None:
    scene = Scene()
    lease = await scene.lease()
    scene.journal.refusals = 1
    await lease.rest()
    assert await scene.journal.attempts(lease.thread) == Attempts(1)
    await lease.begin()
    await lease.rest()
    assert await scene.journal.attempts(lease.thread) == Attempts(1, waited=1)
    scene.journal.refusals = 1
    await lease.begin()
    assert not lease.resting


async def test_whoever_has_lost_the_lease_does_not_wait() -> None:
    scene = Scene()
    lease = await scene.lease()
    await scene.lease()
    with pytest.raises(LeaseLost):
        await lease.rest()
    with pytest.raises(LeaseLost):
        await lease.reply.add("2.0")
    with pytest.raises(LeaseLost):
        await lease.finish(await lease.waiting())
    assert scene.pauses == []
    assert not lease.finishing
