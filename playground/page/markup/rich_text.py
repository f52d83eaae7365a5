"""Slack's rich_text blocks, which its composer makes of what people type, turned into HTML.

The shapes are those of https://docs.slack.dev/reference/block-kit/blocks/rich-text-block.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from playground.page.markup.html import (
    Html,
    Names,
    broadcast,
    channel,
    code_block,
    element,
    emoji,
    join,
    lines,
    link,
    mention,
    prose,
    text,
)

Leaf = dict[str, Any]
"""An element within a line: text, a link, a mention and the like."""

_STYLES = {"code": "code", "bold": "strong", "italic": "em", "strike": "s", "underline": "u"}


def rich_text(block: dict[str, Any], names: Names) -> Html:
    """The whole block: sections, lists, quotes and preformatted text."""
    return join(_parts(block.get("elements", ()), names))


def _parts(parts: Iterable[dict[str, Any]], names: Names) -> Iterator[Html]:
    for part in parts:
        content = part["elements"]
        match part["type"]:
            case "rich_text_quote":
                yield element("blockquote", element("p", _inline(content, names)))
            case "rich_text_preformatted":
                code = "".join(leaf.get("text") or leaf.get("url", "") for leaf in content)
                yield code_block(code, part.get("language", ""))
            case "rich_text_list":
                yield _list(part, names)
            case _:
                yield element("p", _inline(content, names))


def _list(part: dict[str, Any], names: Names) -> Html:
    """Lists of different depth follow each other in this format; a deeper one is just drawn further right."""
    items = [element("li", _inline(item["elements"], names)) for item in part["elements"]]
    indent = f"indent-{min(part.get('indent', 0), 8)}"
    if part["style"] == "ordered":
        return element("ol", *items, class_=indent, start=str(part.get("offset", 0) + 1))
    return element("ul", *items, class_=indent)


def _inline(leaves: Iterable[Leaf], names: Names) -> Html:
    return join(_styled(_LEAVES.get(leaf["type"], _fallback)(leaf, names), leaf.get("style") or {}) for leaf in leaves)


def _text(leaf: Leaf, _names: Names) -> Html:
    return lines(leaf["text"], text if (leaf.get("style") or {}).get("code") else prose)


def _link(leaf: Leaf, _names: Names) -> Html:
    return link(leaf["url"], text(leaf.get("text") or leaf["url"]))


def _fallback(leaf: Leaf, _names: Names) -> Html:
    """A date, a colour, or something that this page does not know."""
    return text(str(leaf.get("fallback") or leaf.get("value") or ""))


_LEAVES: Mapping[str, Callable[[Leaf, Names], Html]] = {
    "broadcast": lambda leaf, _names: broadcast(leaf["range"]),
    "channel": lambda leaf, names: channel(leaf["channel_id"], "", names),
    "emoji": lambda leaf, _names: text(emoji(leaf["name"])),
    "link": _link,
    "text": _text,
    "user": lambda leaf, names: mention(leaf["user_id"], names),
    "usergroup": lambda leaf, _names: broadcast(leaf["usergroup_id"]),
}


def _styled(content: Html, style: dict[str, Any]) -> Html:
    for name, tag in _STYLES.items():
        if style.get(name):
            content = element(tag, content)
    return content
