"""Remote servers of tools as the provider sees them: played, as nothing is ever fetched here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from playground.openai.errors import ApiError
from playground.openai.own_tools import is_allowed, needs_approval

_NO_ARGUMENTS: Mapping[str, Any] = {"type": "object", "properties": {}}


class ToolFailed(Exception):
    """What a tool raises that does not do what it is asked; the message goes to the model."""


@dataclass(frozen=True, slots=True)
class RemoteTool:
    """A tool of a server: `run` gets the arguments as the model wrote them, and returns what the model reads."""

    name: str
    run: Callable[[str], str]
    description: str = ""
    read_only: bool = False
    schema: Mapping[str, Any] = field(default_factory=lambda: _NO_ARGUMENTS)

    @property
    def listed(self) -> dict[str, Any]:
        """The tool as it stands in a list of tools."""
        annotations = {"read_only": self.read_only}
        shown = {"name": self.name, "description": self.description, "annotations": annotations}
        return {**shown, "input_schema": dict(self.schema)}


@dataclass(frozen=True, slots=True)
class ToolServer:
    """A server that is found at its address, and lets in who sends these headers."""

    tools: tuple[RemoteTool, ...]
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Offer:
    """A server that a request offers to the model, and those of its tools that may be used."""

    label: str
    tools: tuple[RemoteTool, ...]
    asks: frozenset[str]

    def tool(self, name: str) -> RemoteTool:
        """Raises ValueError for a tool that the model cannot know."""
        found = next((tool for tool in self.tools if tool.name == name), None)
        if found is None:
            raise ValueError(f"the script uses {name}, and the server {self.label} does not offer that")
        return found


def offers_of(tools: Sequence[Mapping[str, Any]], servers: Mapping[str, ToolServer]) -> dict[str, Offer]:
    """The servers in a list of tools that was checked, by label. Raises ApiError for one that cannot be reached."""
    return {tool["server_label"]: _offer(tool, servers) for tool in tools if tool["type"] == "mcp"}


def _offer(tool: Mapping[str, Any], servers: Mapping[str, ToolServer]) -> Offer:
    label, server = tool["server_label"], servers.get(tool["server_url"])
    if server is None:
        raise unreachable(label, "424 (Failed Dependency)")
    sent = {name.lower(): value for name, value in (tool.get("headers") or {}).items()}
    if any(sent.get(name.lower()) != value for name, value in server.headers.items()):
        raise unreachable(label, "401 (Unauthorized)")
    offered = tuple(each for each in server.tools if is_allowed(tool, each.name, read_only=each.read_only))
    asks = frozenset(each.name for each in offered if needs_approval(tool, each.name, read_only=each.read_only))
    return Offer(label, offered, asks)


def unreachable(label: str, status: str) -> ApiError:
    """The service answers 424 as a whole when it cannot learn what a server offers."""
    message = f"Error retrieving tool list from MCP server: '{label}'. Http status code: {status}."
    return ApiError(424, message, "http_error", "tools", "external_connector_error")
