"""What an answer uses of the tools that it is offered, and what comes of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from playground.openai.hosted import CODE_TOOL, FILE_TOOL, CodeUse, Container, FileUse, Ran, check_stores, run
from playground.openai.requests import Request
from playground.openai.tool_servers import Offer, ToolFailed, ToolServer, offers_of


@dataclass(frozen=True, slots=True)
class FunctionUse:
    """The model wants a function to be run; `arguments` are what it writes, which should be JSON."""

    name: str
    arguments: str = "{}"


@dataclass(frozen=True, slots=True)
class ServerUse:
    """The model wants a tool of a server; whether it must wait for an approval is for the request to say."""

    server: str
    tool: str
    arguments: str = "{}"


Use = FunctionUse | ServerUse | CodeUse | FileUse


@dataclass(frozen=True, slots=True)
class World:
    """What lies outside of the model: servers of tools by their addresses, containers by their ids, vector stores.

    Where `stores` is None, every store is there.
    """

    servers: Mapping[str, ToolServer] = field(default_factory=dict)
    containers: dict[str, Container] = field(default_factory=dict)
    stores: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """The model learns what a server offers."""

    offer: Offer


@dataclass(frozen=True, slots=True)
class Called:
    """A server's tool has run, after an approval if `approval` names one."""

    use: ServerUse
    output: str | None
    error: Mapping[str, Any] | None = None
    approval: str | None = None


@dataclass(frozen=True, slots=True)
class Steps:
    """What happens before the text of an answer, and what the client is asked for behind it."""

    listed: tuple[Listed, ...] = ()
    called: tuple[Called, ...] = ()
    functions: tuple[FunctionUse, ...] = ()
    asked: tuple[ServerUse, ...] = ()
    searched: tuple[FileUse, ...] = ()
    ran: tuple[Ran, ...] = ()

    @property
    def wait(self) -> bool:
        """True when the model goes on only with the client's help."""
        return bool(self.functions or self.asked)


NO_STEPS = Steps()

Hosted = TypeVar("Hosted", CodeUse, FileUse)


def steps_of(request: Request, uses: tuple[Use, ...], world: World) -> Steps:
    """Carry out what is to be carried out here.

    Raises ApiError when a server cannot be reached or a store is not there, and ValueError for a script that uses what
    is not offered, as no model could do that.
    """
    check_stores(request.tools, world.stores)
    offers = offers_of(request.tools, world.servers)
    listed = [Listed(offer) for label, offer in offers.items() if label not in request.listed]
    approved = [
        _called(ServerUse(item["server_label"], item["name"], item["arguments"]), offers, item["id"])
        for item, approves in request.decided
        if approves
    ]
    if uses and not request.may_use_tools:
        raise ValueError("the script uses a tool, and the request forbids it")
    functions = [use for use in uses if isinstance(use, FunctionUse)]
    if unknown := [use.name for use in functions if use.name not in request.functions]:
        raise ValueError(f"the script uses {unknown[0]}, and the request does not offer such a function")
    offered = {tool["type"] for tool in request.tools}
    code, searches = _all(uses, CodeUse, CODE_TOOL, offered), _all(uses, FileUse, FILE_TOOL, offered)
    wanted = [use for use in uses if isinstance(use, ServerUse)]
    asked = [use for use in wanted if _offer(use, offers).tool(use.tool).name in _offer(use, offers).asks]
    called = [_called(use, offers) for use in wanted if use not in asked]
    ran = tuple(run(use, world.containers) for use in code)
    return Steps(tuple(listed), (*approved, *called), tuple(functions), tuple(asked), searches, ran)


def _all(uses: tuple[Use, ...], kind: type[Hosted], tool: str, offered: Collection[str]) -> tuple[Hosted, ...]:
    found = tuple(use for use in uses if isinstance(use, kind))
    if found and tool not in offered:
        raise ValueError(f"the script uses {tool}, and the request does not offer that")
    return found


def _offer(use: ServerUse, offers: Mapping[str, Offer]) -> Offer:
    if use.server not in offers:
        raise ValueError(f"the script uses {use.server}, and the request does not offer such a server")
    return offers[use.server]


def _called(use: ServerUse, offers: Mapping[str, Offer], approval: str | None = None) -> Called:
    try:
        return Called(use, _offer(use, offers).tool(use.tool).run(use.arguments), approval=approval)
    except ToolFailed as failure:
        error = {"type": "mcp_tool_execution_error", "content": [{"type": "text", "text": str(failure)}]}
        return Called(use, None, error, approval)
