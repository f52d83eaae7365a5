"""The `tools` and `tool_choice` parameters."""

from typing import Any

import pytest

from playground.openai.errors import ApiError
from playground.openai.tools import check_choice_is_offered, check_tool_choice, check_tools, image_tool_among
from tests.playground.openai.samples import JPEG, PNG, data_url

SCHEMA = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
FUNCTION = {"type": "function", "name": "f", "parameters": SCHEMA, "strict": True}
IMAGE = {"type": "image_generation"}
SEARCH = {"type": "web_search"}


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
        ([{**IMAGE, "n": 2}], "unknown_parameter", "tools[0].n"),
        ([{**IMAGE, "style": "vivid"}], "unknown_parameter", "tools[0].style"),
        ([{**IMAGE, "action": "paint"}], "invalid_value", "tools[0].action"),
        ([{**IMAGE, "model": "gpt-image-1"}], "invalid_value", "tools[0].model"),
        ([FUNCTION, {**IMAGE, "partial_images": 9}], "integer_above_max_value", "tools[1].partial_images"),
        ([{**IMAGE, "input_image_mask": {}}], "invalid_type", "tools[0].input_image_mask.image_url"),
        ([{**IMAGE, "input_image_mask": {"file_id": "file-1"}}], None, "tools[0].input_image_mask.file_id"),
        ([{**SEARCH, "sites": []}], "unknown_parameter", "tools[0].sites"),
        ([{**SEARCH, "user_location": {"planet": "Mars"}}], "unknown_parameter", "tools[0].user_location.planet"),
        ([{**SEARCH, "user_location": {"type": "exact"}}], "invalid_value", "tools[0].user_location.type"),
        ([{**SEARCH, "search_context_size": "huge"}], "invalid_value", "tools[0].search_context_size"),
        ([{**SEARCH, "filters": {"allowed_domains": [5]}}], "invalid_type", "tools[0].filters.allowed_domains[0]"),
        (
            [{**IMAGE, "input_image_mask": {"image_url": data_url(JPEG, "image/jpeg")}}],
            "invalid_image_format",
            "tools[0].input_image_mask.image_url",
        ),
    ],
)
def test_refuses_other_tools(tools: Any, code: str | None, param: str) -> None:
    with pytest.raises(ApiError) as refusal:
        check_tools(tools, "tools")
    assert (refusal.value.code, refusal.value.param) == (code, param)


def test_every_option_of_the_search_is_known() -> None:
    location = {"type": "approximate", "city": "Oslo", "country": "NO", "region": "Oslo", "timezone": "Europe/Oslo"}
    options = {"external_web_access": True, "search_context_size": "low", "filters": {"allowed_domains": ["a.example"]}}
    check_tools([{**SEARCH, **options, "user_location": location}], "tools")


def test_a_choice_is_a_word_or_names_a_tool() -> None:
    check_tool_choice("auto", "tool_choice")
    check_tool_choice({"type": "image_generation"}, "tool_choice")
    for wrong in ("sometimes", {"type": "web_search"}):
        with pytest.raises(ApiError, match="Invalid value"):
            check_tool_choice(wrong, "tool_choice")


def test_every_option_of_the_image_tool_is_known() -> None:
    tool = {
        **IMAGE,
        "action": "edit",
        "model": "gpt-image-2.6-flare",
        "size": "1536x864",
        "quality": "high",
        "background": "opaque",
        "output_format": "jpeg",
        "output_compression": 80,
        "moderation": "low",
        "partial_images": 2,
        "complexity": "low",
        "input_image_mask": {"image_url": data_url(PNG)},
    }
    check_tools([tool], "tools")
    found = image_tool_among([FUNCTION, tool])
    assert found is not None
    assert (found[0].size, found[0].output_format, found[1]) == ("1536x864", "jpeg", "edit")
    assert image_tool_among([FUNCTION]) is None


def test_only_a_tool_that_is_offered_can_be_chosen() -> None:
    check_choice_is_offered(IMAGE, [FUNCTION, IMAGE])
    check_choice_is_offered("required", [IMAGE])
    check_choice_is_offered("auto", [])
    check_choice_is_offered({"type": "allowed_tools", "mode": "auto", "tools": [IMAGE]}, [IMAGE])
    for choice, tools in ((IMAGE, [FUNCTION]), (IMAGE, []), ("required", [])):
        with pytest.raises(ApiError) as refusal:
            check_choice_is_offered(choice, tools)
        assert (refusal.value.status, refusal.value.param) == (400, "tool_choice")
