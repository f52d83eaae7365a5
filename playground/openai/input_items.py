"""What `input` may hold: messages with their parts, and items replayed from earlier answers (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playground.openai.data_urls import check_is, decoded
from playground.openai.errors import ApiError, invalid_value
from playground.openai.fields import a_boolean, a_string, an_array, an_object, invalid_type, one_of
from playground.openai.input_parts import InputFile, InputPicture, parse_part
from playground.openai.pictures.formats import media_type_of
from playground.openai.rounds import check_rounds

ROLES = ("assistant", "system", "developer", "user")
_PHASES = ("commentary", "final_answer")
_STATUSES = ("in_progress", "completed", "incomplete")
_MESSAGE_FIELDS = ("type", "role", "content", "phase", "id", "status")

_REPLAYED: Mapping[str, tuple[str, ...]] = {
    "function_call": ("call_id", "name", "arguments"),
    "function_call_output": ("call_id", "output"),
    "reasoning": ("id", "summary"),
    "image_generation_call": ("id", "status", "result"),
    "web_search_call": ("id", "status"),
    "file_search_call": ("id", "status", "queries"),
    "code_interpreter_call": ("id", "status", "code", "container_id", "outputs"),
    "mcp_list_tools": ("id", "server_label", "tools"),
    "mcp_call": ("id", "server_label", "name", "arguments"),
    "mcp_approval_request": ("id", "server_label", "name", "arguments"),
    "mcp_approval_response": ("approval_request_id", "approve"),
    "compaction": ("encrypted_content",),
    "configuration_update": (),
}
"""Items other than messages, and the fields that each must have."""

_OPTIONAL: Mapping[str, tuple[str, ...]] = {
    "function_call": ("id", "status", "namespace", "caller", "async"),
    "function_call_output": ("id", "status", "caller", "name", "namespace"),
    "reasoning": ("content", "encrypted_content", "status"),
    "file_search_call": ("results",),
    "code_interpreter_call": (),
    "mcp_list_tools": ("error",),
    "mcp_call": ("approval_request_id", "error", "output", "status"),
    "mcp_approval_request": (),
    "mcp_approval_response": ("id", "reason"),
}
"""The fields that each of these may have besides `type`; of other kinds, any are taken."""

_TEXTS = ("call_id", "name", "arguments", "server_label", "approval_request_id", "encrypted_content")


@dataclass(frozen=True, slots=True)
class InputMessage:
    """One message as the scripts see it, its parts sorted by their kind.

    A picture that the model has drawn before comes back as a message of the assistant that has no text.
    """

    role: str
    texts: tuple[str, ...]
    pictures: tuple[InputPicture, ...] = ()
    files: tuple[InputFile, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(filter(None, self.texts))


def parse_input(value: object) -> tuple[InputMessage, ...]:
    """The messages of `input`, in order; raises ApiError for whatever the API would not take."""
    if isinstance(value, str):
        return (InputMessage("user", (value,)),)
    if not isinstance(value, list):
        raise invalid_type("input", "one of a string or array of objects", value)
    messages = [_parse_item(item, f"input[{index}]") for index, item in enumerate(value)]
    check_rounds(value)
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
    if kind not in _REPLAYED:
        raise invalid_value(f"{param}.type", kind, ("message", *_REPLAYED, "item_reference"))
    _check_replayed(fields, kind, param)
    return _drawn_before(fields, param) if kind == "image_generation_call" else None


def _check_replayed(item: Mapping[str, Any], kind: str, param: str) -> None:
    allowed = ("type", *_REPLAYED[kind], *_OPTIONAL[kind]) if kind in _OPTIONAL else None
    fields = an_object(item, param, allowed, _REPLAYED[kind])
    for name in _TEXTS:
        if name in fields:
            a_string(fields[name], f"{param}.{name}")
    if fields.get("status") is not None and kind in _OPTIONAL:
        one_of(fields["status"], f"{param}.status", (*_STATUSES, "calling", "searching", "interpreting", "failed"))
    if kind == "function_call_output" and not isinstance(fields["output"], list):
        a_string(fields["output"], f"{param}.output")
    if kind == "code_interpreter_call" and fields["outputs"] is not None:
        an_array(fields["outputs"], f"{param}.outputs")
    if kind == "mcp_approval_response":
        a_boolean(fields["approve"], f"{param}.approve")


def _parse_message(fields: Mapping[str, Any], param: str) -> InputMessage:
    an_object(fields, param, _MESSAGE_FIELDS, ("role", "content"))
    role = one_of(fields["role"], f"{param}.role", ROLES)
    if fields.get("phase") is not None:
        one_of(fields["phase"], f"{param}.phase", _PHASES)
    if fields.get("status") is not None:
        one_of(fields["status"], f"{param}.status", _STATUSES)
    content = fields["content"]
    if isinstance(content, str):
        return InputMessage(role, (content,))
    if not isinstance(content, list):
        raise invalid_type(f"{param}.content", "one of a string or array of objects", content)
    parts = [parse_part(part, f"{param}.content[{index}]", role) for index, part in enumerate(content)]
    return InputMessage(
        role,
        tuple(part for part in parts if isinstance(part, str)),
        tuple(part for part in parts if isinstance(part, InputPicture)),
        tuple(part for part in parts if isinstance(part, InputFile)),
    )


def _drawn_before(fields: Mapping[str, Any], param: str) -> InputMessage | None:
    if fields["result"] is None:
        return None
    data = decoded(a_string(fields["result"], f"{param}.result"), f"{param}.result")
    check_is(data, None, f"{param}.result")
    return InputMessage("assistant", (), (InputPicture(media_type_of(data) or "", "auto", data),))
