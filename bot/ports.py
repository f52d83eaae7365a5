"""What the bot needs from the world: a few small protocols."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from bot.domain.conversation import Attachment, Conversation, Message, Person, Profile, ThreadKey, Turn
from bot.domain.files import Document, Picture
from bot.domain.intent import Intent
from bot.domain.models import Decision, Order, Prompt, Question
from bot.domain.records import Expense, Feedback, Spending, Totals, Use
from bot.domain.reply import Outcome, ReplyEvent, ReplyStream, StopReason
from bot.domain.settings import Holder, Sheet
from bot.domain.tools import Toolbox
from bot.domain.usage import Charge, Spent

Handler = Callable[[Turn], ReplyStream]
"""What answers one kind of message."""

Now = Callable[[], float]
"""The time, in seconds since the epoch."""

CountTokens = Callable[[str], int]
"""How many tokens a text costs, never less than the truth by much; safe to call on the event loop for short texts."""


FetchPicture = Callable[[str], Awaitable[bytes]]
"""Gets the picture at a public https address that somebody wrote. Raises FileUnusable."""

Transcribe = Callable[[str, bytes, Charge], Awaitable[str]]
"""What is said in a recording, given its name, its bytes, and who pays. Raises ModelError, FileUnusable."""

ToolsFor = Callable[[Turn], Toolbox]
"""What the model may use for this answer."""

ProfileOf = Callable[[str], Awaitable[Profile | None]]
"""What the platform knows of the person with this id; None where that cannot be found out, or not in time."""


FindPeople = Callable[[str], Awaitable[tuple[Person, ...]]]
"""The people whom a name, a mention or an id may mean, a few at most. Raises PlatformError."""


class Threads(Protocol):
    """Threads elsewhere on the platform, to which people link."""

    def linked_in(self, text: str) -> tuple[ThreadKey, ...]:
        """The threads to which this text links, in its order; direct messages are none of them."""

    async def is_open(self, thread: ThreadKey, person: str) -> bool:
        """Whether this person and the bot are both known to be members of its channel. Raises PlatformError."""

    async def history(self, thread: ThreadKey) -> Conversation:
        """The whole thread, as `ChatPlatform` has it. Raises PlatformError."""


class Inbox(Protocol):
    """Where a platform delivers what people write."""

    async def receive(self, message: Message, event_id: str) -> bool:
        """Take a message; returns only when it is safe to tell the platform that it arrived. False for a known one.

        `event_id` names the delivery: the platform may deliver one message under several, and each of them again.
        """

    async def stop(self, thread: ThreadKey) -> bool:
        """Stop the answer that is being written in this thread; False when there is none."""


class Controls(Protocol):
    """What people can have done about answers, besides asking."""

    async def stop(self, thread: ThreadKey) -> bool:
        """Stop the answer that is being written in this thread; False when there is none."""

    async def answer_again(
        self, thread: ThreadKey, question: str, messages: tuple[str, ...], model: str | None, asker: str
    ) -> bool:
        """Answer this message once more for this person, in place of the `messages` of its answer.

        By another model if one is named. Raises BotError, which explains itself to them.

        False when the thread is being answered at this moment.
        """

    async def summarize(self, thread: ThreadKey, asker: str) -> str:
        """A summary of the thread for this person, as Markdown. Raises BotError, which explains itself to them."""


class SettingsDesk(Protocol):
    """Where people look at settings and change them."""

    async def sheet(self, workspace: str, channel: str, user: str, root: str = "") -> Sheet:
        """The settings that hold for this person in this channel and, when there is one, thread."""

    async def save(self, holder: Holder, changes: Mapping[str, str | None], by: str) -> dict[str, str]:
        """Change settings, given as texts; None takes a holder's own value away. All or nothing.

        Returns what is wrong, by setting, in words that go on after "It ": "must be on or off"; empty when it is saved.
        """

    async def reset(self, holder: Holder, by: str) -> None:
        """Take all of a holder's own values away."""


