"""Slack's rich_text blocks, in which people's messages arrive, read as Markdown (docs.slack.dev, rich text block)."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import reduce

from bot.slack.markup.mrkdwn import NameOf, link
from bot.slack.payload import Json, object_at, objects_at, text_at, whole_number_at

_LANGUAGE = re.compile(r"[\w+#.-]{1,30}")
_DEEPEST_INDENT = 8  # as deep as Slack's own composer goes


def to_markdown(block: Json, name_of: NameOf) -> str:
    """The whole block; its paragraphs, quotes and code stand apart, a list and its nested lists together."""
    markdown, after_list = "", False
    for element in objects_at(block, "elements"):
        kind = text_at(element, "type")
        part = _PARTS.get(kind, section)(element, name_of).strip("\n")
        if part.strip():
            is_list = kind == "rich_text_list"
            gap = "\n" if is_list and after_list else "\n\n"
            markdown += f"{gap if markdown else ''}{part}"
            after_list = is_list
    return markdown


def section(element: Json, name_of: NameOf) -> str:
    """A run of styled text, mentions, links and emoji."""
    return "".join(
        _styled(_inline(piece, name_of), object_at(piece, "style")) for piece in objects_at(element, "elements")
    )


def _list(element: Json, name_of: NameOf) -> str:
    # Four blanks a level nest below "- " as well as below "1. " and "10. ".
    indent = " " * 4 * min(max(whole_number_at(element, "indent"), 0), _DEEPEST_INDENT)
    numbered = text_at(element, "style") == "ordered"
    first = whole_number_at(element, "offset") + 1
    lines: list[str] = []
    for number, item in enumerate(objects_at(element, "elements"), first):
        marker = f"{number}. " if numbered else "- "
        text = section(item, name_of).strip("\n").replace("\n", f"\n{indent}{' ' * len(marker)}")
        lines.append(f"{indent}{marker}{text}")
    return "\n".join(lines)


def _quote(element: Json, name_of: NameOf) -> str:
    return quoted(section(element, name_of))


def quoted(markdown: str) -> str:
    """The Markdown as a block quote."""
    return "\n".join(f"> {line}".rstrip() for line in markdown.strip("\n").split("\n"))


def _preformatted(element: Json, _: NameOf) -> str:
    code = "".join(text_at(piece, "text") or text_at(piece, "url") for piece in objects_at(element, "elements"))
    language = text_at(element, "language")
    fence = "`" * max(3, _longest_run_of_backticks(code) + 1)
    return f"{fence}{language if _LANGUAGE.fullmatch(language) else ''}\n{code.strip(chr(10))}\n{fence}"


_PARTS: dict[str, Callable[[Json, NameOf], str]] = {
    "rich_text_list": _list,
    "rich_text_quote": _quote,
    "rich_text_preformatted": _preformatted,
}


def _inline(piece: Json, name_of: NameOf) -> str:
    read = _PIECES.get(text_at(piece, "type"))
    return read(piece, name_of) if read else text_at(piece, "text") or text_at(piece, "fallback")


_PIECES: dict[str, Callable[[Json, NameOf], str]] = {
    "link": lambda piece, _: link(text_at(piece, "url"), text_at(piece, "text")),
    "user": lambda piece, name_of: _mention("@", text_at(piece, "user_id"), name_of),
    "channel": lambda piece, name_of: _mention("#", text_at(piece, "channel_id"), name_of),
    "usergroup": lambda piece, name_of: _mention("@", text_at(piece, "usergroup_id"), name_of),
    "broadcast": lambda piece, _: f"@{text_at(piece, 'range')}",
    "emoji": lambda piece, _: f":{text_at(piece, 'name')}:",
    "color": lambda piece, _: text_at(piece, "value"),
    "date": lambda piece, _: text_at(piece, "fallback") or _moment(whole_number_at(piece, "timestamp")),
}


def _mention(sign: str, identifier: str, name_of: NameOf) -> str:
    return f"{sign}{name_of(identifier) or identifier}"


def _moment(timestamp: int) -> str:
    try:
        return f"{datetime.fromtimestamp(timestamp, UTC):%Y-%m-%d %H:%M} UTC"
    except (ValueError, OverflowError, OSError):
        return ""


def _styled(text: str, style: Json) -> str:
    marks = [mark for name, mark in _MARKS if style.get(name) is True] if style else []
    core = text.strip()
    if not marks or not core:
        return text
    before, _, after = text.partition(core)
    return f"{before}{reduce(_marked, marks, core)}{after}"


_MARKS = (("code", "`"), ("strike", "~~"), ("italic", "*"), ("bold", "**"))  # from the innermost to the outermost


def _marked(text: str, mark: str) -> str:
    if mark == "`" and "`" in text:
        # CommonMark takes one blank on either side away again.
        ticks = "`" * (_longest_run_of_backticks(text) + 1)
        return f"{ticks} {text} {ticks}"
    return f"{mark}{text}{mark}"


def _longest_run_of_backticks(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)
