"""Texts in any encoding: Markdown as it is, everything else as a fenced block."""

import codecs
import re

from charset_normalizer import from_bytes

from bot.documents import markdown
from bot.documents.reading import Reading
from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw, Section, Unit

_MOST_CHARACTERS = 2_000_000
_SAMPLE = 200_000
"""Bytes from which the encoding is guessed."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE = (("utf-32-le", 4, 0, (2, 3)), ("utf-32-be", 4, 3, (0, 1)), ("utf-16-le", 2, 0, (1,)), ("utf-16-be", 2, 1, (0,)))
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_CONTROLS = 0.01


def read_markdown(content: bytes) -> Reading:
    """Markdown needs no translation. Raises FileUnusable."""
    text, cut = _read(content)
    return Reading("Markdown file", Unit.PART, 1, [Section(1, text)], cut)


def read_fenced(content: bytes, language: str = "") -> Reading:
    """Any other text, which must not be taken for Markdown. Raises FileUnusable."""
    text, cut = _read(content)
    kind = f"{language} file" if language else "text file"
    return Reading(kind, Unit.PART, 1, [Section(1, markdown.fence(text, language))], cut)


def decode(content: bytes) -> str | None:
    """The text of these bytes, or of the beginning of a file; None when they are no text."""
    text = _decoded(content)
    if text is None or len(_CONTROLS.findall(text)) > _MOST_CONTROLS * len(text):
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _read(content: bytes) -> tuple[str, str]:
    text = decode(content)
    if text is None:
        raise FileUnusable(Flaw.UNKNOWN_KIND)
    if not text.strip():
        raise FileUnusable(Flaw.EMPTY)
    cut = f"only its first {_MOST_CHARACTERS:,} characters were read" if len(text) > _MOST_CHARACTERS else ""
    return text[:_MOST_CHARACTERS], cut


def _decoded(content: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace").removeprefix("\ufeff")
    if wide := _wide_encoding(content[:_SAMPLE]):
        return content.decode(wide, "replace")
    try:
        # A sample may end in the middle of a character, which an incremental decoder forgives.
        return codecs.getincrementaldecoder("utf-8")().decode(content)
    except UnicodeDecodeError:
        pass
    if b"\0" in content[:_SAMPLE]:
        return None
    guess = from_bytes(content[:_SAMPLE]).best()
    return None if guess is None else content.decode(guess.encoding, "replace")


def _wide_encoding(sample: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark, where most characters have their letter at one place and zeros at others."""
    for encoding, width, letter, zeros in _WIDE:
        count = len(sample) // width
        if (
            count
            and sample[letter::width].count(0) < 0.1 * count
            and all(sample[place::width].count(0) > 0.7 * count for place in zeros)
        ):
            return encoding
    return None
