"""Rows and columns of a sheet, as much of them as people and models can use, with the real size stated."""

from dataclasses import dataclass, field

from bot.documents import markdown

ROWS = 2_000
COLUMNS = 100
CELL = 4_000
"""As many rows and columns of a sheet are kept, and characters of a cell."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The kept rows that are not empty, by their numbers from 1; cells start in column A.

    `total` and `width` count the rows and columns of the whole sheet; with `more` there are even more rows.
    """

    rows: dict[int, list[str]] = field(repr=False)
    total: int
    width: int
    more: bool = False

    def text(self) -> str:
        """Which part of the sheet this is, and the part as a table. Says so when the sheet is empty."""
        if not self.rows:
            return "(empty)"
        left = min(next(place for place, text in enumerate(row) if text) for row in self.rows.values())
        right = max(map(len, self.rows.values()))
        table = markdown.table([row[left:] for row in self.rows.values()])
        return f"{self._extent(left, right)}\n\n{table}"

    @property
    def part(self) -> str:
        """Which part of the sheet is there, when it is not all of it; empty otherwise."""
        if not self.rows or (not self.more and self.total <= max(self.rows) and self.width <= COLUMNS):
            return ""
        extent = self._extent(0, max(map(len, self.rows.values())))
        return extent[:1].lower() + extent[1:]

    def _extent(self, left: int, right: int) -> str:
        first, last = min(self.rows), max(self.rows)
        rows = f"Rows {first:,}–{last:,}" if last > first else f"Row {first:,}"
        if self.more:
            rows += f" of at least {self.total:,}"
        elif self.total > last:
            rows += f" of {self.total:,}"
        columns = f"columns {letters(left)}–{letters(right - 1)}" if right - left > 1 else f"column {letters(left)}"
        return f"{rows}, {columns}" + (f" of A–{letters(self.width - 1)}" if self.width > COLUMNS else "")


def letters(column: int) -> str:
    """The name of a column that is counted from 0: A to Z, AA, AB and so on."""
    name = ""
    while column >= 0:
        name = chr(ord("A") + column % 26) + name
        column = column // 26 - 1
    return name


def clipped(text: str) -> str:
    """The text of a cell, without its end when it is too long."""
    return text if len(text) <= CELL else text[:CELL] + "…"


def trimmed(row: list[str]) -> list[str]:
    """The row without the empty cells at its end."""
    end = len(row)
    while end and not row[end - 1]:
        end -= 1
    return row[:end]
