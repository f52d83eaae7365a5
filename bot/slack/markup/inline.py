"""The marks of Markdown inside a line."""

import re

_READ = 500
"""How far back in a line a mark may have been opened that is still open."""

_CODE = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)")
_OPEN_CODE = re.compile(r"(?<!\\)`+")
_CLOSED = re.compile(rf"\\.|{_CODE.pattern}|\[[^\[\]]*\]\((?:[^()]|\([^()]*\))*\)|<[^<>]*>")
_OPEN = re.compile(r"`|\[[^\[\]]*(?:\](?:\((?:[^()]|\([^()]*\))*)?)?$|<[^\s<>]*$|<!?[@#!][^<>]*$")
_EMPHASIS = re.compile(r"(?<!\w)(\*\*|~~)(?=\S)|(?<=\S)(\*\*|~~)(?!\w)")


def divides_token(line: str) -> bool:
    """True when this beginning of a line ends inside a code span, a link, or something else in angle brackets."""
    return _OPEN.search(_CLOSED.sub("", line[-_READ:])) is not None


def open_marks(line: str) -> str:
    """What closes the code span, or the bold and struck words, that are open at the end of a line."""
    rest = _CODE.sub("", line)
    code = _OPEN_CODE.search(rest)
    words = rest[: code.start()] if code else rest
    marks: list[str] = []
    for found in _EMPHASIS.finditer(words):
        mark = found[0]
        if mark in marks:
            marks.remove(mark)
        elif found[1]:
            marks.append(mark)
    return (code[0] if code else "") + "".join(reversed(marks))
