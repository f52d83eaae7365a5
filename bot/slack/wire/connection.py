"""One Socket Mode connection: kept up by Slack's SDK, and given up when the SDK cannot mend it.

The SDK renews a connection that Slack closes or that falls silent. What it does not notice (slack_sdk 3.47,
socket_mode/aiohttp): that the ticket which it tries again and again is dead, that Slack will never take its token any
more, and that it waits for a reconnection which another of its tasks broke off. Such a connection has to be replaced.
"""

import asyncio
import logging
import random
import re
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from aiohttp import ClientWebSocketResponse, WSMessage
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.ports import Meter
from bot.slack.payload import Json, parsed, text_at
from bot.slack.wire.client import sdk_log
from bot.slack.wire.identity import SetupRefused
from bot.slack.wire.tickets import Tickets

log = logging.getLogger(__name__)

ACK_SECONDS = 3.0
"""How long Slack waits for an acknowledgement (docs.slack.dev/apis/events-api/using-socket-mode)."""

LOST = "lost"
"""Why a connection has to be replaced that ended without a word from Slack."""

_REASONS = frozenset({"warning", "refresh_requested"})
_SILENT_PINGS = 3
_CROWDED_PAUSE = (30.0, 60.0)  # seconds; Slack takes ten connections of an app, so that others have to end first
_TICKET = re.compile(r"(?<=ticket=)[^&\s'\"]+")
_PARTING = 2.0  # seconds for a polite end
SWITCHED_OFF = "Socket Mode is switched off for the Slack app. Switch it on under Socket Mode at api.slack.com/apps."


class Connection:
    """One connection to Slack, from `open` to `close`; `on_hello` is called each time Slack greets it."""

    def __init__(
        self,
        app: AsyncApp,
        client: AsyncWebClient,
        app_token: str,
        ping_interval: float,
        on_hello: Callable[[Json], None],
        *,
        meter: Meter,
    ) -> None:
        self._ping_interval = ping_interval
        self._on_hello = on_hello
        self._meter = meter
        self._parting = LOST
        self._opening: asyncio.Task[None] | None = None
        self._handling: set[asyncio.Task[Any]] = set()
        self._hears = True
        self._greeted: ClientWebSocketResponse | None = None
        self._tickets = Tickets(client)
        self._handler = AsyncSocketModeHandler(
            app, app_token, logger=_discreet_log(), web_client=self._tickets, ping_interval=ping_interval
        )
        self._sdk = self._handler.client
        self._sdk.proxy = client.proxy  # the SDK's own choice has no regard to NO_PROXY
        self._sdk.on_message_listeners.append(self._on_frame)
        self._sdk.socket_mode_request_listeners[:] = [self._on_envelope]

    def open(self) -> None:
        """Begin to connect; the SDK tries until it succeeds or the connection is closed."""
        self._opening = asyncio.create_task(self._handler.connect_async())

    @property
    def is_connected(self) -> bool:
        """True while the WebSocket is open, as far as we know."""
        session = self._sdk.current_session
        return not self._sdk.closed and not self._sdk.stale and session is not None and not session.closed

    @property
    def is_greeted(self) -> bool:
        """True while it is connected and Slack has said hello on this very WebSocket: from then on events come."""
        return self.is_connected and self._greeted is self._sdk.current_session

    async def lost(self) -> float:
        """Wait until the connection has to be replaced; returns how many seconds to wait before that.

        Raises SetupRefused when Slack will not connect us however often we try.
        """
        seen = time.monotonic()
        while not (await asyncio.wait({self._tickets.end}, timeout=self._ping_interval))[0]:
            if self.is_connected:
                seen = time.monotonic()
            elif time.monotonic() - seen > _SILENT_PINGS * self._ping_interval:
                return 0.0
        return self._tickets.end.result()

    async def retire(self) -> None:
        """Hear nothing more, and let go when all that was heard is acknowledged.

        What arrives from now on is not acknowledged, so that Slack delivers it again.
        """
        self._hears = False
        if self._handling:
            await asyncio.wait(self._handling, timeout=ACK_SECONDS)
        self._tickets.give_up(0.0)

    async def close(self) -> None:
        """End the connection and every task of it; nothing reconnects from here on."""
        self._hears = False
        self._sdk.closed = True
        tasks = (
            self._opening,
            self._sdk.current_session_monitor,
            self._sdk.message_receiver,
            self._sdk.message_processor,
        )
        await _cancelled(*(task for task in tasks if task))
        with suppress(TimeoutError):
            async with asyncio.timeout(_PARTING), self._sdk.connect_operation_lock:
                # With the lock, no task of the SDK's is in the middle of a reconnection.
                await self._sdk.disconnect()
        await self._sdk.aiohttp_client_session.close()
        self._tickets.close()

    async def _on_envelope(self, _: AsyncBaseSocketModeClient, envelope: SocketModeRequest) -> None:
        task = asyncio.current_task()
        if not self._hears or task is None:
            return
        self._handling.add(task)
        try:
            await self._handler.handle(self._sdk, envelope)
        finally:
            self._handling.discard(task)

    async def _on_frame(self, message: WSMessage) -> None:
        if '"envelope_id"' in message.data:
            return
        frame = parsed(message.data)
        if frame.get("type") == "hello":
            if self._greeted is not None:
                self._meter.reconnection(self._parting)
            self._greeted, self._parting = self._sdk.current_session, LOST
            self._on_hello(frame)
        elif frame.get("type") == "disconnect":
            self._on_disconnect(text_at(frame, "reason"))

    def _on_disconnect(self, reason: str) -> None:
        if reason == "link_disabled":
            self._tickets.fail(SetupRefused(SWITCHED_OFF))
        elif reason == "too_many_websockets":
            log.warning("Slack has too many connections of this app")
            self._tickets.give_up(random.uniform(*_CROWDED_PAUSE))
        else:
            self._parting = reason if reason in _REASONS else "other"
            log.info("Slack renews a connection (%s)", reason if reason.isidentifier() else "no reason")


async def _cancelled(*tasks: asyncio.Future[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _discreet_log() -> logging.Logger:
    """The SDK's log of its connections, without the ticket and the traceback that it prints for each try that fails."""
    sdk = sdk_log("socket_mode")
    sdk.addFilter(_be_discreet)
    return sdk


def _be_discreet(record: logging.LogRecord) -> bool:
    record.msg, record.args, record.exc_info = _TICKET.sub("[secret]", record.getMessage()), None, None
    return True
