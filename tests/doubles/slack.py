"""What tests of `bot.slack` put in place of the rest of the bot."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.domain.conversation import Message, ThreadKey
from bot.slack.wire.calls import SlackCalls
from bot.slack.wire.client import open_client
from bot.slack.wire.identity import Identity
from bot.slack.wire.pacer import Pacer, Priority
from playground.slack.server import SlackServer
from playground.slack.workspace import Workspace


class FreePacer(Pacer):
    """Lets every call go at once."""

    def __init__(self) -> None:
        super().__init__()
        self.frozen_methods: list[str] = []

    async def slot(
        self, method: str, *, priority: Priority, channel: str | None = None, waiting_since: float | None = None
    ) -> None:
        return

    def frozen(self, method: str, retry_after: float) -> None:
        self.frozen_methods.append(method)


def identity_in(workspace: Workspace) -> Identity:
    """The bot as this workspace knows it."""
    bot = workspace.bot
    return Identity(workspace.team_id, bot.user_id, bot.bot_id, bot.name)


@asynccontextmanager
async def unpaced_calls(server: SlackServer) -> AsyncIterator[SlackCalls]:
    """The Web API of this server, called without regard to its limits."""
    async with open_client(server.installation.bot_token, server.api_url) as client:
        yield SlackCalls(client, FreePacer(), server.workspace.team_id)


@dataclass(slots=True)
class KeepingInbox:
    """Keeps what it receives; refuses as many deliveries as `refusals` says first, and waits for `door` with each."""

    received: list[tuple[Message, str]] = field(default_factory=list)
    refusals: int = 0
    refused: int = 0
    stopped: list[ThreadKey] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    door: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.door.set()

    async def receive(self, message: Message, event_id: str) -> bool:
        self.arrived.set()
        await self.door.wait()
        if self.refused < self.refusals:
            self.refused += 1
            raise OSError("the disk is full")
        is_new = all(message.id != known.id for known, _ in self.received)
        self.received.append((message, event_id))
        return is_new

    async def stop(self, thread: ThreadKey) -> bool:
        self.stopped.append(thread)
        return True

    @property
    def messages(self) -> list[Message]:
        """Each message once, in the order in which they came."""
        return list(dict.fromkeys(message for message, _ in self.received))
