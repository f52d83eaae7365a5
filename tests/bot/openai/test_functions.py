"""Arguments and results of functions."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.openai.functions import LONGEST_RESULT, arguments_in, shortened

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "count": {"type": ["integer", "null"]},
        "order": {"type": "string", "enum": ["up", "down"]},
    },
}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ('{"name": "a", "count": 1, "order": "up"}', {"name": "a", "count": 1, "order": "up"}),
        ('{"name": "a", "count": null, "order": "up", "x": 1}', {"name": "a", "count": None, "order": "up"}),
        ('{"name": "a"}', "These arguments are missing: count, order."),
        ('{"name": "a", "count": true, "order": "left"}', "These arguments are of the wrong type: count, order."),
        ('"a"', "The arguments are no JSON object."),
        ("{", "The arguments are no valid JSON."),
        ("", "These arguments are missing: count, name, order."),
    ],
)
def test_arguments_are_held_against_the_schema(text: str, read: object) -> None:
    assert arguments_in(text, SCHEMA) == read


@given(st.text())
def test_whatever_a_model_writes_is_read_or_refused_in_words(text: str) -> None:
    assert isinstance(arguments_in(text, SCHEMA), str | dict)


def test_a_long_result_is_cut_and_says_so() -> None:
    whole = "x" * LONGEST_RESULT
    assert shortened(whole) == whole
    assert shortened(whole + "yyy") == f"{whole}\n[The result goes on; 3 more characters are left out.]"
    assert shortened("a\ud800") == "a?"