class ReplyRecord(Protocol):
    """The durable list of what one reply consists of, so that another process can go on with it.

    These are messages, and files that are put into the thread, which are noted before they are shown there.
    """

    @property
    def messages(self) -> tuple[str, ...]:
        """Ids of the messages and files so far, oldest first; an earlier, interrupted attempt's are among them."""

    async def add(self, message_id: str) -> None:
        """Remember that this message or file belongs to the reply, durably unless nothing can be. Raises LeaseLost."""


class ReplyWriter(Protocol):
    """Shows one reply while it grows."""

    async def show(self, event: ReplyEvent) -> None:
        """Take the next event.

        Status, text, pictures and files return at once, whatever the platform does, so that the model's stream is never
        held up. Done, Stopped and Failed return when the final state, files included, has reached the platform, or
        raise PlatformUnavailable. All but Stopped and Failed raise AnswerStopped once the platform has told that a
        person stopped the answer.
        """


class ChatPlatform(Protocol):
    """Where people are."""

    def open_reply(self, to: Message, record: ReplyRecord) -> AbstractAsyncContextManager[ReplyWriter]:
        """A reply in the message's thread; a status shows at once.

        When the record already has messages, the reply takes them over: their text is replaced, and those that are not
        needed in the end are deleted. Leaving the context without a final event takes the status away.
        """

    async def restore(self, to: Message, record: ReplyRecord) -> bool:
        """Bring files into the thread that an interrupted reply to this message has uploaded but not shown.

        True when files of the record are in the thread now. Raises PlatformError.
        """

    async def history(self, thread: ThreadKey) -> Conversation:
        """The whole thread, oldest message first, with names resolved. Raises PlatformError."""

    async def whisper(self, message: Message, text: str, *, is_answered: bool = True) -> None:
        """Tell the author of this message something that nobody else in its thread sees; trouble is logged, no more.

        `is_answered` says that an answer to it stands in the thread.
        """

    async def download(self, attachment: Attachment, limit: int) -> bytes:
        """The bytes of a file, at most `limit` of them. Raises FileUnusable."""


class Model(Protocol):
    """Who answers."""

    def stream(self, prompt: Prompt) -> ReplyStream:
        """The answer while it is written: statuses, text, pictures and files, then one Done. Raises ModelError."""

    async def choose(self, question: Question) -> Decision:
        """One word for each of the question's choices; asked once, never again. Raises ModelError."""


class ImageBackend(Protocol):
    """Who draws."""

    def draw(self, order: Order) -> ReplyStream:
        """Statuses, then the picture (or words, where the model explains itself), then one Done.

        Nothing that may have been paid for is asked for twice. Raises ModelError, of which AnswerRefused means that the
        provider's rules forbid this picture.
        """


class FileReader(Protocol):
    """Reads files, whatever they hold, without harm to the process."""

    async def read(self, name: str, content: bytes) -> Picture | Document:
        """What is in the file, by its content rather than its name. Raises FileUnusable."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What the journal keeps of a message: where it stands, never what it says.

    One that `wants_answer` no more is kept as an answered one is: to be known again.
    """

    thread: ThreadKey
    message: str
    event: str
    to_bot: bool
    sent_at: float
    wants_answer: bool = True


@dataclass(frozen=True, slots=True)
class Attempts:
    """How many epochs began on what waits in a thread, and how many of these only waited."""

    epochs: int = 0
    waited: int = 0


