"""The vocabulary of a reply: what people watch grow.

A reply stream is any number of `StatusChange`, `TextDelta`, `Citation`, `ImageReady` and `FileReady` events, then
exactly one `Done`. Handlers yield or raise; `Stopped` and `Failed` are made by the runner alone.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from enum import StrEnum


class CutReason(StrEnum):
    """Why a model ended its answer before it was complete."""

    LENGTH = "length"
    FILTER = "filter"


class StopReason(StrEnum):
    """Why an answer was stopped from outside."""

    PERSON = "person"
    SHUTDOWN = "shutdown"


class Outcome(StrEnum):
    """What became of a turn.

    CUT is an answer that its model ended too soon, DECLINED a question that was told why it gets none, GIVEN_UP one
    that was begun too often or is too old, and INTERRUPTED a turn that has to be had once more.
    """

    ANSWERED = "answered"
    CUT = "cut"
    STOPPED = "stopped"
    FAILED = "failed"
    DECLINED = "declined"
    GIVEN_UP = "given_up"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class StatusChange:
    """What the bot is doing, in a few words that go on after "the bot is": thinking, searching the web.

    Shown only until text arrives, never kept. `foreign` says that this brings in what strangers wrote, `waiting` that
    nothing is done until the next event.
    """

    text: str
    foreign: bool = field(default=False, compare=False)
    waiting: bool = field(default=False, compare=False)


THINKING = StatusChange("thinking")
DRAWING = StatusChange("drawing")


@dataclass(frozen=True, slots=True)
class TextDelta:
    """The next piece of the answer, as Markdown."""

    text: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A page of the web on which the answer rests; each comes once, in the order in which they are numbered.

    `url` is empty for a file of the organisation, of which `title` is the name.
    """

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class ImageReady:
    """A picture that was made for the answer; `prompt` is what it was made from, as its description.

    `model` names who drew it, where that is known.
    """

    data: bytes = field(repr=False)
    media_type: str
    prompt: str = field(repr=False)
    model: str = ""


@dataclass(frozen=True, slots=True)
class FileReady:
    """A file that code of the model's has made for the answer.

    `name` is a name without a path, of at most 100 printable characters.
    """

    name: str
    data: bytes = field(repr=False)
    media_type: str


@dataclass(frozen=True, slots=True)
class Done:
    """The answer is finished; `cut` says why it is shorter than the model meant it to be.

    `model` names who answered; it is empty where nobody was asked.
    """

    cut: CutReason | None = None
    model: str = ""


@dataclass(frozen=True, slots=True)
class Stopped:
    """The answer was stopped; what was shown stays, with a note."""

    reason: StopReason


@dataclass(frozen=True, slots=True)
class Failed:
    """The answer failed; `explanation` tells the waiting person what happened and what to do."""

    explanation: str


ReplyEvent = StatusChange | TextDelta | Citation | ImageReady | FileReady | Done | Stopped | Failed
ReplyStream = AsyncGenerator[ReplyEvent, None]
