"""What is in the files that people share, as far as the bot can use it."""

from dataclasses import dataclass, field
from enum import StrEnum


class Flaw(StrEnum):
    """Why a file cannot be used, in words that go on after "I could not use it: "."""

    UNKNOWN_KIND = "I do not know this kind of file"
    TOO_LARGE = "it is too large for me"
    EMPTY = "it is empty"
    ENCRYPTED = "it is protected by a password"
    BROKEN = "it is damaged"
    NO_ACCESS = "Slack does not let me download it"
    EXTERNAL = "it is kept by another service, where I have no access"
    GONE = "it has been deleted"
    HIDDEN = "Slack hides it, because the workspace's plan keeps no more files"
    UNREACHABLE = "it could not be downloaded"
    TOO_SLOW = "reading it took too long"
    TOO_COMPLEX = "reading it takes more memory than I may use"
    NOT_HEARD = "I could not make out what is said in it"
    NOT_TRANSCRIBED = "what is said in it could not be written down right now"
    UNHEARABLE = "I cannot listen to recordings here"
    BUSY = "I have too many files to read right now; please send it again in a minute"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as models take it: upright, scaled down, without metadata, as JPEG or PNG. Sizes are in pixels."""

    name: str
    media_type: str
    data: bytes = field(repr=False)
    width: int
    height: int


_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_HEIF = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})


def picture_type(data: bytes) -> str | None:
    """What kind of picture this is, by its first 12 bytes, whatever it is called; None when they tell nothing."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF:
        return "image/heic"
    return next((media_type for signature, media_type in _SIGNATURES if data.startswith(signature)), None)


class Unit(StrEnum):
    """What a document is divided into."""

    PAGE = "page"
    SHEET = "sheet"
    SLIDE = "slide"
    CHAPTER = "chapter"
    FILE = "file"
    PART = "part"


@dataclass(frozen=True, slots=True)
class Section:
    """One page, sheet, slide, … of a document; `number` counts from 1.

    `text` is Markdown, with tables as tables. `scan` is the page as a JPEG picture, where it is one and has no text.
    `part` says what of it is there, as in "rows 1–2,000 of 200,000"; it is empty when all is.
    """

    number: int
    text: str = field(repr=False)
    title: str = ""
    scan: bytes | None = field(default=None, repr=False)
    part: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was read as text.

    `kind` names it for people, as in "Word document". `total` counts the file's units, those that were not read
    included; `cut` says why some were not, and is empty when all were.
    """

    name: str
    kind: str
    unit: Unit
    total: int
    sections: tuple[Section, ...]
    cut: str = ""


@dataclass(frozen=True, slots=True)
class Transcript:
    """What is said in a recording."""

    name: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unusable:
    """A file that could not be used; `reason` is a Flaw, or as good a one in more words."""

    name: str
    reason: str


FileContent = Picture | Document | Transcript | Unusable
