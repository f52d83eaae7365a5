"""Collects the first cells of a sheet while its XML passes by."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.documents.grid import CELL, COLUMNS, ROWS

_EVENTS = 3_000_000
"""Rows and cells, empty ones included, after which nobody waits for more."""


@dataclass(frozen=True, slots=True)
class Value:
    """A cell as it is in the file: its type and style, and its text, which for a shared one is a number."""

    kind: str
    style: int
    text: str = field(repr=False)


@dataclass(slots=True)
class CellCollector:
    """The cells that are kept, by the numbers of their rows from 1 and columns from 0 (ECMA-376 part 1, §18.3.1).

    `full` says that no more are kept than these, `budget` cells at most; `width` counts the columns of all that passed.
    """

    budget: int
    rows: dict[int, dict[int, Value]] = field(default_factory=dict)
    kept: int = 0
    width: int = 0
    full: bool = False
    _row: int = 0
    _column: int = -1
    _kind: str = "n"
    _style: int = 0
    _texts: dict[str, str] = field(default_factory=dict)
    _inside: str = ""
    _is_phonetic: bool = False
    _events: int = 0

    def start(self, tag: str, attributes: Mapping[str, str], /) -> None:
        name = tag.rpartition("}")[2]
        if name == "c":
            self._column = column_of(attributes["r"]) if "r" in attributes else self._column + 1
            self._kind, self._style = attributes.get("t", "n"), _number(attributes.get("s", ""))
            self._texts = {}
            self._events += 1
        elif name in ("v", "t", "f") and not self._is_phonetic:
            self._inside = name
        elif name == "row":
            self._row, self._column = _number(attributes.get("r", "")) or self._row + 1, -1
            self._events += 1
        elif name == "rPh":
            self._is_phonetic = True

    def data(self, text: str, /) -> None:
        if self._inside and not self.full:
            before = self._texts.get(self._inside, "")
            if len(before) <= CELL:
                self._texts[self._inside] = before + text[: CELL + 1]

    def end(self, tag: str, /) -> None:
        self._inside = ""
        name = tag.rpartition("}")[2]
        if name == "c" and not self.full:
            self._keep()
        elif name == "row":
            self.full = self.full or len(self.rows) >= ROWS or self._events > _EVENTS
        elif name == "rPh":
            self._is_phonetic = False

    def close(self) -> None:
        """Nothing is left to do at the end."""

    def _keep(self) -> None:
        kind, text = self._kind, self._texts.get("v", "") or self._texts.get("t", "")
        if not text and self._texts.get("f"):  # nobody has calculated the formula yet
            kind, text = "str", f"={self._texts['f']}"
        if text:
            self.width = max(self.width, self._column + 1)
        if text and self._column < COLUMNS:
            self.rows.setdefault(self._row, {})[self._column] = Value(kind, self._style, text)
            self.kept += 1
        self.full = self.kept >= self.budget or self._events > _EVENTS


def column_of(reference: str) -> int:
    """The column of a cell such as AB12, counted from 0."""
    column = 0
    for letter in reference[:3]:
        if not "A" <= letter <= "Z":
            break
        column = column * 26 + ord(letter) - ord("A") + 1
    return max(column - 1, 0)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0
