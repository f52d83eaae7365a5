"""The items of `input`: their roles, parts and fields."""

from typing import Any

import pytest

from playground.openai.errors import ApiError
from playground.openai.input_items import InputMessage, parse_input

IMAGE = {"type": "input_image", "detail": "high", "image_url": "data:image/png;base64,AAAA"}
PDF = {"type": "input_file", "filename": "a.pdf", "file_data": "data:application/pdf;base64,AAAA"}


def user(*parts: object) -> list[dict[str, Any]]:
    return [{"role": "user", "content": list(parts)}]


def test_parts_become_one_message() -> None:
    parts = ({"type": "input_text", "text": "Look"}, IMAGE, PDF, {"type": "input_text", "text": "here"})
    assert parse_input(user(*parts)) == (InputMessage("user", "Look\nhere", images=1, files=1),)


def test_replayed_items_are_taken_and_are_no_messages() -> None:
    items = [
        {"type": "message", "role": "developer", "content": "Be kind"},
        {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c", "output": "1"},
        {"type": "reasoning", "id": "rs", "summary": [], "encrypted_content": "x"},
        {"role": "assistant", "content": [{"type": "output_text", "text": "Yes"}], "phase": "final_answer"},
    ]
    assert [message.text for message in parse_input(items)] == ["Be kind", "Yes"]


@pytest.mark.parametrize(
    ("items", "code", "param"),
    [
        (["hello"], "invalid_type", "input[0]"),
        ([{"role": "user"}], "missing_required_parameter", "input[0].content"),
        ([{"content": "x"}], "missing_required_parameter", "input[0].role"),
        ([{"role": "bot", "content": "x"}], "invalid_value", "input[0].role"),
        ([{"role": "user", "content": 5}], "invalid_type", "input[0].content"),
        ([{"role": "user", "content": "x", "name": "Ann"}], "unknown_parameter", "input[0].name"),
        ([{"role": "assistant", "content": "x", "phase": "draft"}], "invalid_value", "input[0].phase"),
        ([{"type": "telepathy"}], "invalid_value", "input[0].type"),
        ([{"type": "function_call", "name": "f"}], "missing_required_parameter", "input[0].call_id"),
        ([{"type": "item_reference", "id": "msg_1"}], None, "input"),
        (user({"text": "x"}), "missing_required_parameter", "input[0].content[0].type"),
        (user({"type": "text", "text": "x"}), "invalid_value", "input[0].content[0]"),
        (user({"type": "output_text", "text": "x"}), "invalid_value", "input[0].content[0]"),
        (user({"type": "input_text"}), "missing_required_parameter", "input[0].content[0].text"),
        (user({"type": "input_text", "text": 5}), "invalid_type", "input[0].content[0].text"),
        (user({"type": "input_image", "image_url": "x"}), "missing_required_parameter", "input[0].content[0].detail"),
        (user({**IMAGE, "detail": "best"}), "invalid_value", "input[0].content[0].detail"),
        (user({**IMAGE, "image_url": "slack://x"}), "invalid_value", "input[0].content[0].image_url"),
        (user({**IMAGE, "file_id": "f"}), "missing_required_parameter", "input[0].content[0].image_url"),
        (user({"type": "input_file", "filename": "a"}), "missing_required_parameter", "input[0].content[0].file_data"),
        (
            [{"role": "assistant", "content": [{"type": "input_text", "text": "x"}]}],
            "invalid_value",
            "input[0].content[0]",
        ),
    ],
)  # fmt: skip
def test_refuses_other_shapes(items: list[Any], code: str | None, param: str) -> None:
    with pytest.raises(ApiError) as refusal:
        parse_input(items)
    assert (refusal.value.code, refusal.value.param) == (code, param)


def test_an_assistant_speaks_in_output_parts() -> None:
    items = [{"role": "assistant", "content": [{"type": "input_text", "text": "x"}]}]
    with pytest.raises(ApiError, match=r"Invalid value: 'input_text'\. Supported values are: 'output_text' and"):
        parse_input(items)
