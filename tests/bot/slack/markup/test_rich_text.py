"""Slack's rich_text blocks as Markdown."""

from typing import Any

import pytest

from bot.slack.markup.rich_text import to_markdown

Json = dict[str, Any]
NAMES = {"U1": "Ada", "C1": "general", "S1": "editors"}


def text(said: str, *styles: str) -> Json:
    return {"type": "text", "text": said} | ({"style": dict.fromkeys(styles, True)} if styles else {})


def section(*pieces: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(pieces)}


def bullets(*items: str, style: str = "bullet", **more: Any) -> Json:
    return {"type": "rich_text_list", "style": style, "elements": [section(text(item)) for item in items], **more}


def quote(*pieces: Json) -> Json:
    return {"type": "rich_text_quote", "elements": list(pieces)}


def code(said: str, **more: Any) -> Json:
    return {"type": "rich_text_preformatted", "elements": [text(said)], "border": 0, **more}


def markdown(*elements: Json) -> str:
    return to_markdown({"type": "rich_text", "elements": list(elements)}, NAMES.get)


@pytest.mark.parametrize(
    ("piece", "said"),
    [
        (text("plain & <simple>"), "plain & <simple>"),
        (text("loud", "bold"), "**loud**"),
        (text("soft", "italic"), "*soft*"),
        (text("gone", "strike"), "~~gone~~"),
        (text("x = 1", "code"), "`x = 1`"),
        (text("a `b` c", "code"), "`` a `b` c ``"),
        (text("all", "bold", "italic", "strike"), "***~~all~~***"),
        (text("both", "bold", "code"), "**`both`**"),
        (text("  spaced ", "bold"), "  **spaced** "),
        (text("   ", "bold"), "   "),
        (text("neither", "unheard-of"), "neither"),
        ({"type": "link", "url": "https://example.com"}, "https://example.com"),
        ({"type": "link", "url": "https://example.com", "text": "page"}, "[page](https://example.com)"),
        (
            {"type": "link", "url": "https://example.com", "text": "page", "style": {"bold": True}},
            "**[page](https://example.com)**",
        ),
        ({"type": "link", "url": "mailto:ada@example.com", "text": "ada@example.com"}, "ada@example.com"),
        ({"type": "user", "user_id": "U1"}, "@Ada"),
        ({"type": "user", "user_id": "U9"}, "@U9"),
        ({"type": "channel", "channel_id": "C1"}, "#general"),
        ({"type": "usergroup", "usergroup_id": "S1"}, "@editors"),
        ({"type": "broadcast", "range": "here"}, "@here"),
        ({"type": "emoji", "name": "tada", "unicode": "1f389"}, ":tada:"),
        ({"type": "emoji", "name": "+1::skin-tone-2"}, ":+1::skin-tone-2:"),
        ({"type": "color", "value": "#F405B3"}, "#F405B3"),
        ({"type": "date", "timestamp": 1720710212, "format": "{date}", "fallback": "11 July"}, "11 July"),
        ({"type": "date", "timestamp": 1720710212, "format": "{date}"}, "2024-07-11 15:03 UTC"),
        ({"type": "date", "timestamp": 10**30, "format": "{date}"}, ""),
        ({"type": "something_new", "text": "still text"}, "still text"),
        ({"type": "something_new"}, ""),
    ],
)
def test_a_piece_of_a_line(piece: Json, said: str) -> None:
    assert markdown(section(text("a"), piece, text("z"))) == f"a{said}z"


def test_paragraphs_quotes_and_code_stand_apart() -> None:
    assert markdown(
        section(text("See:\n")), quote(text("one\ntwo")), code("print(1)\n", language="python"), section(text("Why?"))
    ) == ("See:\n\n> one\n> two\n\n```python\nprint(1)\n```\n\nWhy?")


def test_code_that_holds_a_fence_gets_a_longer_one() -> None:
    assert markdown(code("```\ninner\n```")) == "````\n```\ninner\n```\n````"


@pytest.mark.parametrize("language", [7, "not a language\n", "", None])
def test_a_strange_language_is_left_out(language: Any) -> None:
    assert markdown(code("x", language=language)) == "```\nx\n```"


def test_links_in_code_stay_addresses() -> None:
    block = {"type": "rich_text_preformatted", "elements": [text("curl "), {"type": "link", "url": "https://e.com"}]}
    assert markdown(block) == "```\ncurl https://e.com\n```"


def test_lists_nest_count_and_go_on_counting() -> None:
    assert markdown(
        bullets("first", "second", style="ordered"),
        bullets("below", indent=1),
        bullets("deeper", indent=2, style="ordered"),
        bullets("third", style="ordered", offset=2),
        section(text("after")),
    ) == ("1. first\n2. second\n    - below\n        1. deeper\n3. third\n\nafter")


def test_a_line_break_in_a_list_item_stays_in_the_item() -> None:
    assert markdown(bullets("one\nmore", style="ordered", indent=1)) == "    1. one\n       more"


@pytest.mark.parametrize("indent", [10**9, -3, "2", None, True])
def test_a_strange_indent_does_no_harm(indent: Any) -> None:
    assert len(markdown(bullets("item", indent=indent))) <= 40


def test_empty_elements_leave_no_gaps() -> None:
    assert markdown(section(text("a")), section(), section(text("\n")), section(text("b"))) == "a\n\nb"
