"""The text of a PDF page in the order in which people read it."""

import ctypes
import re
import unicodedata
from itertools import pairwise

import pypdfium2
from pypdfium2 import raw

_MOST_CHARACTERS = 200_000
"""Of one page. A page of a newspaper has thirty thousand; a hostile one had thirty million."""

_MOST_LINES_SORTED = 5_000
_LEAST_LINES_SORTED = 8
_SCRAMBLED = 0.25
"""The part of a page's lines that stand above the line before them, from which on its order means nothing.

A page in three columns has two such lines, a page that was written cell by cell has many.
"""

_MOST_GARBAGE = 0.05
_SAMPLE = 4_000
_BROKEN_WORD = re.compile("[\x02\ufffe](?:\r?\n)?")
"""PDFium's mark for a hyphen at the end of a line."""

_MEANINGLESS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd]")
_NOTHING_TO_SEE = re.compile(r"[\s\x00-\x1f\u200b-\u200f\ufeff]+")


def page_text(page: pypdfium2.PdfPage) -> str:
    """The text of a page, one line a line."""
    textpage = page.get_textpage()
    try:
        count = min(textpage.count_chars(), _MOST_CHARACTERS)
        if count <= 0:
            return ""
        text = _range(textpage, count)
        lines = text.split("\r\n")
        if _LEAST_LINES_SORTED <= len(lines) <= _MOST_LINES_SORTED:
            places = _places(textpage, lines)
            if _is_scrambled(places):
                text = _in_rows(lines, places)
    finally:
        textpage.close()
    return unicodedata.normalize("NFC", _BROKEN_WORD.sub("", text).replace("\r\n", "\n").replace("\0", "").rstrip())


def visible(text: str) -> int:
    """How many characters there are to see."""
    return len(_NOTHING_TO_SEE.sub("", text))


def is_garbage(text: str) -> bool:
    """Whether the letters stand for nothing, as happens when a font does not tell what its shapes mean."""
    sample = text[:_SAMPLE]
    return len(_MEANINGLESS.findall(sample)) > _MOST_GARBAGE * len(sample)


def _range(textpage: pypdfium2.PdfTextPage, count: int) -> str:
    buffer = (ctypes.c_ushort * (count + 1))()
    written = raw.FPDFText_GetText(textpage, 0, count, buffer)
    return bytes(buffer)[: 2 * max(written - 1, 0)].decode("utf-16-le", "replace")


Place = tuple[float, float, float]
"""Left edge, baseline and height of a line, in points from the lower left corner of the page."""


def _places(textpage: pypdfium2.PdfTextPage, lines: list[str]) -> list[Place | None]:
    """Where each line stands; None for empty ones."""
    places: list[Place | None] = []
    start = 0
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    for line in lines:
        stripped = line.lstrip()
        index = start + len(line) - len(stripped)
        found = stripped and raw.FPDFText_GetCharBox(textpage, index, left, right, bottom, top)
        places.append((left.value, bottom.value, top.value - bottom.value) if found else None)
        start += len(line) + 2
    return places


def _is_scrambled(places: list[Place | None]) -> bool:
    known = [place for place in places if place is not None]
    jumps = sum(lower[1] > upper[1] + max(upper[2], lower[2], 2.0) for upper, lower in pairwise(known))
    return jumps > _SCRAMBLED * max(len(known), 1)


def _in_rows(lines: list[str], places: list[Place | None]) -> str:
    """The lines from the top down; those on one level become one line, from left to right."""
    placed = sorted(
        ((line.strip(), place) for line, place in zip(lines, places, strict=True) if place is not None),
        key=lambda pair: -pair[1][1],
    )
    rows: list[list[tuple[str, Place]]] = []
    for line, place in placed:
        if rows and rows[-1][0][1][1] - place[1] <= 0.5 * max(place[2], 4.0):
            rows[-1].append((line, place))
        else:
            rows.append([(line, place)])
    return "\n".join(" ".join(line for line, _ in sorted(row, key=lambda pair: pair[1][0])) for row in rows)
