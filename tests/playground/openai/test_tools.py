"""The `tools` and `tool_choice` parameters."""

from typing import Any

import pytest

from playground.openai.errors import ApiError
from playground.openai.tools import check_tool_choice, check_tools

FUNCTION = {"type": "function", "name": "f", "parameters": {}, "strict": True}


def test_takes_the_documented_tools() -> None:
    check_tools([FUNCTION, {"type": "web_search"}, {"type": "image_generation", "partial_images": 2}], "tools")


@pytest.mark.parametrize(
    ("tools", "code", "param"),
    [
        ({}, "invalid_type", "tools"),
        ([{}], "missing_required_parameter", "tools[0].type"),
        ([{"type": "hammer"}], "invalid_value", "tools[0].type"),
        ([{"type": "function", "name": "f", "parameters": {}}], "missing_required_parameter", "tools[0].strict"),
        ([FUNCTION, {**FUNCTION, "strict": 1}], "invalid_type", "tools[1].strict"),
    ],
)
def test_refuses_other_tools(tools: Any, code: str, param: str) -> None:
    with pytest.raises(ApiError) as refusal:
        check_tools(tools, "tools")
    assert (refusal.value.code, refusal.value.param) == (code, param)


def test_a_choice_is_a_word_or_names_a_tool() -> None:
    check_tool_choice("auto", "tool_choice")
    check_tool_choice({"type": "image_generation"}, "tool_choice")
    for wrong in ("sometimes", {"type": "web_search"}):
        with pytest.raises(ApiError, match="Invalid value"):
            check_tool_choice(wrong, "tool_choice")
