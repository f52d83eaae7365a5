"""The pieces of which modals and home tabs are made; every text is cut to what Slack takes (Block Kit reference)."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.slack.markup.markdown import escaped, shortened

View = dict[str, Any]
Block = dict[str, Any]
Element = dict[str, Any]

MOST_OPTIONS = 100
LONGEST_VALUE = 150
"""Characters of an option's value."""

_LABEL, _PLACEHOLDER, _BUTTON, _OPTION, _SECTION = 2_000, 150, 75, 75, 3_000
_CONFIRM_TITLE, _CONFIRM_TEXT, _CONFIRM_BUTTON = 100, 300, 30


def plain(text: str, limit: int) -> dict[str, Any]:
    """A text without marks; `:words:` between colons stay as they are."""
    return {"type": "plain_text", "text": clipped(text, limit), "emoji": False}


def clipped(text: str, limit: int) -> str:
    """The text if it has at most `limit` characters, or its beginning with an ellipsis."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def modal(title: str, blocks: list[Block], *, close: str, **more: Any) -> View:
    """A modal without a button to submit it, unless `more` brings one."""
    return {"type": "modal", "title": plain(title, 24), "close": plain(close, 24), "blocks": blocks, **more}


def said(mrkdwn: str) -> Block:
    """A paragraph in which everything that is not ours is escaped already."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": shortened(mrkdwn, _SECTION)}}


def said_plainly(text: str) -> Block:
    """A paragraph of plain text."""
    return said(escaped(text))


def heading(text: str) -> Block:
    """A line above a part of a view."""
    return {"type": "header", "text": plain(text, 150)}


def row(*elements: Element) -> Block:
    """Buttons side by side."""
    return {"type": "actions", "elements": list(elements)}


def button(action: str, text: str, confirm: Mapping[str, Any] | None = None) -> Element:
    """A button; with `confirm` Slack asks before it tells us."""
    return {"type": "button", "action_id": action, "text": plain(text, _BUTTON)} | (
        {"confirm": dict(confirm), "style": "danger"} if confirm else {}
    )


def confirmation(title: str, text: str, confirm: str, deny: str) -> dict[str, Any]:
    """What Slack asks before a button counts."""
    return {
        "title": plain(title, _CONFIRM_TITLE),
        "text": plain(text, _CONFIRM_TEXT),
        "confirm": plain(confirm, _CONFIRM_BUTTON),
        "deny": plain(deny, _CONFIRM_BUTTON),
        "style": "danger",
    }


def labelled(block_id: str, label: str, element: Element, *, hint: str = "", tells: bool = False) -> Block:
    """An input with its label; when it `tells`, we hear of each choice at once."""
    return {
        "type": "input",
        "block_id": block_id,
        "optional": element["type"] == "plain_text_input",  # a menu always holds something
        "dispatch_action": tells,
        "label": plain(label, _LABEL),
        "element": element,
    } | ({"hint": plain(hint, _LABEL)} if hint else {})


def menu(action: str, options: Iterable[tuple[str, str]], chosen: str) -> Element:
    """A choice among (value, text), of which at most a hundred are offered; `chosen` is the value that is shown."""
    offered = {value: {"text": plain(text, _OPTION), "value": value} for value, text in options}
    kept = dict(list(offered.items())[:MOST_OPTIONS])
    return {
        "type": "static_select",
        "action_id": action,
        "options": list(kept.values()),
        "initial_option": kept[chosen],
    }


def field(action: str, text: str, *, longest: int, placeholder: str = "", multiline: bool = False) -> Element:
    """A place to write, at most `longest` characters, up to 3,000."""
    element = {"type": "plain_text_input", "action_id": action, "multiline": multiline, "max_length": longest}
    if text:
        element["initial_value"] = text[:longest]
    if placeholder:
        element["placeholder"] = plain(placeholder, _PLACEHOLDER)
    return element
