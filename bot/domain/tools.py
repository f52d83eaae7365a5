"""What a model may use while it answers, besides the image tool and the web search."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from bot.domain.reply import StatusChange

Run = Callable[[Mapping[str, object]], Awaitable[str]]
"""Does what a function is for, given its arguments; what it returns is for the model. Raises BotError."""


@dataclass(frozen=True, slots=True)
class Function:
    """A tool of our own: the model names it and its arguments, it is run here, and the model reads the result.

    `parameters` is the JSON schema of an object in which every property is required and no other is allowed (strict
    mode of the function tool). `status` is shown while it runs; it is foreign where the result holds what strangers
    wrote.
    """

    name: str
    description: str
    parameters: Mapping[str, object]
    status: StatusChange
    run: Run = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class RemoteServer:
    """A server of tools (Model Context Protocol) which the provider, not the bot, calls for the model.

    `tools` are the names of those that may be used, all where it is empty. `unasked` are those that run without a
    person's approval; where it is empty, these are the tools that the server itself marks as read-only.
    """

    name: str
    url: str
    description: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    tools: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToolCall:
    """What a model wants of a remote server's tool; `arguments` is JSON as the model wrote it."""

    server: str
    tool: str
    arguments: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Offer:
    """What an operator offers in some channels and to some people: everywhere, and to everybody, where none is named.

    `channels` and `people` are the platform's ids; the rest is as in a Toolbox.
    """

    channels: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    servers: tuple[RemoteServer, ...] = ()
    stores: tuple[str, ...] = ()
    code: bool = False

    def reaches(self, channel: str, person: str) -> bool:
        """Whether this person, in this channel, is offered it."""
        return (not self.channels or channel in self.channels) and (not self.people or person in self.people)


Approve = Callable[[ToolCall], Awaitable[bool]]
"""Asks the person who is being answered whether a call may be made; False when they refuse or say nothing."""


async def refuse(_call: ToolCall) -> bool:
    """Approves of nothing."""
    return False


@dataclass(frozen=True, slots=True)
class Toolbox:
    """All that the model may use for one answer; empty unless the operator has asked for it.

    `stores` are ids of the provider's vector stores that may be searched; `code` says that the model may run code in a
    container of the provider's.
    """

    functions: tuple[Function, ...] = ()
    servers: tuple[RemoteServer, ...] = ()
    stores: tuple[str, ...] = ()
    code: bool = False
    approve: Approve = field(default=refuse, repr=False, compare=False)
