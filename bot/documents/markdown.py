"""The Markdown that the readers write: tables, and long texts in parts."""

import re
from collections.abc import Iterable, Iterator, Sequence

from bot.documents.reading import Reading
from bot.domain.files import Section, Unit

PART = 12_000
"""About as many characters as one part of a long text has: some four printed pages."""

_HEADING = re.compile(r"#{1,6} +(.+)")


def table(rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table whose first row is the header; short rows are filled up. Empty when nothing is in it."""
    width = max(map(len, rows), default=0)
    if not any(any(row) for row in rows):
        return ""
    lines = [_line(row, width) for row in rows]
    lines.insert(1, "|" + " --- |" * width)
    return "\n".join(lines)


def _line(row: Sequence[str], width: int) -> str:
    return "| " + " | ".join([*map(cell, row), *[""] * (width - len(row))]) + " |"


def cell(text: str) -> str:
    """The text as it may stand in a table: on one line, without bars of its own."""
    return "<br>".join(line.strip() for line in text.strip().splitlines()).replace("|", "\\|")


def fence(text: str, language: str = "") -> str:
    """The text as it is, between fences that are longer than any in it."""
    longest = max((len(ticks) for ticks in re.findall(r"`{3,}", text)), default=2)
    ticks = "`" * (longest + 1)
    return f"{ticks}{language}\n{text.rstrip()}\n{ticks}"


def reading(kind: str, blocks: Iterable[str], cut: str = "") -> Reading:
    """A text without pages: one section, or parts with the nearest heading as title when it is long."""
    sections = tuple(_parts(blocks))
    return Reading(kind, Unit.PART if len(sections) > 1 else Unit.FILE, len(sections), sections, cut)


def _parts(blocks: Iterable[str]) -> Iterator[Section]:
    number, size, title = 1, 0, ""
    part: list[str] = []
    for block in _pieces(blocks):
        if part and size + len(block) > PART:
            yield Section(number, "\n\n".join(part), title)
            title = _last_heading(part) or title
            number, size, part = number + 1, 0, []
        if not part:
            title = _heading(block) or title
        part.append(block)
        size += len(block)
    if part:
        yield Section(number, "\n\n".join(part), title)


def _pieces(blocks: Iterable[str]) -> Iterator[str]:
    """The blocks that are not empty, those that are longer than a part cut between lines, or anywhere if need be."""
    for block in blocks:
        rest = block.strip("\n")
        while len(rest) > PART:
            end = rest.rfind("\n", PART // 2, PART) + 1 or PART
            yield rest[:end].rstrip("\n")
            rest = rest[end:].lstrip("\n")
        if rest.strip():
            yield rest


def _heading(block: str) -> str:
    heading = _HEADING.match(block)
    return heading[1][:120] if heading else ""


def _last_heading(part: Sequence[str]) -> str:
    return next(filter(None, map(_heading, reversed(part))), "")
