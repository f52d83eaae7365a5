"""Decides what becomes of work that an earlier attempt did not finish."""

from dataclasses import dataclass

from bot.domain.conversation import Conversation
from bot.domain.errors import AnswerTooOld, BotError, TooManyAttempts
from bot.ports import Lease, Reference


@dataclass(frozen=True, slots=True)
class Recovery:
    """How long an interrupted answer is worth completing, in seconds, and how often that is tried.

    `began` is when this process did, in seconds since the epoch: how long a message waits from then on does not count.
    """

    max_age: float
    max_attempts: int
    began: float

    def verdict(self, lease: Lease, waiting: tuple[Reference, ...], *, expected: bool) -> BotError | None:
        """Why these messages get a note instead of an answer; None when they are to be answered.

        Age counts only for what an earlier process left behind: what has come to this one, or was asked of it again, is
        `expected`.
        """
        if lease.begun >= self.max_attempts:
            return TooManyAttempts(f"begun {lease.begun} times")
        age = self.began - waiting[-1].sent_at
        if not expected and age > self.max_age:
            return AnswerTooOld(f"asked {age:.0f} s ago")
        return None


async def adopt_half_written(lease: Lease, waiting: tuple[Reference, ...], history: Conversation) -> None:
    """Record messages that an interrupted attempt wrote but could not note down before it died.

    Turns of a thread run one after the other, so a message of the bot that came after the question and belongs to no
    reply that we know of can only be such a one. Those with files are known by their files. A later message of a person
    that does not wait any more had its turn; what follows it belongs to other replies, known or long forgotten, as it
    does when an old question is answered again.
    """
    not_answered = {reference.message for reference in (*await lease.waiting(), *waiting)}
    later: list[str] = []
    for message in history.messages:
        if message.id <= waiting[0].message:
            continue
        if not message.from_bot and message.id not in not_answered:
            break
        if message.from_bot and not message.attachments:
            later.append(message.id)
    for message_id in await lease.strangers(tuple(later)):
        await lease.reply.add(message_id)


def half_written(lease: Lease, history: Conversation) -> str:
    """What earlier attempts have written of this reply, as it stands in the thread."""
    return "\n\n".join(message.text for message in history.messages if message.id in lease.reply.messages)


def may_lack_files(lease: Lease, history: Conversation) -> bool:
    """True when an interrupted attempt at this reply may have uploaded files that are not in the thread yet."""
    known = {message.id for message in history.messages} | {
        file.id for message in history.messages for file in message.attachments
    }
    return lease.attempt > 1 and any(each not in known for each in lease.reply.messages)


def files_shown(lease: Lease, history: Conversation) -> tuple[str, ...]:
    """Ids of messages with files that an interrupted attempt at this reply has put into the thread.

    They are paid for, so there are none to be made any more.
    """
    return tuple(
        message.id
        for message in history.messages
        if message.from_bot and any(file.id in lease.reply.messages for file in message.attachments)
    )


def answered_by_interrupted_attempt(
    lease: Lease, waiting: tuple[Reference, ...], files: tuple[str, ...] = ()
) -> tuple[Reference, ...]:
    """Those of the waiting messages that the half-written reply was meant for; all, when nothing is half-written.

    What people wrote below the half-written reply, its `files` included, is answered by a turn of its own, below it.
    """
    own = {*lease.reply.messages, *files}
    # Ids of files are greater than those of messages, which are times.
    return tuple(reference for reference in waiting if own and reference.message < min(own)) or waiting
