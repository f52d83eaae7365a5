"""Chooses what a model reads of a document that is too long for it, and says what that is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.domain.files import Document, Section, Unit

BYTES_PER_TOKEN = 3
"""A token is three bytes of prose in any language, often more; measured against o200k_base."""

PART = 6_000
"""Characters of one part of a text that has no pages."""

SCAN_TOKENS = 1_500
"""What a page costs that is read as a picture."""

MOST_PARTS = 3
"""Sections of which it is said what of them is there."""

_NUMBERS = re.compile(r"(?<![a-zA-Z0-9_.,])(\d{1,6})(?:\s{0,2}[-–—~〜]\s{0,2}(\d{1,6}))?(?![a-zA-Z0-9_]|[.,]\d)")
"""Numbers by themselves; Japanese and Chinese put no blanks around them."""
_LONGEST_RANGE = 200


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The sections of a document that a model reads, in their order."""

    document: Document
    sections: tuple[Section, ...]

    @property
    def complete(self) -> bool:
        """True when nothing of the document is missing."""
        parted = any(section.part for section in self.sections)
        return not self.document.cut and not parted and len(self.sections) == self.document.total

    @property
    def extent(self) -> str:
        """What is there, as in "pages 1–40 and 150 of 212"; sections that are not whole are named."""
        unit, total = self.document.unit, self.document.total
        numbers = [section.number for section in self.sections]
        if not numbers:
            return f"none of its {total} {unit}s"
        runs = " and ".join(", ".join(_runs(numbers)).rsplit(", ", 1))
        extent = f"{unit}{'' if len(numbers) == 1 else 's'} {runs} of {total}"
        parts = [f"{unit} {section.number}: {section.part}" for section in self.sections if section.part]
        return f"{extent} ({'; '.join(parts[:MOST_PARTS])})" if parts else extent


def excerpt(document: Document, budget: int, question: str) -> Excerpt:
    """As much of the document as `budget` tokens hold: the pages that the question names, then the beginning.

    A number in the question, or a range such as 10-20, may name pages, in any language.
    """
    document = _in_parts(document) if cost_of(document.sections) > budget else document
    asked = _named(question, document.total) if cost_of(document.sections) > budget else frozenset()
    left = budget
    chosen: list[Section] = []
    for section in sorted(document.sections, key=lambda each: (each.number not in asked, each.number)):
        cost = cost_of((section,))
        if cost > left:
            if chosen and section.number not in asked:
                break
            section = _shortened(section, left)  # noqa: PLW2901 - what is chosen is what fits
        chosen.append(section)
        left -= min(cost, left)
        if left <= 0:
            break
    return Excerpt(document, tuple(sorted(chosen, key=lambda each: each.number)))


def cost_of(sections: Iterable[Section]) -> int:
    """About how many tokens these sections cost, rather too many than too few."""
    return sum(
        len(section.text.encode(errors="replace")) // BYTES_PER_TOKEN + 12 + (SCAN_TOKENS if section.scan else 0)
        for section in sections
    )


def _in_parts(document: Document) -> Document:
    """A long text without pages gets parts, so that people can ask for them by number."""
    if document.unit is not Unit.PART or len(document.sections) != 1:
        return document
    pieces = _pieces(document.sections[0].text)
    sections = tuple(Section(number, piece) for number, piece in enumerate(pieces, start=1))
    return replace(document, total=len(sections), sections=sections)


def _pieces(text: str) -> list[str]:
    """The text in pieces of at most PART characters, cut after a line where there is one."""
    pieces: list[str] = []
    start = 0
    while start < len(text):
        end = start + PART
        feed = text.rfind("\n", start + PART // 2, end)
        end = feed + 1 if feed >= 0 and end < len(text) else end
        pieces.append(text[start:end])
        start = end
    return pieces


def _shortened(section: Section, budget: int) -> Section:
    kept = section.text.encode(errors="replace")[: max(0, budget * BYTES_PER_TOKEN)].decode(errors="ignore")
    return replace(
        section,
        text=f"{kept}\n[… the rest of this {len(section.text):,} characters long part is left out …]",
        part=f"its first {len(kept):,} of {len(section.text):,} characters",
    )


def _named(question: str, total: int) -> frozenset[int]:
    named: set[int] = set()
    for first, last in _NUMBERS.findall(question):
        start, end = int(first), int(last or first)
        if 1 <= start <= end <= total:
            named.update(range(start, min(end, start + _LONGEST_RANGE) + 1))
    return frozenset(named)


def _runs(numbers: list[int]) -> list[str]:
    """Numbers in ascending order as "1–40", "150"."""
    starts = [numbers[0], *(later for earlier, later in pairwise(numbers) if later != earlier + 1)]
    ends = [*(earlier for earlier, later in pairwise(numbers) if later != earlier + 1), numbers[-1]]
    return [str(start) if start == end else f"{start}–{end}" for start, end in zip(starts, ends, strict=True)]
