"""What the demo's responder does with functions and servers of tools: it uses those that it is told to by name.

`use weather Oslo` calls the function `weather`, and `use library order_book Emma` that tool of the server `library`.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from playground.openai.decisions import simplest
from playground.openai.own_tools import SERVER, needs_approval
from playground.openai.requests import Request
from playground.openai.tool_servers import RemoteTool, ToolServer
from playground.openai.uses import FunctionUse, ServerUse

LIBRARY = "https://library.example/mcp"

_ORDER = re.compile(r"\buse\s+`?(?P<name>[\w-]+)`?\s*(?P<rest>.*)", re.IGNORECASE | re.DOTALL)

_BOOK = {
    "type": "object",
    "properties": {"title": {"type": "string"}},
    "required": ["title"],
    "additionalProperties": False,
}


def _found(arguments: str) -> str:
    return f"“{_title(arguments)}” stands on shelf 7."


def _ordered(arguments: str) -> str:
    return f"“{_title(arguments)}” is ordered; it comes on Monday."


DEMO_SERVERS: Mapping[str, ToolServer] = {
    LIBRARY: ToolServer(
        (
            RemoteTool("find_book", _found, "Finds a book by its title.", read_only=True, schema=_BOOK),
            RemoteTool("order_book", _ordered, "Orders a book by its title.", schema=_BOOK),
        )
    )
}


def orders_books(request: Request) -> bool:
    """Whether the request offers the server of the library."""
    return any(tool.get("server_url") == LIBRARY for tool in request.tools)


def use_in(request: Request, question: str) -> FunctionUse | ServerUse | None:
    """What the question says should be used, if the request offers it."""
    order = _ORDER.search(question)
    if order is None or not request.may_use_tools:
        return None
    name, rest = order["name"], order["rest"].strip()
    if name in request.functions:
        return FunctionUse(name, _arguments(request.functions[name], rest))
    tool, _, rest = rest.partition(" ")
    known = _tool(request, name, tool)
    return ServerUse(name, tool, _arguments(known.schema, rest.strip())) if known else None


def said_with(request: Request, use: FunctionUse | ServerUse) -> str:
    """What is said in the round in which this is used: what came of it, where nobody need be waited for."""
    if isinstance(use, FunctionUse):
        return "Let me see."
    offered = next(tool for tool in request.tools if tool.get("server_label") == use.server)
    tool = _tool(request, use.server, use.tool)
    asks = tool is None or needs_approval(offered, tool.name, read_only=tool.read_only)
    return "Let me see." if tool is None or asks else _told(tool.run(use.arguments))


def told_by(request: Request) -> str:
    """What came of that which earlier rounds of this answer used; empty in the first round."""
    told = [_told(result) for result in request.results]
    for item, approves in request.decided:
        tool = _tool(request, item["server_label"], item["name"])
        told.append(_told(tool.run(item["arguments"])) if approves and tool else "I was not allowed to do that.")
    return "\n\n".join(told)


def _told(result: str) -> str:
    return f"I was told:\n\n> {result}"


def _tool(request: Request, label: str, name: str) -> RemoteTool | None:
    return next((tool for tool in _tools_of(request, label) if tool.name == name), None)


def _tools_of(request: Request, label: str) -> tuple[RemoteTool, ...]:
    offered = [tool for tool in request.tools if tool["type"] == SERVER and tool["server_label"] == label]
    server = DEMO_SERVERS.get(offered[0]["server_url"]) if offered else None
    return server.tools if server else ()


def _arguments(schema: Mapping[str, Any], words: str) -> str:
    """Each text is all that was said, everything else as simple as can be."""
    properties: Mapping[str, Any] = schema.get("properties", {})
    says = {name: words for name, child in properties.items() if child.get("type") == "string" and "enum" not in child}
    return json.dumps({**simplest(schema), **says})


def _title(arguments: str) -> str:
    return str(json.loads(arguments)["title"])
