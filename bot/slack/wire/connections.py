"""All Socket Mode connections of this process: several, so that one may fail without anybody noticing."""

import asyncio
import logging
from dataclasses import dataclass, field

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.ports import NO_METER, Meter
from bot.slack.payload import Json, whole_number_at
from bot.slack.wire.connection import Connection

log = logging.getLogger(__name__)

PING_INTERVAL = 5.0
"""Seconds; a connection that breaks without a word is noticed after about two of them."""


@dataclass(slots=True)
class Connections:
    """Keeps `count` connections, over each of which Slack may deliver any event.

    They start `stagger` seconds apart: Slack renews a connection after some hours, and not all at once then.
    """

    app: AsyncApp
    client: AsyncWebClient
    app_token: str = field(repr=False)
    meter: Meter = NO_METER
    count: int = 2
    ping_interval: float = PING_INTERVAL
    stagger: float = 2.0
    _open: list[Connection] = field(default_factory=list)
    _closing: asyncio.Event = field(default_factory=asyncio.Event)
    _running: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def connected(self) -> int:
        """How many connections are up."""
        return sum(connection.is_connected for connection in self._open)

    @property
    def greeted(self) -> int:
        """Over how many of them Slack delivers events: those that are up and were greeted."""
        return sum(connection.is_greeted for connection in self._open)

    async def run(self) -> None:
        """Keep the connections until `close`. Raises SetupRefused when Slack will never connect us."""
        async with self._running:
            keepers = [asyncio.create_task(self._keep(number * self.stagger)) for number in range(self.count)]
            try:
                await asyncio.wait(keepers, return_when=asyncio.FIRST_EXCEPTION)
                await self._retire()
                await asyncio.wait(keepers)
            finally:
                for keeper in keepers:
                    keeper.cancel()
                ends = await asyncio.gather(*keepers, return_exceptions=True)
        for end in ends:
            if isinstance(end, Exception):
                raise end

    async def close(self) -> None:
        """Hear nothing more, let what was heard be acknowledged, and end every connection."""
        await self._retire()
        async with self._running:
            pass

    async def _retire(self) -> None:
        self._closing.set()
        await asyncio.gather(*(connection.retire() for connection in self._open))

    async def _keep(self, delay: float) -> None:
        await self._rest(delay)
        while not self._closing.is_set():
            connection = Connection(
                self.app, self.client, self.app_token, self.ping_interval, self._note_hello, meter=self.meter
            )
            self._open.append(connection)
            try:
                connection.open()
                pause = await connection.lost()
            finally:
                self._open.remove(connection)
                await connection.close()
            if not self._closing.is_set():
                self.meter.reconnection("given_up")
                log.warning("a connection to Slack is given up; a new one follows in %.0f s", pause)
                await self._rest(pause)

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._closing.wait()
        except TimeoutError:
            pass

    def _note_hello(self, frame: Json) -> None:
        everywhere = whole_number_at(frame, "num_connections")
        log.info("connected to Slack: %d of %d sockets (%d of the app)", self.connected, self.count, everywhere)