class Acceptance(StrEnum):
    """Whether a delivery brought something new."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"


class Lease(Protocol):
    """The right to work on one thread; at most one lease of a thread is alive, and a superseded one can write nothing.

    `attempt` counts the leases, this one included, that began on the oldest waiting message, and `begun` those before
    this one that did not just wait; `stop_reason` says why the work is being cancelled, when it is.
    """

    @property
    def thread(self) -> ThreadKey: ...

    @property
    def attempt(self) -> int: ...

    @property
    def begun(self) -> int: ...

    @property
    def stop_reason(self) -> StopReason | None: ...

    @property
    def reply(self) -> ReplyRecord:
        """The record of the reply that this lease writes."""

    async def waiting(self) -> tuple[Reference, ...]:
        """All messages of the thread that wait for an answer, in the order in which they were sent."""

    async def strangers(self, message_ids: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the bot's messages that no reply of this thread is known to consist of."""

    async def rest(self) -> None:
        """From here on the work only waits: a process that ends meanwhile has made no attempt. Raises LeaseLost."""

    async def begin(self) -> None:
        """From here on the work may be at fault when the process ends, as it may from the start. Raises LeaseLost."""

    async def finish(self, references: tuple[Reference, ...]) -> None:
        """Mark these messages as answered, and the reply as complete, in one step, however long that takes.

        Raises LeaseLost.
        """


Work = Callable[[Lease], Coroutine[Any, Any, None]]


class Engine(Protocol):
    """Decides who works on which thread, and forgets nothing."""

    async def accept(self, reference: Reference) -> Acceptance:
        """Take a message; returns only when it is durable. A message or an event that is known is a duplicate."""

    async def run(self, work: Work) -> None:
        """Call `work` whenever a thread has messages waiting, one call at a time for a thread, until drained.

        What an earlier process left unfinished comes first. Work that raises is tried again after a pause.
        """

    async def stop(self, thread: ThreadKey) -> bool:
        """Cancel the work on this thread, because a person wants it; False when there is none."""

    async def reopen(self, thread: ThreadKey, message_id: str, reply_messages: tuple[str, ...]) -> bool:
        """Have an answered message answered again, in place of these messages.

        False for one that is not known, and while anything waits in its thread or is being answered there.
        """

    async def drain(self, grace: float) -> None:
        """Start no more work, give what runs `grace` seconds, cancel the rest, and return when all has ended."""


