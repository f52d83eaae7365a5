"""The events of functions and remote servers, in the order in which the API sends them (pure).

Order and fields: the streaming reference of the Responses API and `openai.types.responses`.
"""

import secrets
from collections.abc import Iterator
from typing import Any

from playground.openai.uses import Called, FunctionUse, Listed, ServerUse

Event = dict[str, Any]

CALLING = "response.mcp_call.in_progress"
ARGUMENTS_DONE = "response.function_call_arguments.done"

_PIECE = 12
"""Characters of arguments in one delta."""


def listing_events(listed: Listed, output: list[Event]) -> Iterator[Event]:
    """A server is asked what it offers; the item is added to `output`."""
    index, item_id = len(output), f"mcpl_{secrets.token_hex(24)}"
    item: Event = {"id": item_id, "type": "mcp_list_tools", "server_label": listed.offer.label, "tools": []}
    where = {"item_id": item_id, "output_index": index}
    yield {"type": "response.output_item.added", "output_index": index, "item": item}
    yield {"type": "response.mcp_list_tools.in_progress", **where}
    yield {"type": "response.mcp_list_tools.completed", **where}
    done = {**item, "tools": [tool.listed for tool in listed.offer.tools]}
    yield {"type": "response.output_item.done", "output_index": index, "item": done}
    output.append(done)


def call_events(called: Called, output: list[Event]) -> Iterator[Event]:
    """A server's tool is called; the item, with what came of it, is added to `output`."""
    index, item_id, use = len(output), f"mcp_{secrets.token_hex(24)}", called.use
    item: Event = {
        "id": item_id,
        "type": "mcp_call",
        "status": "in_progress",
        "approval_request_id": called.approval,
        "server_label": use.server,
        "name": use.tool,
        "arguments": "",
        "output": None,
        "error": None,
    }
    where = {"item_id": item_id, "output_index": index}
    yield {"type": "response.output_item.added", "output_index": index, "item": item}
    yield {"type": CALLING, **where}
    yield from _arguments("response.mcp_call_arguments", use.arguments, where)
    ending = "completed" if called.error is None else "failed"
    yield {"type": f"response.mcp_call.{ending}", **where}
    done = {**item, "status": ending, "arguments": use.arguments, "output": called.output, "error": called.error}
    yield {"type": "response.output_item.done", "output_index": index, "item": done}
    output.append(done)


def function_events(use: FunctionUse, output: list[Event]) -> Iterator[Event]:
    """The client is asked to run a function; the item is added to `output`."""
    index, item_id = len(output), f"fc_{secrets.token_hex(24)}"
    item: Event = {
        "id": item_id,
        "type": "function_call",
        "status": "in_progress",
        "call_id": f"call_{secrets.token_hex(12)}",
        "name": use.name,
        "arguments": "",
    }
    yield {"type": "response.output_item.added", "output_index": index, "item": item}
    yield from _arguments(
        "response.function_call_arguments", use.arguments, {"item_id": item_id, "output_index": index}
    )
    done = {**item, "status": "completed", "arguments": use.arguments}
    yield {"type": "response.output_item.done", "output_index": index, "item": done}
    output.append(done)


def approval_events(use: ServerUse, output: list[Event]) -> Iterator[Event]:
    """The client is asked whether a server's tool may be called; the item is added to `output`."""
    index = len(output)
    item: Event = {
        "id": f"mcpr_{secrets.token_hex(24)}",
        "type": "mcp_approval_request",
        "server_label": use.server,
        "name": use.tool,
        "arguments": use.arguments,
    }
    for step in ("added", "done"):
        yield {"type": f"response.output_item.{step}", "output_index": index, "item": item}
    output.append(item)


def _arguments(prefix: str, arguments: str, where: Event) -> Iterator[Event]:
    for start in range(0, len(arguments), _PIECE):
        yield {"type": f"{prefix}.delta", **where, "delta": arguments[start : start + _PIECE]}
    yield {"type": f"{prefix}.done", **where, "arguments": arguments}
