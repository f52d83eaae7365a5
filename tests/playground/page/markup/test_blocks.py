"""Block Kit's blocks."""

from typing import Any

import pytest

from playground.page.markup.blocks import blocks
from playground.page.markup.html import Names

NAMES = Names({"U1": "Ann"})


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ({"type": "markdown", "text": "**a**"}, "<strong>a</strong>"),
        ({"type": "header", "text": plain("A <title>")}, "<h3>A &lt;title&gt;</h3>"),
        ({"type": "section", "text": mrkdwn("*a*\n<@U1>")}, "<strong>a</strong><br>"),
        ({"type": "section", "text": plain("*a*")}, "<p>*a*</p>"),
        (
            {"type": "section", "fields": [plain("a"), mrkdwn("_b_")]},
            '<div class="fields"><div><p>a</p></div><div><p><em>b</em></p></div></div>',
        ),
        ({"type": "context", "elements": [mrkdwn("_x_"), plain("y")]}, '<p class="note"><em>x</em> y</p>'),
        ({"type": "context", "elements": [{"type": "image", "alt_text": "cat", "image_url": "x"}]}, ">cat</p>"),
        ({"type": "divider"}, "<hr>"),
        ({"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a"}, ">a</a>"),
        (
            {"type": "image", "slack_file": {"id": "F01"}, "alt_text": 'a "shed"'},
            '<img src="/files/F01" alt="a &quot;shed&quot;"',
        ),
        ({"type": "image", "slack_file": {"id": '"><b>'}, "alt_text": "a"}, "<p>a</p>"),
        ({"type": "alert", "text": plain("careful")}, '<p class="note">careful</p>'),
        ({"type": "actions", "elements": [{"type": "button", "text": plain("Press")}]}, ">Press</button>"),
        (
            {"type": "context_actions", "elements": [{"type": "icon_button", "icon": "trash", "text": plain("Go")}]},
            'aria-label="Go" title="Go"',
        ),
        ({"type": "task_card", "title": "Read", "status": "complete"}, "✓ Read"),
        ({"type": "plan", "title": "Plan", "tasks": [{"type": "task_card", "title": "Read"}]}, "○ Read"),
        ({"type": "video", "title": plain("x")}, "does not draw blocks of the type “video”"),
    ],
)
def test_a_block_is_drawn(block: dict[str, Any], expected: str) -> None:
    assert expected in blocks([block], NAMES)


def test_a_table_aligns_its_columns() -> None:
    cell = {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "b"}]}],
    }
    block = {
        "type": "table",
        "column_settings": [None, {"align": "right"}],
        "rows": [[{"type": "raw_text", "text": "a"}, cell], [{"type": "raw_number", "text": "1"}, cell]],
    }
    drawn = blocks([block], NAMES)
    assert '<th class="left">a</th><th class="right"><p>b</p></th>' in drawn
    assert '<td class="left">1</td>' in drawn
