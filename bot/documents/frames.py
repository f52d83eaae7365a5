"""The language between the daemon and its workers: one frame a message, on pipes.

A frame is the sizes of its head and its body (four bytes each, the highest first), then the head as JSON, then the
body. The worker's side counts as untrusted, because hostile files are read there: nothing in a frame is executed, and
whatever is not exactly as expected is refused.
"""

import json
import struct
from dataclasses import dataclass, field
from typing import Any

from bot.domain.files import Flaw, Picture, Section, Unit

PREFIX = struct.Struct(">II")

MOST_HEAD = 2**16
MOST_BODY = 2**24
"""Bytes of one message of a worker: a page's text and picture, or a whole text file."""

_MOST_TITLE = 1_000


class FrameInvalid(ValueError):
    """The other side sent something that is no frame."""


@dataclass(frozen=True, slots=True)
class Job:
    """A file to read. `name` only tells apart what looks alike."""

    name: str = field(repr=False)
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Opened:
    """The file is a document of this kind; its sections follow."""

    kind: str
    unit: Unit
    total: int


@dataclass(frozen=True, slots=True)
class Ended:
    """The job is over; `cut` says why there is not more, as a `flaw` does for what could not be read any further."""

    cut: str = ""
    flaw: Flaw | None = None


Message = Job | Opened | Section | Picture | Ended


def pack(message: Message) -> tuple[bytes, bytes]:
    """The frame of a message: prefix and head, and the body, which is not copied."""
    head, body = _parts(message)
    line = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return PREFIX.pack(len(line), len(body)) + line, body


def sizes(prefix: bytes, most_body: int = MOST_BODY) -> tuple[int, int]:
    """Bytes of the head and the body that follow. Raises FrameInvalid."""
    head, body = PREFIX.unpack(prefix)
    if head > MOST_HEAD or body > most_body:
        raise FrameInvalid(f"a frame of {head} and {body} bytes")
    return head, body


def unpack(head: bytes, body: bytes) -> Message:
    """The message of a frame. Raises FrameInvalid."""
    try:
        return _message(json.loads(head), body)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise FrameInvalid(type(error).__name__) from None


def _parts(message: Message) -> tuple[dict[str, Any], bytes]:
    match message:
        case Job(name, content):
            return {"is": "job", "name": name}, content
        case Opened(kind, unit, total):
            return {"is": "opened", "kind": kind, "unit": unit, "total": total}, b""
        case Section(number, text, title, scan, part):
            words = text.encode("utf-8", "replace")
            named = {"title": title[:_MOST_TITLE], "part": part[:_MOST_TITLE]}
            head = {"is": "section", "number": number, **named, "text": len(words)}
            return head, words + (scan or b"")
        case Picture(_, media_type, data, width, height):
            return {"is": "picture", "media_type": media_type, "width": width, "height": height}, data
        case Ended(cut, flaw):
            return {"is": "ended", "cut": cut, "flaw": flaw.name if flaw else None}, b""


def _message(head: Any, body: bytes) -> Message:
    match head:
        case {"is": "job", "name": str(name)}:
            return Job(name, body)
        case {"is": "opened", "kind": str(kind), "unit": str(unit), "total": int(total)}:
            return Opened(kind, Unit(unit), total)
        case {"is": "section", "number": int(number), "text": int(size)} if 0 <= size <= len(body):
            return Section(number, body[:size].decode(), str(head["title"]), body[size:] or None, str(head["part"]))
        case {"is": "picture", "media_type": "image/jpeg" | "image/png" as media_type} if body:
            return Picture("", media_type, body, int(head["width"]), int(head["height"]))
        case {"is": "ended", "cut": str(cut), "flaw": flaw}:
            return Ended(cut, None if flaw is None else Flaw[flaw])
        case _:
            raise FrameInvalid("of no known kind")
