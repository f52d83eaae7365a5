"""One WebSocket of the app, with the ways in which a line can break."""

import asyncio
import contextlib
import json
from dataclasses import dataclass, field

from aiohttp import web

from playground.slack.directory import Json
from playground.tcp import reset

SEND_SECONDS = 1.0


@dataclass(slots=True, eq=False)
class Connection:
    """One open WebSocket. `is_silent` plays a half-open line: nothing comes through any more, in either direction.

    `is_leaving` is set once the app was told to disconnect, `gone` when the connection has ended.
    """

    ws: web.WebSocketResponse
    request: web.Request
    is_leaving: bool = False
    is_silent: bool = False
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, frame: Json) -> None:
        """Write a frame, as far as the line lets us; an app that reads nothing for a while holds nobody up."""
        if not self.is_silent and not self.gone.is_set():
            with contextlib.suppress(ConnectionError, TimeoutError):
                async with asyncio.timeout(SEND_SECONDS):
                    await self.ws.send_str(json.dumps(frame))

    def reset(self) -> None:
        """Break the TCP connection with RST, without a close frame."""
        self.gone.set()
        reset(self.request.transport)
