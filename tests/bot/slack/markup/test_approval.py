"""What a model wants of a tool, as people see it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.tools import ToolCall
from bot.slack.markup.approval import LONGEST, printed, question, settled
from bot.slack.markup.blocks import asks_for_approval
from playground.slack.blocks import problems


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        ('{"a":1,"b":["ü"]}', '{\n  "a": 1,\n  "b": [\n    "ü"\n  ]\n}'),
        ("no JSON", "no JSON"),
        ("", ""),
        ('{"to": "\\u202etxt.exe"}', '{\n  "to": "\\u202etxt.exe"\n}'),
        ('"a\\u200bb"', '"a\\u200bb"'),
        ("\x1b[31m", "\\u001b[31m"),
    ],
)
def test_arguments_are_printed_for_eyes_and_nothing_hides_in_them(arguments: str, shown: str) -> None:
    assert printed(arguments) == shown


def test_how_much_is_not_shown_is_said() -> None:
    shown = printed(json.dumps("x" * 5_000))
    assert shown.startswith(f'"{"x" * (LONGEST - 1)}…\n')
    assert shown.endswith("[2,202 more characters are not shown]")


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=4_000))
def test_whatever_stands_in_it_is_inert(server: str, tool: str, arguments: str) -> None:
    call = ToolCall(server, tool, arguments)
    asks = question(call, "U1", "name", 10)
    for message in (asks, settled(asks, "Refused.")):
        assert problems(message["blocks"]) == []
        assert asks_for_approval(message["blocks"])
        section, code, *_ = message["blocks"]
        said = section["text"]["text"]
        assert said.count("`") == 2
        assert said.count("*") == 2
        for written in (said, message["text"]):
            assert "<" not in written
            assert "\n" not in written
        assert [each["type"] for each in code["elements"][0]["elements"]] == ["text"]
