"""Whatever people or models write, the page gets nothing that runs, loads or leads anywhere else than it says."""

import json
from html.parser import HTMLParser
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from playground.page.markup.blocks import blocks
from playground.page.markup.html import Html, Names
from playground.page.markup.markdown import markdown
from playground.page.markup.mrkdwn import mrkdwn
from playground.slack.markdown import expand
from playground.slack.rich_text import rich_text as typed
from playground.slack.rich_text import stored_text

BLOCKS = {"blockquote", "div", "figcaption", "figure", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "ul"}
TABLES = {"table", "tbody", "td", "th", "thead", "tr"}
INLINE = {"a", "br", "button", "code", "em", "input", "s", "span", "strong", "u"}
PLAIN = {"checked", "class", "data-user", "disabled", "role", "start", "tabindex", "title", "type", "aria-label"}
LINKS = {"href", "rel", "target"}
EMPTY = frozenset({"br", "hr", "input"})
CONTROLS = {"fieldset", "label", "legend", "optgroup", "option", "path", "select", "small", "svg", "textarea"}
"""What the app's blocks may have besides, and nothing that people or models write."""

MARKS = {"aria-describedby", "aria-haspopup", "aria-hidden", "aria-pressed", "d", "for", "hidden", "id", "inputmode"}
MARKS |= {"label", "maxlength", "multiple", "name", "placeholder", "rows", "selected", "value", "viewbox"}

FRAGMENTS = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "<svg/onload=alert(1)>",
    "javascript:alert(1)",
    "[x](javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    '[x](https://a.example "t\'" onmouseover=alert(1))',
    "![x](javascript:alert(1))",
    "<javascript:alert(1)>",
    "<javascript:alert(1)|x>",
    '<https://a.example/"onclick="alert(1)|x>',
    '<@U1"onclick="x>',
    "<@U1|<b>>",
    "<!date^1^x|<script>>",
    "&lt;script&gt;",
    "&#x6a;avascript:alert(1)",
    "```",
    "`",
    "<",
    ">",
    '"',
    "'",
    "&",
    "|a|b|\n|-|-|\n",
    "\n",
    "> ",
    "- ",
    "# ",
    "*",
    "_",
    "**",
    "https://a.example/'\"><script>",
    "</code></pre></p>",
    "\x00",
    "\u2028",
]
TEXTS = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=8), max_size=12).map("".join)
NAMES = Names({"U1": '<b onclick="x">'}, {"C1": "</span><script>"})


class Inspection(HTMLParser):
    """Reads HTML as a browser does, and fails on whatever the page must never get."""

    def __init__(self, *, of_app: bool = False) -> None:
        super().__init__(convert_charrefs=True)
        self.of_app = of_app
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in BLOCKS | TABLES | INLINE | (CONTROLS if self.of_app else set()), tag
        for name, value in attrs:
            is_mark = self.of_app and (name in MARKS or name.startswith("data-"))
            assert is_mark or name in PLAIN | LINKS, name
            if name == "data-confirm":
                inspect(json.loads(str(value))["html"])
            assert name != "href" or str(value).lower().startswith(("http://", "https://", "mailto:", "#/app")), value
        if tag == "a" and attrs:
            assert "noopener" in str(dict(attrs)["rel"])
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, tag
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)


def inspect(html: Html, *, of_app: bool = False) -> None:
    inspection = Inspection(of_app=of_app)
    inspection.feed(html)
    inspection.close()
    assert inspection.open == []


@given(TEXTS)
def test_markdown_carries_nothing_harmful(text: str) -> None:
    inspect(markdown(text, NAMES))


@given(TEXTS)
def test_mrkdwn_carries_nothing_harmful(text: str) -> None:
    inspect(mrkdwn(text, NAMES))
    inspect(mrkdwn(stored_text(text), NAMES))


@given(TEXTS)
def test_what_people_type_carries_nothing_harmful(text: str) -> None:
    inspect(blocks([typed(text, "b1")], NAMES))


@given(TEXTS)
def test_expanded_markdown_carries_nothing_harmful(text: str) -> None:
    inspect(blocks(expand(text), NAMES))


@given(TEXTS, st.sampled_from(["mrkdwn", "plain_text"]))
def test_blocks_carry_nothing_harmful(text: str, kind: str) -> None:
    composed: dict[str, Any] = {"type": kind, "text": text}
    inspect(
        blocks(
            [
                {"type": "header", "text": composed},
                {"type": "section", "text": composed, "fields": [composed]},
                {"type": "context", "elements": [composed, {"type": "image", "alt_text": text}]},
                {"type": "image", "image_url": text, "alt_text": text},
                {"type": "actions", "block_id": text, "elements": [_button(text, composed), _select(text, composed)]},
                {"type": "section", "text": composed, "accessory": _overflow(text, composed)},
                {"type": "input", "label": composed, "hint": composed, "element": _input(text)},
                {"type": "input", "label": composed, "element": _input(text) | {"multiline": True}},
                {"type": "input", "label": composed, "element": _radio(text, composed), "block_id": text},
                {"type": "table", "rows": [[{"type": "raw_text", "text": text}]]},
                {"type": "task_card", "title": text, "status": text},
                {"type": "plan", "title": text},
                {"type": text},
            ],
            NAMES,
        ),
        of_app=True,
    )


def _button(text: str, composed: dict[str, Any]) -> dict[str, Any]:
    plain = {"type": "plain_text", "text": text}
    confirm = {"title": plain, "text": composed, "confirm": plain, "deny": plain}
    return {"type": "button", "text": composed, "action_id": text, "url": text, "style": text, "confirm": confirm}


def _select(text: str, composed: dict[str, Any]) -> dict[str, Any]:
    group = {"label": composed, "options": [{"text": composed, "value": text}]}
    return {"type": "static_select", "action_id": text, "option_groups": [group], "placeholder": composed}


def _overflow(text: str, composed: dict[str, Any]) -> dict[str, Any]:
    return {"type": "overflow", "action_id": text, "options": [{"text": composed, "value": text, "url": text}]}


def _input(text: str) -> dict[str, Any]:
    return {"type": "plain_text_input", "action_id": text, "initial_value": text}


def _radio(text: str, composed: dict[str, Any]) -> dict[str, Any]:
    option = {"text": composed, "value": text, "description": composed}
    return {"type": "radio_buttons", "action_id": text, "options": [option], "initial_option": option}