class Journal(Protocol):
    """The durable memory of an engine: references of messages, and the replies being written. No text.

    Every write returns when it has reached the disk. A write under an epoch that is no longer the thread's newest
    raises LeaseLost.
    """

    async def accept(self, reference: Reference, now: float) -> bool:
        """Keep the reference; False when its message or its event is known already."""

    async def claim(self, thread: ThreadKey) -> int:
        """Begin a new epoch of this thread, which ends all earlier ones; returns it."""

    async def waiting(self, thread: ThreadKey) -> tuple[Reference, ...]:
        """What waits in this thread, in the order in which it was sent."""

    async def attempts(self, thread: ThreadKey) -> Attempts:
        """The epochs that began since the oldest waiting message of this thread arrived, or since the last finish."""

    async def note_waited(self, thread: ThreadKey, epoch: int, waited: int) -> None:
        """Keep that so many of these epochs only waited, instead of the number that was kept before."""

    async def threads_with_work(self, most: int | None = None) -> tuple[ThreadKey, ...]:
        """The threads in which something waits, those that have waited longest first; at most so many."""

    async def reply_messages(self, thread: ThreadKey) -> tuple[str, ...]:
        """The messages of the unfinished reply in this thread, oldest first."""

    async def add_reply_message(self, thread: ThreadKey, epoch: int, message_id: str) -> None:
        """Note a message of the unfinished reply; noting it twice changes nothing."""

    async def strangers(self, thread: ThreadKey, message_ids: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the ids that belong to no reply, finished or not, of this thread."""

    async def finish(self, thread: ThreadKey, epoch: int, references: tuple[Reference, ...], now: float) -> None:
        """Mark the references as answered and the unfinished reply, if there is one, as finished."""

    async def forget(self, references_before: float, replies_before: float) -> int:
        """Delete finished work from before these times; returns how many rows are gone."""

    async def reopen(self, thread: ThreadKey, message_id: str, reply_messages: tuple[str, ...], now: float) -> bool:
        """Make an answered message wait again, as if it were sent now, and these messages its unfinished reply.

        False for an unknown one, and while anything waits in its thread.
        """


class SettingsStore(Protocol):
    """The durable memory of settings, as texts. Each write returns when it has reached the disk."""

    async def overrides(self, holders: tuple[Holder, ...]) -> Mapping[Holder, Mapping[str, str]]:
        """What was made for each of these holders, by the names of settings; an empty mapping where nothing was."""

    async def chosen(self, workspace: str, names: tuple[str, ...]) -> frozenset[str]:
        """All values that anybody there has chosen for these settings."""

    async def override(self, holder: Holder, changes: Mapping[str, str | None], by: str, at: float) -> None:
        """Keep these values, and forget those that are None; others of the holder stay as they are."""

    async def clear(self, holder: Holder) -> None:
        """Forget all values of this holder."""


class UsageStore(Protocol):
    """The durable memory of what answers cost."""

    async def note(self, *expenses: Expense) -> None:
        """Keep what one answer cost, all or nothing."""

    async def totals(self, workspace: str, user: str, since: float) -> Totals:
        """What this person has used since then."""

    async def uses(self, workspace: str, since: float, until: float) -> tuple[Use, ...]:
        """What everybody used from the one time until before the other, the most expensive first."""

    async def spending(self, workspace: str, channel: str, user: str, now: float) -> Spending:
        """What counts against limits at this time, by the days and months of UTC; quick, however much was noted."""


class FeedbackStore(Protocol):
    """The durable memory of what people thought of answers."""

    async def keep(self, feedback: Feedback) -> None:
        """Keep a verdict, in place of an earlier one by the same person on the same answer."""


class Notices(Protocol):
    """The durable memory of what people were told, for what is to be said once."""

    async def is_first(self, workspace: str, user: str, notice: str, at: float) -> bool:
        """True for the first call with these names, ever."""

    async def take_back(self, workspace: str, user: str, notice: str) -> None:
        """They were not told after all: the next call with these names is the first."""


class Presence(Protocol):
    """The durable memory of when the bot was there, for what people wrote while it was not."""

    async def heard_until(self) -> float | None:
        """The newest time that was noted, in seconds since the epoch; None before the first."""

    async def note(self, at: float) -> None:
        """Keep that everything up to this time was heard."""


class PersonalRecords(Protocol):
    """All that is kept durably of people, whatever it is about."""

    async def forget(self, workspace: str, user: str) -> None:
        """Take away what is this person's, and their id from what is not; returns when that has reached the disk."""


class Meter(Protocol):
    """Counts what happens, for those who run the bot: once for each turn, call or file, and never whose it was.

    Times are in seconds. What counts is cheap, and never fails.
    """

    def turn(self, intent: Intent | None, outcome: Outcome, seconds: float, first_text: float | None) -> None:
        """A turn has ended so long after its reply opened, with its first text after `first_text` if there was any.

        No intent: it ended before that was known.
        """

    def model_call(self, model: str, outcome: str, seconds: float, first_text: float | None, spent: Spent) -> None:
        """A model was asked; the outcome is "answered", "hung_up", or what went wrong, by the name of the error."""

    def platform_call(self, method: str, code: str) -> None:
        """The platform was called once; the code is "ok", or what it said instead."""

    def file(self, kind: str, outcome: str) -> None:
        """A file was to be read; the outcome is "read", or why it could not be used."""

    def reconnection(self, reason: str) -> None:
        """A connection on which the platform delivers took the place of another one."""


class NoMeter:
    """Counts nothing, where nobody asks."""

    def turn(self, intent: Intent | None, outcome: Outcome, seconds: float, first_text: float | None) -> None:
        pass

    def model_call(self, model: str, outcome: str, seconds: float, first_text: float | None, spent: Spent) -> None:
        pass

    def platform_call(self, method: str, code: str) -> None:
        pass

    def file(self, kind: str, outcome: str) -> None:
        pass

    def reconnection(self, reason: str) -> None:
        pass


NO_METER: Meter = NoMeter()
"""What those count with who were given no meter."""
