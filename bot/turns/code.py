"""What of an answer is code for every reader of Markdown, and not only for some."""

import re
from dataclasses import dataclass

_LONGEST_SPAN = 500
"""Characters of a code span; a longer one is taken for words."""

_FENCE = re.compile(r"(?P<lead>[ \t>]*(?:(?:[*+-]|\d{1,9}[.)])[ \t]+[ \t>]*)*)(?P<marks>`{3,}|~{3,})(?P<info>.*)")
_FENCE_BEGUN = re.compile(r"[ \t>*+\-\d.)]*(?:`{1,2}|~{1,2}|(?:`{3,}|~{3,})[^`]{0,200})?\Z")


@dataclass(slots=True)
class Code:
    """Follows an answer line by line while it grows.

    Fences count that stand by themselves, and spans that end in their line. `_doubt` says that readers may disagree
    about what is code from here on, so that nothing is; `_is_open`, the same for the rest of a paragraph.
    """

    _fence: str = ""
    _is_code: bool | None = None
    _doubt: bool = False
    _is_open: bool = False

    @property
    def holds_line(self) -> bool:
        """True when the line that was begun is code as a whole."""
        return bool(self._is_code)

    def begin_line(self, line: str, *, complete: bool) -> bool:
        """Decide, by the beginning of a line, whether the line is code; False while that cannot be told."""
        if self._is_code is not None:
            return True
        if self._fence:
            return self._begin_fenced(line, complete=complete)
        if not complete and _FENCE_BEGUN.match(line):
            return False
        self._is_code = False
        if (found := _FENCE.match(line)) and "`" not in found["info"]:
            lead, marks = found["lead"], found["marks"]
            self._is_code = marks[0] == "`" and not lead.strip(" ") and len(lead) <= 3 and len(found["info"]) <= 200
            self._doubt |= self._is_open or not self._is_code
            self._is_code &= not self._doubt
            self._fence = lead + marks if self._is_code else ""
        return True

    def _begin_fenced(self, line: str, *, complete: bool) -> bool:
        marks, fence = line.strip(), self._fence.strip()
        if not complete and not marks.strip("`"):
            return False
        self._is_code = True
        if marks and _indent(line) < _indent(self._fence):  # this ends a list, and what stands in it
            self._fence, self._doubt, self._is_code = "", True, False
        elif len(marks) >= len(fence) and not marks.strip("`"):
            self._fence, self._doubt = "", self._doubt or _indent(line) > 3
        return True

    def end_line(self, line: str) -> None:
        """The line is over."""
        self._is_code = None
        self._is_open = self._is_open and bool(line.strip())

    def span(self, line: str, start: int, end: int, *, complete: bool) -> int | None:
        """Where the code span ends that is opened by the backticks from `start` to `end`; None until it is told.

        The end of the backticks themselves, where they open none.
        """
        marks = line[start:end]
        closing = re.compile(rf"(?<!`){marks}(?!`)").search(line, end, end + _LONGEST_SPAN)
        if not complete and (closing.end() == len(line) if closing else len(line) < end + _LONGEST_SPAN):
            return None
        if closing is None:
            self._is_open, self._doubt = True, self._doubt or len(marks) >= 3
        return end if closing is None or self._doubt or self._is_open else closing.end()


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
