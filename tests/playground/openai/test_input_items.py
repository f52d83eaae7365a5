"""The items of `input`: their roles, parts and fields."""

import base64
import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.openai.errors import ApiError
from playground.openai.input_items import InputMessage, parse_input
from playground.openai.input_parts import InputFile, InputPicture
from tests.playground.openai.samples import JPEG, PNG, data_url

IMAGE = {"type": "input_image", "detail": "high", "image_url": data_url(PNG)}
DRAWN = {"type": "image_generation_call", "id": "ig_1", "status": "completed"}
PDF = {"type": "input_file", "filename": "a.pdf", "file_data": "data:application/pdf;base64,AAAA"}


def user(*parts: object) -> list[dict[str, Any]]:
    return [{"role": "user", "content": list(parts)}]


def test_parts_become_one_message() -> None:
    parts = ({"type": "input_text", "text": "Look"}, IMAGE, PDF, {"type": "input_text", "text": "here"})
    picture, file = InputPicture("image/png", "high", PNG), InputFile("a.pdf", 32)
    assert parse_input(user(*parts)) == (InputMessage("user", ("Look", "here"), (picture,), (file,)),)
    assert parse_input(user(*parts))[0].text == "Look\nhere"


def test_a_picture_at_an_address_is_seen_without_its_bytes() -> None:
    [message] = parse_input(user({**IMAGE, "image_url": "https://example.com/a.png", "detail": "original"}))
    assert message.pictures == (InputPicture("", "original"),)


def test_a_picture_that_was_drawn_before_is_seen_again() -> None:
    item = {
        "type": "image_generation_call",
        "id": "ig_1",
        "status": "completed",
        "result": base64.b64encode(PNG).decode(),
    }
    assert parse_input([item]) == (InputMessage("assistant", (), (InputPicture("image/png", "auto", PNG),)),)
    assert parse_input([{**item, "status": "failed", "result": None}]) == ()


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


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("data:image/png,AAAA", "invalid_value"),
        ("data:image/png;base64,A*", "invalid_base64_image"),
        (data_url(b""), "empty_image_file"),
        (data_url(b"<svg/>", "image/svg+xml"), "invalid_image_format"),
        (data_url(b"<html>"), "image_parse_error"),
        (data_url(JPEG, "image/png"), "image_parse_error"),
    ],
)
def test_refuses_what_is_no_picture(url: str, code: str) -> None:
    with pytest.raises(ApiError) as refusal:
        parse_input(user({**IMAGE, "image_url": url}))
    assert (refusal.value.status, refusal.value.code) == (400, code)
    assert refusal.value.param == "input[0].content[0].image_url"


@pytest.mark.parametrize(
    ("item", "code"),
    [
        (DRAWN, "missing_required_parameter"),
        ({**DRAWN, "result": 5}, "invalid_type"),
        ({**DRAWN, "result": "AAAA"}, "image_parse_error"),
    ],
)
def test_refuses_a_drawing_without_its_picture(item: dict[str, Any], code: str) -> None:
    with pytest.raises(ApiError) as refusal:
        parse_input([item])
    assert (refusal.value.code, refusal.value.param) == (code, "input[0].result")


def test_no_picture_is_kept_here_under_an_id() -> None:
    with pytest.raises(ApiError, match="not found"):
        parse_input(user({"type": "input_image", "detail": "low", "file_id": "f"}))


@given(st.text(max_size=60))
def test_any_data_url_is_taken_or_refused(rest: str) -> None:
    with contextlib.suppress(ApiError):
        parse_input(user({**IMAGE, "image_url": f"data:image/png;base64,{rest}"}))
