"""What counts as a character: for Slack's limits, and for the eye."""

import unicodedata
from bisect import bisect_right
from itertools import takewhile

LARGEST = 5
"""The most that one character counts."""

_JOINER = "\u200d"
_MARKS = frozenset({"Mn", "Me", "Mc"})
_LONGEST_CLUSTER = 64


def size(text: str) -> int:
    """How much of Slack's limits a text takes: its UTF-8 bytes, with `&`, `<` and `>` escaped.

    Slack documents characters. The limit of chat.update's `text` was found to be 4,000 bytes, though, and refusals of
    streams fit bytes only (openclaw pull requests 115027 and 143882); Slack keeps texts escaped. Where it counts less
    than this, messages become shorter than they need to be; where a measure counts less than Slack, they are refused.
    """
    escapes = 4 * text.count("&") + 3 * (text.count("<") + text.count(">"))
    return escapes + (len(text) if text.isascii() else len(text.encode(errors="surrogatepass")))


def fitting(text: str, room: int) -> int:
    """The most characters of a text whose size is at most `room`."""
    if len(text) * LARGEST <= room or size(text) <= room:
        return len(text)
    return max(0, bisect_right(range(len(text)), room, key=lambda length: size(text[:length])) - 1)


def whole_before(text: str, position: int) -> int:
    """The last position up to this one that divides nothing which people see as one character.

    Longer stacks of marks than any script needs are divided.
    """
    for candidate in range(position, max(0, position - _LONGEST_CLUSTER), -1):
        if candidate >= len(text) or not _joined(text, candidate):
            return candidate
    return position


def _joined(text: str, position: int) -> bool:
    before, after = text[position - 1], text[position]
    return (
        unicodedata.category(after) in _MARKS
        or _JOINER in (before, after)
        or _is_skin_tone_or_tag(after)
        or before + after == "\r\n"
        or ("\ud800" <= before <= "\udbff" and "\udc00" <= after <= "\udfff")
        or "\u1160" <= after <= "\u11ff"  # the vowels and final consonants of a Korean syllable in pieces
        or (_is_flag_letter(after) and _flag_letters_before(text, position) % 2 == 1)
    )


def _is_skin_tone_or_tag(character: str) -> bool:
    return "\U0001f3fb" <= character <= "\U0001f3ff" or "\U000e0020" <= character <= "\U000e007f"


def _is_flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flag_letters_before(text: str, position: int) -> int:
    return sum(1 for _ in takewhile(_is_flag_letter, reversed(text[:position])))
