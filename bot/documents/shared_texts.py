"""The texts of a workbook that its cells refer to by number."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.documents.grid import CELL
from bot.documents.package import Package
from bot.documents.xml_stream import XmlStream

_WHOLE = 32_000_000
"""Characters kept of one workbook."""


class SharedTexts:
    """Reads the texts as far as they are asked for: the rows that are kept seldom need all of them."""

    def __init__(self, package: Package, name: str | None) -> None:
        self._collector = _TextCollector()
        self._stream = XmlStream(package.open(name), self._collector) if name else None

    def at(self, number: int) -> str:
        """The text with this number from 0; empty when there is none, or too much before it. Raises FileUnusable."""
        texts = self._collector.texts
        while number >= len(texts) and self._stream is not None:
            if not self._stream.parse() or self._collector.left < 0:
                self._stream = None
        return texts[number] if number < len(texts) else ""


@dataclass(slots=True)
class _TextCollector:
    """Cuts each text to what a cell may show: one long text that thousands of cells share is a known attack."""

    texts: list[str] = field(default_factory=list)
    left: int = _WHOLE
    _pieces: list[str] = field(default_factory=list)
    _size: int = 0
    _is_text: bool = False
    _is_phonetic: bool = False

    def start(self, tag: str, _attributes: Mapping[str, str], /) -> None:
        name = tag.rpartition("}")[2]
        if name == "si":
            self._pieces, self._size = [], 0
        elif name == "t":
            self._is_text = not self._is_phonetic
        elif name == "rPh":  # how Japanese words are pronounced
            self._is_phonetic = True

    def data(self, text: str, /) -> None:
        if self._is_text and self._size <= CELL:
            self._pieces.append(text[: CELL + 1])
            self._size += len(text)

    def end(self, tag: str, /) -> None:
        name = tag.rpartition("}")[2]
        if name == "si" and self.left >= 0:
            text = "".join(self._pieces)[: CELL + 1]
            self.left -= len(text) + 1
            self.texts.append(text)
        elif name == "t":
            self._is_text = False
        elif name == "rPh":
            self._is_phonetic = False

    def close(self) -> None:
        """Nothing is left to do at the end."""
