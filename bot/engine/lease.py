"""The right to work on one thread, held over a journal."""

from dataclasses import dataclass

from bot.domain.conversation import ThreadKey
from bot.domain.reply import StopReason
from bot.ports import Journal, Now, Reference


@dataclass(slots=True)
class JournalReplyRecord:
    """The messages of the reply that a lease writes."""

    journal: Journal
    thread: ThreadKey
    epoch: int
    messages: tuple[str, ...]

    async def add(self, message_id: str) -> None:
        """Remember, durably, that this message belongs to the reply. Raises LeaseLost."""
        if message_id not in self.messages:
            await self.journal.add_reply_message(self.thread, self.epoch, message_id)
            self.messages = (*self.messages, message_id)


@dataclass(slots=True)
class JournalLease:
    """One epoch of a thread; the journal refuses it once a later one has begun.

    `finishing` is true from the moment in which the work asks to finish; `finished` once messages were.
    """

    journal: Journal
    thread: ThreadKey
    attempt: int
    reply: JournalReplyRecord
    now: Now
    stop_reason: StopReason | None = None
    finishing: bool = False
    finished: bool = False

    async def waiting(self) -> tuple[Reference, ...]:
        """All messages of the thread that wait for an answer, in the order in which they were sent."""
        return await self.journal.waiting(self.thread)

    async def strangers(self, message_ids: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the bot's messages that no reply of this thread is known to consist of."""
        return await self.journal.strangers(self.thread, message_ids)

    async def finish(self, references: tuple[Reference, ...]) -> None:
        """Mark these messages as answered, and the reply as complete, in one step. Raises LeaseLost."""
        self.finishing = True
        try:
            await self.journal.finish(self.thread, self.reply.epoch, references, self.now())
        except BaseException:
            self.finishing = False
            raise
        self.finished = self.finished or bool(references)


async def take_lease(journal: Journal, thread: ThreadKey, now: Now) -> JournalLease:
    """A new lease of the thread, which ends the one before."""
    epoch = await journal.claim(thread)
    record = JournalReplyRecord(journal, thread, epoch, await journal.reply_messages(thread))
    return JournalLease(journal, thread, await journal.attempts(thread), record, now)
