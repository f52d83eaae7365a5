"""Finds where a growing Markdown answer is cut into Slack messages."""

import re
from dataclasses import dataclass
from enum import IntEnum

from bot.slack.markup.characters import LARGEST, fitting, size, whole_before
from bot.slack.markup.inline import divides_token
from bot.slack.markup.structure import Break, Kind, Place, Structure, decided

LIMIT = 11_800
"""The most that one message shows, as `characters.size` counts, with the opening and the closing that cuts add.

Slack takes 12,000 characters of Markdown in one message (docs.slack.dev, markdown block), and no more in a stream, in
which it adds up what was appended (`msg_too_long` from chat.appendStream: CopilotKit pull request 6064).
"""

_SPARE = 1 / 40
"""How much of the limit is kept for what closes a message, and for blanks before it; 40 at least."""

_BLOCKS = 45
"""Slack expands Markdown to at most 50 blocks (`invalid_blocks`); a note and wrong guesses need some of them."""

_MANY_BLOCKS = 40
"""From here on a paragraph is a good place to go on in another message."""

_ROWS = 95
"""A table block has at most 100 rows (docs.slack.dev, table block)."""


class Urgency(IntEnum):
    """How badly a cut is wanted for reasons other than length, such as a native stream that is about to expire."""

    CALM = 0
    PARAGRAPH = 1
    LINE = 2
    WORD = 3
    NOW = 4


_PARAGRAPHS, _LINES, _WORDS = 18 / 23, 20 / 23, 22 / 23
"""The shares of a full message from which on these are good enough to end it: from 9,000, 10,000, 11,000 of 11,500."""

_WORD = re.compile(r"(?<=[\s、。，．！？；：」』）】])(?=\S)")
"""Where a word begins; Chinese and Japanese have punctuation instead of blanks."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a segment ends: its raw text is `text[:end]`, shown with `closing` after it.

    `opening` is put before the raw text of the next one: the line that opens a code fence again, or the head of a
    table; it is empty for a segment that begins by itself.
    """

    end: int
    closing: str = ""
    opening: str = ""


class Scan:
    """Finds the cut of one segment while the segment grows, reading each line once."""

    def __init__(self, opening: str = "", limit: int = LIMIT) -> None:
        self._opening = opening
        self._limit = limit
        self._full = limit - max(int(limit * _SPARE), 40)
        self._urgency = Urgency.CALM
        self._found: Cut | None = None
        self._place: Place | None = None  # of the line that is read next, once it is decided what that line is
        self._begin()

    def find_cut(self, text: str, sent: int = 0, urgency: Urgency = Urgency.CALM, complete: bool = False) -> Cut | None:
        """Where the segment must end, or None while it may go on growing.

        `text` is the raw text of the segment so far, without the opening; it extends what earlier calls were given.
        `sent` characters of it may be on screen already: the cut is not before them. `complete` says that nothing will
        follow, so that only the length matters. Call this with each new text before showing it, and show no more than
        `Cut.end`.

        A place is judged by what stands before it and by the beginning of its line, so that a cut that was found stays.
        Something that can be seen stands on both sides of it, except at the urgency NOW, which ends the segment where
        the last word that is there begins or, failing that, ends; and except in blanks that fill whole messages.
        """
        if self._found is None:
            if urgency > self._urgency:
                self._begin()  # what was no place for a cut may be one now
            self._urgency = urgency
            self._found = self._search(text, sent, urgency, complete)
        return self._found

    def _search(self, text: str, sent: int, urgency: Urgency, complete: bool) -> Cut | None:
        wanted = Urgency.CALM if complete or urgency is Urgency.NOW else urgency
        while self._start < len(text):
            feed = text.find("\n", self._start)
            line = text[self._start : feed + 1 if feed >= 0 else len(text)]
            if self._place is None and (feed >= 0 or complete or decided(line)):
                self._place = self._structure.look(line)
                if self._start >= sent and self._ends_before(self._place, wanted):
                    return self._cut(text, self._start)
            if self._place is not None and (end := self._end_within(line, self._place, sent, wanted)) is not None:
                return self._cut(text, end)
            if feed < 0:
                break
            self._pass(line)
        return self._cut_now(text, sent) if urgency is Urgency.NOW and not complete else None

    def _begin(self) -> None:
        self._structure = Structure()
        self._size = 0  # of what is shown before the line that is read next
        self._go_to(0)
        for line in self._opening.split("\n")[:-1]:
            self._pass(line + "\n")
        self._go_to(0)
        self._visible = False  # that something of the raw text can be seen before that line

    def _go_to(self, start: int) -> None:
        self._start = start
        self._place = None
        self._searched = 1  # characters of the line, before which no word begins that would do

    def _pass(self, line: str) -> None:
        self._structure.add(line, self._place or self._structure.look(line))
        self._size += size(line)
        self._visible = not line.isspace() or self._visible
        self._go_to(self._start + len(line))

    def _ends_before(self, place: Place, wanted: Urgency) -> bool:
        if not self._visible or place.quality is Break.NEVER:
            return False
        blocks, rows = self._structure.blocks, self._structure.rows
        if (place.begins_block and blocks >= _BLOCKS) or (place.kind is Kind.TABLE and rows >= _ROWS):
            return True
        by_length = sum(self._size >= share * self._full for share in (_PARAGRAPHS, _LINES, _WORDS))
        by_blocks = Urgency.PARAGRAPH if blocks >= _MANY_BLOCKS else Urgency.CALM
        return place.quality <= max(by_length, by_blocks, wanted)

    def _end_within(self, line: str, place: Place, sent: int, wanted: Urgency) -> int | None:
        room = self._full - self._size
        wordless = 0 if wanted is Urgency.WORD else int(_WORDS * self._full) - self._size
        if len(line) * LARGEST <= wordless:
            return None
        fits = fitting(line, room)
        if place.kind not in {Kind.CODE, Kind.TABLE}:
            first = max(fitting(line, wordless), self._searched, sent - self._start)
            for found in _WORD.finditer(line, first, min(fits + 1, len(line))):
                before = line[: found.start()]
                if (self._visible or not before.isspace()) and not divides_token(before):
                    return self._start + found.start()
            self._searched = max(self._searched, len(line))
        if fits == len(line) or self._is_tail(line, fits):
            return None
        return max(self._start + whole_before(line, fits), sent)

    def _is_tail(self, line: str, fits: int) -> bool:
        """True for blanks at the end of a full message that a closing still goes behind."""
        return line[fits:].isspace() and self._size + size(line) <= self._limit - (self._limit - self._full) // 2

    def _cut_now(self, text: str, sent: int) -> Cut | None:
        if not text.strip():
            return None
        line = text[self._start :]
        ends = [self._start] if self._visible and line else []
        if self._place is not None and self._place.kind not in {Kind.CODE, Kind.TABLE}:
            words = (found.start() for found in _WORD.finditer(line))
            ends += [self._start + word for word in words if self._visible or not line[:word].isspace()]
        return self._cut(text, next((end for end in reversed(ends) if end >= sent), len(text)))

    def _cut(self, text: str, end: int) -> Cut:
        structure, kind = self._structure, None if self._place is None else self._place.kind
        closing = opening = ""
        if structure.fence and kind in {None, Kind.CODE}:
            opening, closing = structure.fence.opening, structure.fence.closing(text[:end])
        elif structure.table_head and kind in {None, Kind.TABLE}:
            opening = structure.table_head
        if size(opening) > self._limit // 8 or size(closing) > (self._limit - self._full) // 2:
            return Cut(end)
        return Cut(end, closing, opening)
