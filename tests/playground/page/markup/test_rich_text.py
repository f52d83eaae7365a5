"""rich_text blocks, as Slack's composer makes them."""

from typing import Any

import pytest

from playground.page.markup.html import Names
from playground.page.markup.rich_text import rich_text
from playground.slack.rich_text import rich_text as typed

NAMES = Names({"U1": "Ann"}, {"C1": "general"})


def drawn(*elements: dict[str, Any]) -> str:
    return rich_text({"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}, NAMES)


@pytest.mark.parametrize(
    ("leaf", "expected"),
    [
        ({"type": "text", "text": "a\n<b>"}, "a<br>&lt;b&gt;"),
        ({"type": "text", "text": "x", "style": {"bold": True, "italic": True}}, "<em><strong>x</strong></em>"),
        ({"type": "text", "text": ":tada:", "style": {"code": True}}, "<code>:tada:</code>"),
        ({"type": "text", "text": ":tada:"}, "🎉"),
        ({"type": "link", "url": "https://example.com", "text": "<x>"}, ">&lt;x&gt;</a>"),
        ({"type": "link", "url": "javascript:alert(1)", "text": "x"}, "<p>x</p>"),
        ({"type": "user", "user_id": "U1"}, "@Ann"),
        ({"type": "channel", "channel_id": "C1"}, "#general"),
        ({"type": "broadcast", "range": "here"}, "@here"),
        ({"type": "emoji", "name": "wave"}, "👋"),
        ({"type": "date", "timestamp": 1, "format": "{date}", "fallback": "Friday"}, "Friday"),
        ({"type": "color", "value": "#ff0000"}, "#ff0000"),
        ({"type": "something_new"}, "<p></p>"),
    ],
)
def test_a_leaf_is_drawn(leaf: dict[str, Any], expected: str) -> None:
    assert expected in drawn(leaf)


def test_what_people_type_is_drawn_as_they_meant_it() -> None:
    html = rich_text(typed("> quoted\n- one\n  - deeper\n1. first\n```\na < b\n```\nend <@U1>", "b1"), NAMES)
    assert "<blockquote><p>quoted</p></blockquote>" in html
    assert '<ul class="indent-0"><li>one</li></ul><ul class="indent-1"><li>deeper</li></ul>' in html
    assert '<ol class="indent-0" start="1"><li>first</li></ol>' in html
    assert "<code>a &lt; b</code>" in html
    assert html.endswith('<p>end <span class="mention" data-user="U1">@Ann</span></p>')


def test_a_list_may_begin_later() -> None:
    element = {"type": "rich_text_list", "style": "ordered", "offset": 2, "elements": []}
    assert 'start="3"' in rich_text({"elements": [element]}, NAMES)
