"""What the output of a response is in the input of the next one: the model's own words, and what it wants done."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.domain.tools import ToolCall
from bot.openai.fields import json_of, text_of

_NEEDED = {"code_interpreter_call": ("code", "outputs")}
"""Fields that the service needs back, with a value or not (openai.types.responses)."""


@dataclass(frozen=True, slots=True)
class FunctionCall:
    """The model wants a function of ours to be run; `arguments` should be a JSON object."""

    id: str
    name: str
    arguments: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ApprovalRequest:
    """The provider wants to know whether it may call a tool of a server."""

    id: str
    call: ToolCall


Wanted = FunctionCall | ApprovalRequest


def replayed(output: Iterable[object]) -> list[dict[str, Any]]:
    """The items of an output, as far as they mean something where nothing is stored.

    Fields without a value are left out, because the service does not take all of those that it sends; those of a run of
    code it wants back as they are.
    """
    items = [_without_nothing(json_of(item)) for item in output]
    return [_named(item, place) for place, item in enumerate(items) if _is_whole(item)]


def wanted_in(items: Iterable[dict[str, Any]]) -> list[Wanted]:
    """What the model waits for, in the order of these items; they come from `replayed`."""
    wanted: list[Wanted] = []
    for item in items:
        name, arguments = text_of(item, "name"), text_of(item, "arguments")
        if item["type"] == "function_call":
            wanted.append(FunctionCall(item["call_id"], name, arguments))
        elif item["type"] == "mcp_approval_request":
            call = ToolCall(text_of(item, "server_label"), name, arguments)
            wanted.append(ApprovalRequest(text_of(item, "id"), call))
    return wanted


def _without_nothing(item: dict[str, Any]) -> dict[str, Any]:
    kept = _NEEDED.get(str(item.get("type")), ())
    return {**dict.fromkeys(kept), **{name: value for name, value in item.items() if value is not None}}


def _is_whole(item: dict[str, Any]) -> bool:
    """False for a thought that only its server could look up, and for a picture that was not made."""
    match item.get("type"):
        case "reasoning":
            return bool(item.get("encrypted_content"))
        case "image_generation_call":
            return bool(item.get("result"))
        case kind:
            return bool(kind)


def _named(item: dict[str, Any], place: int) -> dict[str, Any]:
    """A call without a name for its result, as some servers send it, gets one."""
    if item["type"] != "function_call" or text_of(item, "call_id"):
        return item
    return {**item, "call_id": text_of(item, "id") or f"call_{place}"}
