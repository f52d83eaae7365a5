"""The fences of Markdown code blocks."""

import re
from dataclasses import dataclass

READ = 200
"""How many characters at the start of a line decide what the line is."""

_LEAD = r"(?:[ \t>]|(?:[-*+]|\d{1,9}[.)])(?=[ \t])){0,40}"
"""Indentation, quote marks and list markers, in which a fence may stand."""

_OPENING = re.compile(
    rf"(?P<lead>{_LEAD})(?P<marks>`{{3,60}}(?=[^`]*$)|~{{3,60}}(?!~))[ \t]*(?P<language>[^\s`]{{0,40}})"
)
_FENCED_LINE = re.compile(rf"^{_LEAD}(?:```|~~~).*", re.MULTILINE)
_UNQUOTED_LINE = re.compile(r"^(?![ \t]*>)", re.MULTILINE)
_MARKER = re.compile(r"[^ \t>]")


@dataclass(frozen=True, slots=True)
class Fence:
    """An open fence: what stands before it in its line, its marks, and the language of the code."""

    lead: str
    marks: str
    language: str

    @property
    def opening(self) -> str:
        """The line that opens it again in another message; list markers have become blanks."""
        return f"{self.lead}{self.marks}{self.language}\n"

    def closing(self, text: str) -> str:
        """What closes it behind this text: a line of its own."""
        return ("" if text.endswith("\n") else "\n") + self.lead + self.marks

    def closed_by(self, line: str) -> bool:
        """True for a line that closes the fence."""
        marks = line[:READ].strip(" \t\r>")
        return len(marks) >= len(self.marks) and marks == self.marks[0] * len(marks)

    def left_by(self, line: str) -> bool:
        """True for a line that ends the quote in which the fence stands, and the fence with it."""
        return ">" in self.lead and not line.lstrip(" \t").startswith(">")


def opened_by(line: str) -> Fence | None:
    """The fence that this line opens; None too for marks or a lead that are longer than anybody writes."""
    found = _OPENING.match(line[:READ].rstrip("\r"))
    if found is None:
        return None
    return Fence(_MARKER.sub(" ", found["lead"]), found["marks"], found["language"])


def open_fence(text: str) -> Fence | None:
    """The fence that is open at the end of a text."""
    fence: Fence | None = None
    inside = 0
    for found in _FENCED_LINE.finditer(text):
        if fence and not _left(fence, text, inside, found.start() - 1) and not fence.left_by(found[0]):
            fence = None if fence.closed_by(found[0]) else fence
        else:
            fence, inside = opened_by(found[0]), found.end() + 1
    return None if fence and _left(fence, text, inside, len(text.removesuffix("\n"))) else fence


def closed(text: str) -> str:
    """The text, with the fence closed that is open at its end."""
    fence = open_fence(text)
    return text + fence.closing(text) if fence else text


def _left(fence: Fence, text: str, start: int, end: int) -> bool:
    return ">" in fence.lead and start < len(text) and _UNQUOTED_LINE.search(text, start, end) is not None
