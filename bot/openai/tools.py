"""What a model may use, in the terms of the `tools` parameter; web search and image tool stand in `request`."""

from typing import Any

from bot.domain.tools import Function, RemoteServer, Toolbox

MOST_CALLS = 16
"""Functions and other tools that are called for one answer."""

_MOST_RESULTS = 10
"""Passages of files that one search brings. Each is paid for as part of the prompt; the service's own number is 20."""


def tool_parameters(toolbox: Toolbox) -> list[dict[str, Any]]:
    """The tools in the order of the toolbox: another order would be another prefix for the prompt cache."""
    return [*map(_function, toolbox.functions), *map(_server, toolbox.servers)]


def hosted_parameters(toolbox: Toolbox) -> list[dict[str, Any]]:
    """The tools that the provider runs itself, so that no round of ours is needed."""
    stores, code = list(toolbox.stores), {"type": "auto", "network_policy": {"type": "disabled"}}
    return [
        *([{"type": "file_search", "vector_store_ids": stores, "max_num_results": _MOST_RESULTS}] if stores else []),
        # That code reaches no network is always said: it works on what people wrote.
        *([{"type": "code_interpreter", "container": code}] if toolbox.code else []),
    ]


def _function(function: Function) -> dict[str, Any]:
    return {
        "type": "function",
        "name": function.name,
        "description": function.description,
        "parameters": dict(function.parameters),
        "strict": True,
    }


def _server(server: RemoteServer) -> dict[str, Any]:
    """What needs no approval is always said: all that is not named needs it (reference of the tool)."""
    optional = {
        "server_description": server.description,
        "headers": dict(server.headers),
        "allowed_tools": list(server.tools),
    }
    return {
        "type": "mcp",
        "server_label": server.name,
        "server_url": server.url,
        **{name: value for name, value in optional.items() if value},
        "require_approval": {"never": {"tool_names": list(server.unasked)} if server.unasked else {"read_only": True}},
    }
