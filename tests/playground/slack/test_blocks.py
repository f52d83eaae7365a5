"""Block Kit's limits, one by one."""

from typing import Any

import pytest

from playground.slack.blocks import problems
from playground.slack.directory import Json


def text(length: int = 5, kind: str = "plain_text") -> Json:
    return {"type": kind, "text": "x" * length}


def button(**changes: Any) -> Json:
    return {"type": "button", "action_id": "a", "text": text()} | changes


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def select(options: list[Json], **changes: Any) -> Json:
    return actions({"type": "static_select", "action_id": "a", "options": options} | changes)


def option(number: int = 1, **changes: Any) -> Json:
    return {"text": text(), "value": str(number)} | changes


FEEDBACK = {
    "type": "feedback_buttons",
    "action_id": "a",
    "positive_button": {"text": text(), "value": "good"},
    "negative_button": {"text": text(), "value": "bad"},
}

TAKEN = [
    {"type": "divider"},
    {"type": "section", "text": text(3000, "mrkdwn")},
    {"type": "section", "fields": [text()] * 10},
    {"type": "header", "text": text(150)},
    {"type": "context", "elements": [text(kind="mrkdwn")] * 10},
    {"type": "markdown", "text": "# Hi"},
    {"type": "context_actions", "elements": [FEEDBACK]},
    {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}] * 20] * 100},
    {"type": "alert", "text": text(), "level": "warning"},
    {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "a"},
    actions(*[button(action_id=str(number)) for number in range(25)]),
    select([option(number) for number in range(100)]),
    {"type": "plan", "title": "Plan", "tasks": [{"task_id": "1", "title": "Read", "status": "complete"}]},
]


@pytest.mark.parametrize("block", TAKEN, ids=lambda block: str(block["type"]))
def test_what_is_within_the_limits_is_taken(block: Json) -> None:
    assert problems([block]) == []


REFUSED = [
    ({"type": "nonsense"}, "/blocks/0/type"),
    ({"type": "section"}, "/blocks/0"),
    ({"type": "section", "text": text(3001, "mrkdwn")}, "/blocks/0/text/text"),
    ({"type": "section", "text": {"type": "mrkdwn", "text": ""}}, "/blocks/0/text/text"),
    ({"type": "section", "fields": [text()] * 11}, "/blocks/0/fields"),
    ({"type": "section", "fields": [text(2001)]}, "/blocks/0/fields/0/text"),
    ({"type": "header", "text": text(151)}, "/blocks/0/text/text"),
    ({"type": "header", "text": text(kind="mrkdwn")}, "/blocks/0/text/type"),
    ({"type": "context", "elements": []}, "/blocks/0/elements"),
    ({"type": "context", "elements": [text()] * 11}, "/blocks/0/elements"),
    ({"type": "context_actions", "elements": [button()]}, "/blocks/0/elements/0/type"),
    ({"type": "context_actions", "elements": [FEEDBACK | {"negative_button": {}}]}, "negative_button"),
    ({"type": "markdown", "text": ""}, "/blocks/0/text"),
    ({"type": "divider", "block_id": "x" * 256}, "/blocks/0/block_id"),
    ({"type": "table", "rows": [[{"type": "raw_text", "text": "a"}] * 21]}, "/blocks/0/rows/0"),
    ({"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]] * 101}, "/blocks/0/rows"),
    ({"type": "table", "rows": [["a"]]}, "/blocks/0/rows/0/0"),
    ({"type": "task_card", "task_id": "1", "title": "Read", "status": "completed"}, "/blocks/0/status"),
    ({"type": "image", "image_url": "https://example.org/a.png"}, "/blocks/0/alt_text"),
    ({"type": "rich_text", "elements": [{"type": "text"}]}, "/blocks/0/elements/0"),
    ({"type": "alert", "text": text(), "level": "loud"}, "/blocks/0/level"),
    (actions(*[button(action_id=str(number)) for number in range(26)]), "/blocks/0/elements"),
    (actions(button(text=text(76))), "/elements/0/text/text"),
    (actions(button(value="x" * 2001)), "/elements/0/value"),
    (actions(button(action_id="x" * 256)), "/elements/0/action_id"),
    (actions(button(style="loud")), "/elements/0/style"),
    (actions(button(confirm={})), "/confirm/title"),
    (select([option(number) for number in range(101)]), "/options"),
    (select([option(text=text(76))]), "/options/0/text/text"),
    (select([option(value="x" * 151)]), "/options/0/value"),
    (select([option()], initial_option=option(2)), "/initial_option"),
    (select([option()], placeholder=text(151)), "/placeholder/text"),
    (select([]), "/options"),
]


@pytest.mark.parametrize(("block", "place"), REFUSED)
def test_what_breaks_a_limit_is_refused_with_its_place(block: Json, place: str) -> None:
    found = problems([block])
    assert found
    assert place in found[0]


@pytest.mark.parametrize(
    ("blocks", "problem"),
    [
        ([{"type": "divider"}] * 51, "no more than 50 items"),
        ([{"type": "divider", "block_id": "a"}] * 2, "block_id must be unique"),
        ([{"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]}] * 2, "only one table"),
        ("text", "must be an array"),
        (["text"], "must be an object"),
    ],
)
def test_blocks_are_checked_together(blocks: Any, problem: str) -> None:
    assert problem in problems(blocks)[0]
