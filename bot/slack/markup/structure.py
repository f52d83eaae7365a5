"""The blocks of Markdown, followed line by line."""

import re
from dataclasses import dataclass
from enum import Enum, IntEnum, auto

from bot.slack.markup.fences import READ, Fence, opened_by

_HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]|$)")
_RULE = re.compile(r" {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)")
_QUOTE = re.compile(r" {0,3}>")
_TABLE_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_NESTED = re.compile(r"\t|  ")

_UNDECIDED = re.compile(r"[\s>#~*+\-=_|:.\d)`]*$|[\s>]*(?:(?:[-*+]|\d{1,9}[.)])\s+)?(?:`{3}|~{3})")
"""A line of nothing but marks so far, or one that opens a fence if no backtick follows."""


class Kind(Enum):
    """What a line is, as far as it matters here."""

    BLANK = auto()
    TEXT = auto()
    HEADING = auto()
    RULE = auto()
    ITEM = auto()
    QUOTE = auto()
    TABLE = auto()
    FENCE = auto()
    CODE = auto()


_PATTERNS = ((Kind.HEADING, _HEADING), (Kind.RULE, _RULE), (Kind.ITEM, _ITEM), (Kind.QUOTE, _QUOTE))


class Break(IntEnum):
    """How good a place for a cut is: the lowest `segments.Urgency` that takes it."""

    PARAGRAPH = 1
    LINE = 2
    WORD = 3
    NEVER = 9


@dataclass(frozen=True, slots=True)
class Place:
    """The start of a line: what the line is, whether a block begins with it, and how good a cut before it would be."""

    kind: Kind
    begins_block: bool
    quality: Break


def decided(line: str) -> bool:
    """True when the beginning of a line tells what the line is, whatever the rest of it will be."""
    return len(line) >= READ or not _UNDECIDED.match(line)


class Structure:
    """Where in a text the next line stands.

    `blocks` is how many blocks the text becomes at most when Slack expands it; `rows` is how many rows the open table
    has below its head, and `table_head` the head with the line that rules it off.
    """

    def __init__(self) -> None:
        self.fence: Fence | None = None
        self.table_head = ""
        self.rows = 0
        self.blocks = 0
        self._line = ""
        self._last = Kind.BLANK
        self._last_visible = Kind.BLANK
        self._introduces = False

    def look(self, line: str) -> Place:
        """What the next line is; its beginning is enough when it is decided."""
        kind = self._kind(line[:READ].rstrip("\r\n"))
        return Place(kind, self._begins_block(kind), self._quality(kind, line))

    def add(self, line: str, place: Place) -> None:
        """Go past the next line, of which `place` is the start."""
        line = line.rstrip("\r\n")
        if place.kind is not Kind.TABLE:
            self.table_head = ""
        elif self.table_head:
            self.rows += 1
        else:
            self.table_head, self.rows = f"{self._line}\n{line}\n", 0
        if place.kind is Kind.FENCE:
            self.fence = opened_by(line)
        elif place.kind is not Kind.CODE or (self.fence and self.fence.closed_by(line)):
            self.fence = None
        self.blocks += place.begins_block
        self._line, self._last = line, place.kind
        if place.kind is not Kind.BLANK:
            self._last_visible = place.kind
            self._introduces = line[-READ:].rstrip("*_ ").endswith((":", "："))

    def _kind(self, line: str) -> Kind:
        if self.fence and not self.fence.left_by(line):
            return Kind.CODE
        if not line.strip():
            return Kind.BLANK
        if opened_by(line):
            return Kind.FENCE
        if self._last is Kind.TEXT and "|" in line and "|" in self._line and _TABLE_RULE.match(line):
            return Kind.TABLE
        for kind, pattern in _PATTERNS:
            if pattern.match(line):
                return kind
        return Kind.TABLE if self.table_head else Kind.TEXT

    def _begins_block(self, kind: Kind) -> bool:
        match kind:
            case Kind.BLANK | Kind.TABLE | Kind.CODE:
                return False
            case Kind.FENCE | Kind.HEADING | Kind.RULE:
                return True
            case Kind.TEXT:
                return self._last not in {Kind.TEXT, Kind.ITEM, Kind.QUOTE}
            case Kind.ITEM | Kind.QUOTE:
                return self._last is not kind

    def _quality(self, kind: Kind, line: str) -> Break:
        match kind:
            case Kind.BLANK:
                quality = Break.NEVER
            case Kind.CODE:
                empty = self._last is Kind.FENCE or (self.fence and self.fence.closed_by(line))
                quality = Break.NEVER if empty else Break.LINE
            case Kind.TABLE:
                quality = Break.LINE if self.table_head and self.rows else Break.NEVER
            case Kind.RULE if self._last is Kind.TEXT:
                quality = Break.NEVER  # it makes a heading of the line above
            case _ if self._last_visible is Kind.HEADING or _NESTED.match(line):
                quality = Break.WORD  # a heading belongs to what follows, and what is nested to what is above
            case _ if self._last in {Kind.BLANK, Kind.CODE} and not self._introduces:
                quality = Break.PARAGRAPH
            case Kind.HEADING:
                quality = Break.PARAGRAPH
            case _:
                quality = Break.LINE
        return quality
