"""Reads tables in plain text (.csv, .tsv), whatever separates their columns."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from bot.documents import text
from bot.documents.grid import COLUMNS, ROWS, Grid, clipped, trimmed
from bot.documents.reading import Reading
from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw, Section, Unit

_DELIMITERS = ",;\t|"
_SAMPLE = 50
_FIELD = 1_000_000


def read_csv(content: bytes) -> Reading:
    """The table, its columns separated by whichever of comma, semicolon, tab and bar fits best. Raises FileUnusable."""
    words = _decoded(content)
    return _read(words, delimiter(words), "CSV table")


def read_tsv(content: bytes) -> Reading:
    """The table, its columns separated by tabs. Raises FileUnusable."""
    return _read(_decoded(content), "\t", "TSV table")


def delimiter(words: str) -> str:
    """The separator that gives most of the first lines the same number of columns, and more than one."""
    lines = list(islice(_lines(words[: _SAMPLE * 2_000]), _SAMPLE))
    return max(_DELIMITERS, key=lambda candidate: _score(lines, candidate))


def _score(lines: list[str], candidate: str) -> tuple[float, int]:
    widths = Counter(len(row) for row in _rows(lines, candidate) if row)
    width, times = max(widths.items(), key=lambda item: item[1], default=(1, 0))
    return (times / widths.total(), width) if width > 1 else (0, 0)


def _decoded(content: bytes) -> str:
    words = text.decode(content)
    if words is None:
        raise FileUnusable(Flaw.UNKNOWN_KIND)
    if not words.strip():
        raise FileUnusable(Flaw.EMPTY)
    return words.replace("\0", "")


def _lines(words: str) -> Iterable[str]:
    return io.StringIO(words, newline="\n")


def _rows(lines: Iterable[str], separator: str) -> Iterator[list[str]]:
    csv.field_size_limit(_FIELD)  # the module's only way to set it, and the same for all of its readers
    try:
        yield from csv.reader(lines, delimiter=separator)
    except csv.Error:
        raise FileUnusable(Flaw.BROKEN) from None


def _read(words: str, separator: str, kind: str) -> Reading:
    kept: dict[int, list[str]] = {}
    total = width = 0
    for number, row in enumerate(_rows(_lines(words), separator), 1):
        if any(row):
            total, width = number, max(width, len(row))
        if len(kept) < ROWS:
            cells = trimmed([clipped(cell.strip()) for cell in row[:COLUMNS]])
            if cells:
                kept[number] = cells
    grid = Grid(kept, total, width)
    return Reading(kind, Unit.SHEET, 1, [Section(1, grid.text(), part=grid.part)])
