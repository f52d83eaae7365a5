"""Reads files that are inside other files: few of them, not deeply, and not much in all."""

from contextvars import ContextVar
from dataclasses import dataclass

from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw

MEMBERS = 20
SIZE = 32 << 20
_WHOLE = 128 << 20


@dataclass(slots=True)
class Members:
    """What may still be read of the files in one file, however they are nested in one another."""

    left: int = MEMBERS
    size_left: int = _WHOLE
    depth: int = 0

    def read(self, name: str, content: bytes, deepest: int) -> str:
        """What is in a file that was found inside another one, or in brackets why it is not shown.

        At most 20 files and 128 MiB are read in all, and none more than `deepest` levels down.
        """
        if self.depth >= deepest:
            return "[not read: it is too deep inside other files]"
        if self.left == 0 or len(content) > self.size_left:
            return "[not read: there is too much in this file]"
        self.left -= 1
        self.size_left -= len(content)
        self.depth += 1
        before = _outermost.set(self)
        try:
            return _text(name, content) or f"[not read: {Flaw.EMPTY}]"
        except FileUnusable as error:
            return f"[not read: {error.reason}]"
        finally:
            _outermost.reset(before)
            self.depth -= 1


_outermost: ContextVar[Members] = ContextVar("outermost")


def members() -> Members:
    """The allowance of the outermost file that is being read, which is a new one when this file is it."""
    return _outermost.get(None) or Members()


def _text(name: str, content: bytes) -> str:
    from bot.documents.kinds import reader_of  # noqa: PLC0415 - it knows all readers, those that use this among them

    reading = reader_of(name, content)(content)
    texts = [f"{section.title}\n\n{section.text}".strip() for section in reading.sections]
    return "\n\n".join(filter(None, [*texts, f"[{reading.cut}]" if reading.cut else ""]))
