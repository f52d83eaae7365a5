"""What can be shown of a text that is not finished."""

import re

from bot.slack.markup.fences import closed
from bot.slack.markup.inline import open_marks
from bot.slack.markup.structure import decided

_HELD = 200
"""The most characters that are held back because they may yet change their meaning."""

_HALF = re.compile(r"\[[^\[\]\u200b]*(?:\](?:\([^()\u200b]*)?)?$|<(?:\s*|[^\s<>\u200b]*|\s*![^<>\u200b]*)$")
"""A link, or something in angle brackets, that has not ended; nothing that `neutral` has changed is part of it."""

_RUN = "`*_~\u200d"
"""Characters that mean something else when more follows."""

_RULE_SO_FAR = re.compile(r"[ \t|:-]*$")
_ROW = re.compile(r" *\|")


def steady(text: str, complete: bool = False) -> int:
    """How many characters of a growing text may be shown where nothing can be taken back.

    The rest may yet change its meaning: blanks at the end, and among the last 200 characters a line of nothing but
    marks, a line that opens a fence, the head of a table, a run of backticks or asterisks, half a link, half an entity.
    """
    if complete:
        return len(text)
    text = text.rstrip()
    oldest = max(0, len(text) - _HELD)
    start = text.rfind("\n") + 1
    half = _HALF.search(text, max(start, oldest))
    kept = len(text)
    for place in (len(text.rstrip(_RUN)), half.start() if half else kept, _table_head(text, start, oldest)):
        if oldest <= place < kept:
            kept = place
    return start if oldest <= start < kept and not decided(text[start:kept]) else kept


def healed(text: str) -> str:
    """An unfinished text as it is best shown for the moment: what is open is closed."""
    complete = closed(text)
    marks = "" if complete != text else open_marks(text[text.rfind("\n") + 1 :])
    return text.rstrip() + marks if marks else complete


def _table_head(text: str, start: int, oldest: int) -> int:
    """Where the head of a table begins that is not yet ruled off, or the end of the text.

    `start` is where the last line begins; what begins before `oldest` does not matter.
    """
    if text.find("|", oldest) < 0:
        return len(text)
    if start and _RULE_SO_FAR.match(text, start):
        start = text.rfind("\n", 0, start - 1) + 1
    above = text.rfind("\n", 0, max(0, start - 1)) + 1
    is_head = _ROW.match(text, start) and not (start and _ROW.match(text, above))
    return start if is_head else len(text)
