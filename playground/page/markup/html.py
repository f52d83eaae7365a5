"""The HTML that all of Slack's dialects share; the only place where text becomes HTML."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import NewType

Html = NewType("Html", str)
"""Markup that a browser may be given; plain text becomes Html by `text` alone."""

_SAFE_URL = re.compile(r"(?:https?://|mailto:)\S", re.IGNORECASE)

_EMOJI_NAME = re.compile(r":([a-z0-9_+-]+):")
_EMOJI = {
    "arrows_counterclockwise": "🔄",
    "blush": "😊",
    "bulb": "💡",
    "eyes": "👀",
    "hourglass": "⌛",
    "hourglass_flowing_sand": "⏳",
    "information_source": "ℹ️",
    "octagonal_sign": "🛑",
    "speech_balloon": "💬",
    "smile": "😄",
    "sparkles": "✨",
    "tada": "🎉",
    "thinking_face": "🤔",
    "+1": "👍",
    "thumbsup": "👍",
    "warning": "⚠️",
    "wave": "👋",
    "white_check_mark": "✅",
    "x": "❌",
}


TABLE_OPEN = Html('<div class="table" role="group" aria-label="Table" tabindex="0"><table>')
TABLE_CLOSE = Html("</table></div>")
"""A wide table scrolls sideways, within reach of the keyboard."""


@dataclass(frozen=True, slots=True)
class Names:
    """What people read instead of ids."""

    people: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)


def text(plain: str) -> Html:
    """Plain text, shown as it is."""
    return Html(escape(plain))


def prose(plain: str) -> Html:
    """Plain text in which the names of emoji become pictures, as `:eyes:` does."""
    return text(_EMOJI_NAME.sub(lambda match: emoji(match[1]), plain))


def emoji(name: str) -> str:
    """The picture of an emoji, or its name between colons for one that the page does not know."""
    return _EMOJI.get(name, f":{name}:")


def lines(plain: str, render: Callable[[str], Html] = prose) -> Html:
    """Text whose line ends are kept; each line is rendered by itself."""
    return join((render(line) for line in plain.split("\n")), Html("<br>"))


def join(parts: Iterable[Html], separator: Html | None = None) -> Html:
    """Pieces of HTML, one after the other."""
    return Html((separator or "").join(parts))


def element(tag: str, *content: Html, **attributes: str) -> Html:
    """An element; `class_` and `data_x` become the attributes `class` and `data-x`."""
    written = "".join(f' {name.rstrip("_").replace("_", "-")}="{escape(value)}"' for name, value in attributes.items())
    return Html(f"<{tag}{written}>{join(content)}</{tag}>")


def lone(tag: str, **attributes: str) -> Html:
    """An element that holds nothing and has no end tag, such as an input."""
    return Html(element(tag, **attributes).removesuffix(f"</{tag}>"))


def icon(path: str) -> Html:
    """An icon drawn with one path in a square of 20 × 20; it means nothing to a screen reader."""
    return element("svg", element("path", d=path), viewBox="0 0 20 20", aria_hidden="true", class_="icon")


def is_safe_url(url: str) -> bool:
    """True for the addresses that may be opened from a message: web pages and mail."""
    return _SAFE_URL.match(url) is not None


def link(url: str, content: Html) -> Html:
    """A link that opens elsewhere and tells nothing about this page; just its content, if the address is not safe."""
    if not is_safe_url(url):
        return content
    return element("a", content, href=url, target="_blank", rel="noopener noreferrer nofollow")


def mention(user: str, names: Names) -> Html:
    """The name of a person, marked as a mention."""
    return element("span", text("@" + names.people.get(user, user)), class_="mention", data_user=user)


def channel(channel_id: str, label: str, names: Names) -> Html:
    """The name of a channel; `label` is what the writer's client called it, often nothing."""
    return element("span", text("#" + names.channels.get(channel_id, label or channel_id)), class_="mention")


def broadcast(audience: str) -> Html:
    """A mention of many people at once: @here, @channel or @everyone."""
    return element("span", text("@" + audience), class_="mention")


def code_block(code: str, language: str = "") -> Html:
    """Code with its language above it and a button that copies it."""
    return element(
        "figure",
        element(
            "figcaption",
            element("span", text(language or "text"), class_="language"),
            element("button", text("Copy"), type="button", class_="copy", aria_label="Copy code"),
        ),
        element("pre", element("code", text(code.removesuffix("\n"))), tabindex="0"),
        class_="code",
    )


def table(rows: Iterable[Iterable[Html]]) -> Html:
    """A table whose first row is its heading; each cell is a whole `th` or `td` element."""
    head, *body = [element("tr", *cells) for cells in rows] or [Html("")]
    return Html(f"{TABLE_OPEN}{element('thead', head)}{element('tbody', *body)}{TABLE_CLOSE}")
