"""What `input` may hold: messages with their parts, and items replayed from earlier answers (pure)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from playground.openai.errors import ApiError, invalid_value, missing_parameter
from playground.openai.fields import a_string, an_array, an_object, invalid_type, one_of

ROLES = ("assistant", "system", "developer", "user")
_IMAGE_DETAILS = ("low", "high", "auto", "original")
_FILE_DETAILS = ("auto", "low", "high")
_PHASES = ("commentary", "final_answer")
_STATUSES = ("in_progress", "completed", "incomplete")
_MESSAGE_FIELDS = ("type", "role", "content", "phase", "id", "status")

REPLAYED_ITEMS: Mapping[str, tuple[str, ...]] = {
    "function_call": ("call_id", "name", "arguments"),
    "function_call_output": ("call_id", "output"),
    "reasoning": ("id", "summary"),
    "image_generation_call": ("id", "status", "result"),
    "web_search_call": ("id", "status"),
    "file_search_call": ("id", "status", "queries"),
    "mcp_approval_response": ("approval_request_id", "approve"),
    "compaction": ("encrypted_content",),
    "configuration_update": (),
}
"""Items other than messages, and the fields that each must have."""


@dataclass(frozen=True, slots=True)
class InputMessage:
    """One message as the scripts see it; `images` and `files` count the parts that are no text."""

    role: str
    text: str
    images: int = 0
    files: int = 0


def parse_input(value: object) -> tuple[InputMessage, ...]:
    """The messages of `input`, in order; raises ApiError for whatever the API would not take."""
    if isinstance(value, str):
        return (InputMessage("user", value),)
    if not isinstance(value, list):
        raise invalid_type("input", "one of a string or array of objects", value)
    messages = (_parse_item(item, f"input[{index}]") for index, item in enumerate(value))
    return tuple(message for message in messages if message is not None)


def _parse_item(item: object, param: str) -> InputMessage | None:
    fields = an_object(item, param)
    kind = fields.get("type", "message")
    if kind == "message":
        return _parse_message(fields, param)
    if kind == "item_reference":
        # Nothing is stored here, so nothing can be referred to.
        name = a_string(fields.get("id"), f"{param}.id")
        raise ApiError(404, f"Item with id '{name}' not found.", None, "input")
    if kind not in REPLAYED_ITEMS:
        raise invalid_value(f"{param}.type", kind, ("message", *REPLAYED_ITEMS, "item_reference"))
    an_object(item, param, required=REPLAYED_ITEMS[kind])
    return None


def _parse_message(fields: Mapping[str, Any], param: str) -> InputMessage:
    an_object(fields, param, _MESSAGE_FIELDS, ("role", "content"))
    role = one_of(fields["role"], f"{param}.role", ROLES)
    if fields.get("phase") is not None:
        one_of(fields["phase"], f"{param}.phase", _PHASES)
    if fields.get("status") is not None:
        one_of(fields["status"], f"{param}.status", _STATUSES)
    content = fields["content"]
    if isinstance(content, str):
        return InputMessage(role, content)
    if not isinstance(content, list):
        raise invalid_type(f"{param}.content", "one of a string or array of objects", content)
    texts: list[str] = []
    counts = {"input_image": 0, "input_file": 0}
    for index, part in enumerate(content):
        kind, text = _parse_part(part, f"{param}.content[{index}]", role)
        texts.append(text)
        if kind in counts:
            counts[kind] += 1
    return InputMessage(role, "\n".join(filter(None, texts)), counts["input_image"], counts["input_file"])


def _parse_part(part: object, param: str, role: str) -> tuple[str, str]:
    fields = an_object(part, param, required=("type",))
    kind = a_string(fields["type"], f"{param}.type")
    parsers = _ASSISTANT_PARTS if role == "assistant" else _INPUT_PARTS
    if kind not in parsers:
        raise invalid_value(param, kind, parsers)
    return kind, parsers[kind](fields, param)


def _input_text(fields: Mapping[str, Any], param: str) -> str:
    an_object(fields, param, ("type", "text", "prompt_cache_breakpoint"), ("text",))
    return a_string(fields["text"], f"{param}.text")


def _input_image(fields: Mapping[str, Any], param: str) -> str:
    an_object(fields, param, ("type", "detail", "image_url", "file_id", "prompt_cache_breakpoint"), ("detail",))
    one_of(fields["detail"], f"{param}.detail", _IMAGE_DETAILS)
    if (fields.get("image_url") is None) == (fields.get("file_id") is None):
        raise missing_parameter(f"{param}.image_url")
    url = fields.get("image_url")
    if url is not None and not a_string(url, f"{param}.image_url").startswith(("https://", "http://", "data:image/")):
        message = f"Invalid '{param}.image_url'. Expected a valid URL, but got a value with an invalid format."
        raise ApiError(400, message, "invalid_value", f"{param}.image_url")
    return ""


def _input_file(fields: Mapping[str, Any], param: str) -> str:
    allowed = ("type", "detail", "filename", "file_data", "file_id", "file_url", "prompt_cache_breakpoint")
    an_object(fields, param, allowed)
    if fields.get("detail") is not None:
        one_of(fields["detail"], f"{param}.detail", _FILE_DETAILS)
    if sum(fields.get(name) is not None for name in ("file_data", "file_id", "file_url")) != 1:
        raise missing_parameter(f"{param}.file_data")
    if fields.get("file_data") is not None:
        a_string(fields.get("filename"), f"{param}.filename")
    return ""


def _output_text(fields: Mapping[str, Any], param: str) -> str:
    an_object(fields, param, ("type", "text", "annotations", "logprobs"), ("text",))
    if fields.get("annotations") is not None:
        an_array(fields["annotations"], f"{param}.annotations")
    return a_string(fields["text"], f"{param}.text")


def _refusal(fields: Mapping[str, Any], param: str) -> str:
    an_object(fields, param, ("type", "refusal"), ("refusal",))
    return a_string(fields["refusal"], f"{param}.refusal")


_ParsePart = Callable[[Mapping[str, Any], str], str]
_INPUT_PARTS: Mapping[str, _ParsePart] = {
    "input_text": _input_text,
    "input_image": _input_image,
    "input_file": _input_file,
}
_ASSISTANT_PARTS: Mapping[str, _ParsePart] = {"output_text": _output_text, "refusal": _refusal}
