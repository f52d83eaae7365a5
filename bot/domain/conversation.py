"""What people wrote, where, and the one answer that is being made."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.domain.files import FileContent
from bot.domain.intent import Source
from bot.domain.settings import Settings
from bot.domain.usage import Charge, free


@dataclass(frozen=True, slots=True, order=True)
class ThreadKey:
    """Names one thread: its workspace, its channel, and the id of its first message."""

    workspace: str
    channel: str
    root: str


class AttachmentKind(StrEnum):
    """What a file seems to be, before anybody has looked into it."""

    PICTURE = "picture"
    RECORDING = "recording"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that hangs on a message; its bytes stay on the platform.

    `size` is in bytes, as declared; `transcript` is what is said in it, where the platform knows that already. A
    picture that a message links to is an attachment as well, whose id is its https address.
    """

    id: str
    name: str
    media_type: str
    size: int
    transcript: str = field(default="", repr=False)

    @property
    def is_link(self) -> bool:
        """True for a picture that the message only links to."""
        return self.id.startswith("https://")

    @property
    def kind(self) -> AttachmentKind:
        """What its media type promises."""
        match self.media_type.partition("/")[0]:
            case "image" if self.media_type != "image/svg+xml":
                return AttachmentKind.PICTURE
            case "audio" | "video":
                return AttachmentKind.RECORDING
            case _:
                return AttachmentKind.DOCUMENT


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a message: the platform's id and the name that people see.

    `workspace` is where they belong, as far as the message tells: a shared channel has people of other workspaces.
    """

    id: str
    name: str
    workspace: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Profile:
    """What the platform knows of a person: the workspace that they belong to, and whether they are a guest there.

    `locale` is the language in which they have the platform itself, as an IETF tag such as de-DE.
    """

    workspace: str
    is_guest: bool = False
    locale: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """What a person shows of themselves on the platform, each on one line; what is not shown is empty.

    `utc_offset` is how far their clocks are ahead of UTC at present, in seconds; None where that is not known.
    """

    id: str
    name: str
    title: str = field(default="", repr=False)
    time_zone: str = ""
    utc_offset: int | None = None
    status: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """One message as the model may read it: plain Markdown, names instead of ids.

    `id` orders the messages of a channel as their authors sent them. `from_bot` marks the bot's own messages; one whose
    text is empty is a status line or a note of the bot, and no part of the conversation. `to_bot` says that the message
    speaks to the bot by itself: a direct message or a mention.
    """

    id: str
    thread: ThreadKey
    author: Author
    text: str
    sent_at: float
    from_bot: bool = False
    to_bot: bool = False
    attachments: tuple[Attachment, ...] = ()

    @property
    def is_root(self) -> bool:
        """True for the message that began its thread."""
        return self.id == self.thread.root


@dataclass(frozen=True, slots=True)
class Conversation:
    """A thread so far, oldest message first."""

    messages: tuple[Message, ...]

    @property
    def latest(self) -> Message:
        return self.messages[-1]

    @property
    def involves_bot(self) -> bool:
        """True when the bot has written in this thread, or was spoken to."""
        return any(message.from_bot or message.to_bot for message in self.messages)

    def before(self, message_id: str) -> "Conversation":
        """What was said before this message."""
        return replace(self, messages=tuple(message for message in self.messages if message.id < message_id))

    def joined_by(self, messages: Iterable[Message]) -> "Conversation":
        """The conversation with those of these messages that it lacks, in the order in which they were sent."""
        known = {message.id for message in self.messages}
        missing = [message for message in messages if message.id not in known]
        return replace(self, messages=tuple(sorted((*self.messages, *missing), key=lambda message: message.id)))


@dataclass(frozen=True, slots=True)
class Turn:
    """One answer being made: the conversation that it continues, and the settings that hold for it.

    `questions` are the ids of the messages that it answers, the newest last; `files` holds what is in the files of the
    conversation, by attachment id, as far as they are in reach. `source` says which pictures a new one is made from;
    `made`, that an attempt which was interrupted has already put files that it made, most often a picture, into the
    thread; `may_draw`, that the person may have another picture today. `lost` is what such an attempt had written when
    its process died, paid for and written down by nobody; `charge` is told what the answer costs.
    """

    conversation: Conversation
    settings: Settings
    questions: tuple[str, ...] = ()
    files: Mapping[str, FileContent] = field(default_factory=dict)
    source: Source = Source.NONE
    made: bool = False
    may_draw: bool = True
    lost: str = field(default="", repr=False)
    charge: Charge = field(default=free, repr=False, compare=False)

    @property
    def message(self) -> Message:
        """The message that the reply answers."""
        return self.conversation.latest

    @property
    def asked(self) -> tuple[Message, ...]:
        """The messages that it answers, oldest first."""
        return tuple(each for each in self.conversation.messages if each.id in {*self.questions, self.message.id})
