"""What the composer makes of typed text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.slack.directory import Json
from playground.slack.rich_text import escape, rich_text, stored_text, unescape

STORED = [
    ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
    ("hi <@U0ABC>!", "hi <@U0ABC>!"),
    ("see https://example.org/a?b=1&c=2.", "see <https://example.org/a?b=1&amp;c=2>."),
    ("<https://example.org|the & site>", "<https://example.org|the &amp; site>"),
    ("<!here> <#C0AB|general>", "<!here> <#C0AB|general>"),
    ("<script>", "&lt;script&gt;"),
]


@pytest.mark.parametrize(("typed", "stored"), STORED)
def test_text_is_escaped_but_references_stay(typed: str, stored: str) -> None:
    assert stored_text(typed) == stored


@given(st.text())
def test_unescaping_brings_back_what_was_escaped(text: str) -> None:
    assert unescape(escape(text)) == text


def test_text_is_unescaped_once() -> None:
    assert unescape("&amp;lt; &lt;a&gt;") == "&lt; <a>"


def section(*elements: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(elements)}


def plain(text: str, **style: bool) -> Json:
    return {"type": "text", "text": text} | ({"style": style} if style else {})


SHAPES = [
    ("just text", [section(plain("just text"))]),
    ("<@U0ABC> hi", [section({"type": "user", "user_id": "U0ABC"}, plain(" hi"))]),
    ("*b* and `c`", [section(plain("b", bold=True), plain(" and "), plain("c", code=True))]),
    ("> said", [{"type": "rich_text_quote", "elements": [plain("said")]}]),
    (
        "run\n```\nx < 1\n```",
        [
            section(plain("run")),
            {"type": "rich_text_preformatted", "elements": [plain("x < 1")], "border": 0},
        ],
    ),
    (
        "1. one\n2. two",
        [
            {
                "type": "rich_text_list",
                "style": "ordered",
                "indent": 0,
                "border": 0,
                "elements": [section(plain("one")), section(plain("two"))],
            }
        ],
    ),
]


@pytest.mark.parametrize(("typed", "elements"), SHAPES)
def test_the_block_has_the_shape_of_the_text(typed: str, elements: list[Json]) -> None:
    assert rich_text(typed, "x") == {"type": "rich_text", "block_id": "x", "elements": elements}


@given(st.text(alphabet="abc \n.!?", max_size=60))
def test_no_word_is_lost_in_the_block(typed: str) -> None:
    elements = rich_text(typed, "x")["elements"]
    words = " ".join(part["text"] for element in elements for part in element["elements"]).split()
    assert words == typed.split()
