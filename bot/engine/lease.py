"""The right to work on one thread, held over a journal."""

import logging
from dataclasses import dataclass

from bot.domain.conversation import ThreadKey
from bot.domain.errors import BotError, LeaseLost
from bot.domain.reply import StopReason
from bot.engine.timing import Timing
from bot.ports import Journal, Now, Reference

log = logging.getLogger(__name__)


@dataclass(slots=True)
class JournalReplyRecord:
    """The messages of the reply that a lease writes; `unnoted` are those that the journal could not take yet."""

    journal: Journal
    thread: ThreadKey
    epoch: int
    messages: tuple[str, ...]
    unnoted: tuple[str, ...] = ()

    async def add(self, message_id: str) -> None:
        """Remember that this message belongs to the reply: durably, or at least as long as the process lives.

        An answer that somebody is reading does not end because the disk is full. Raises LeaseLost.
        """
        if message_id in self.messages:
            return
        self.messages = (*self.messages, message_id)
        self.unnoted = (*self.unnoted, message_id)
        try:
            await self.note()
        except LeaseLost:
            raise
        except BotError as error:
            log.warning("the reply goes on, but its messages are not noted: %s", error)

    async def note(self) -> None:
        """Make durable what is not. Raises LeaseLost, and what the journal does."""
        for message_id in self.unnoted:
            await self.journal.add_reply_message(self.thread, self.epoch, message_id)
            self.unnoted = tuple(each for each in self.unnoted if each != message_id)


@dataclass(slots=True)
class JournalLease:
    """The `bot.ports.Lease` of one epoch of a thread; the journal refuses it once a later one has begun.

    `waited` counts the leases before this one that only waited. `finishing` is true from the moment in which the work
    asks to finish; `finished` once messages were.
    """

    journal: Journal
    thread: ThreadKey
    attempt: int
    reply: JournalReplyRecord
    now: Now
    timing: Timing
    waited: int = 0
    resting: bool = False
    stop_reason: StopReason | None = None
    finishing: bool = False
    finished: bool = False

    @property
    def begun(self) -> int:
        return self.attempt - 1 - self.waited

    async def rest(self) -> None:
        if not self.resting:
            self.resting = True
            await self._note_waited(self.waited + 1)

    async def begin(self) -> None:
        if self.resting:
            self.resting = False
            await self._note_waited(self.waited)

    async def waiting(self) -> tuple[Reference, ...]:
        return await self.journal.waiting(self.thread)

    async def strangers(self, message_ids: tuple[str, ...]) -> tuple[str, ...]:
        return await self.journal.strangers(self.thread, message_ids)

    async def finish(self, references: tuple[Reference, ...]) -> None:
        """Mark these messages as answered, and the reply as complete, in one step. Raises LeaseLost.

        Waits for a journal that cannot take it: what is answered would be answered again otherwise.
        """
        self.finishing = True
        try:
            await self._mark(references)
        except BaseException:
            self.finishing = False
            raise
        self.finished = self.finished or bool(references)

    async def _note_waited(self, waited: int) -> None:
        try:
            await self.journal.note_waited(self.thread, self.reply.epoch, waited)
        except LeaseLost:
            raise
        except BotError as error:
            log.warning("whether the work only waits is not noted: %s", error)

    async def _mark(self, references: tuple[Reference, ...]) -> None:
        failures = 0
        while True:
            try:
                await self.reply.note()
                await self.journal.finish(self.thread, self.reply.epoch, references, self.now())
            except LeaseLost:
                raise
            except BotError as error:
                log.warning("what is answered is not noted yet: %s", error)
                await self.timing.pause(failures)
                failures += 1
            else:
                return


async def take_lease(journal: Journal, thread: ThreadKey, now: Now, timing: Timing) -> JournalLease:
    """A new lease of the thread, which ends the one before."""
    epoch = await journal.claim(thread)
    record = JournalReplyRecord(journal, thread, epoch, await journal.reply_messages(thread))
    attempts = await journal.attempts(thread)
    return JournalLease(journal, thread, attempts.epochs, record, now, timing, attempts.waited)
