"""Tells systemd that the bot is ready, lives, how it is, and that it ends (sd_notify(3), sd_watchdog_enabled(3))."""

import asyncio
import logging
import os
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.domain.errors import BotError
from bot.monitor.health import LONGEST_WRITE

log = logging.getLogger(__name__)

LOOK = 0.1
"""Seconds between two looks for the first connection."""

USUAL_INTERVAL = 15.0
"""Seconds between two reports where no watchdog waits for them."""


@dataclass(frozen=True, slots=True)
class NotifySocket:
    """Where systemd listens: a path, or an abstract name behind an @. Without an address nobody is told."""

    address: str | None

    def send(self, *lines: str) -> None:
        """Send NAME=value lines; what systemd does not take at once is dropped."""
        if self.address is None:
            return
        name = "\0" + self.address[1:] if self.address.startswith("@") else self.address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
                sender.setblocking(False)
                sender.sendto("\n".join(lines).encode(), name)
        except OSError as error:
            log.warning("systemd cannot be told how the bot is: %s", error.strerror)


@dataclass(frozen=True, slots=True)
class Reports:
    """Reports every `interval` seconds, each time after a proof of life: the loop turns, and a write has come back.

    `sockets` counts the connections that Slack has greeted; `write` writes to the database, or raises BotError.
    """

    systemd: NotifySocket
    interval: float
    sockets: Callable[[], int]
    write: Callable[[], Awaitable[None]]
    longest_write: float = LONGEST_WRITE

    async def run(self) -> None:
        """Report until cancelled, beginning with the first greeting of Slack's."""
        if self.systemd.address is None:
            return
        self.systemd.send("STATUS=connecting to Slack")
        is_ready = False
        while True:
            if is_ready:
                await self._report()
                await asyncio.sleep(self.interval)
            elif self.sockets():
                self.systemd.send("READY=1")
                is_ready = True
            else:
                await asyncio.sleep(LOOK)

    def end(self) -> None:
        """Say that no more is heard, and that answers are being finished."""
        self.systemd.send("STOPPING=1", "STATUS=finishing answers")

    async def _report(self) -> None:
        try:
            async with asyncio.timeout(self.longest_write):
                await self.write()
        except TimeoutError:
            log.warning("a write to the database has not come back for %.0f s", self.longest_write)
        except BotError as error:
            # Of a full disk, say, a restart would not make a larger one.
            self.systemd.send("WATCHDOG=1", f"STATUS=cannot write: {error}")
        else:
            self.systemd.send("WATCHDOG=1", f"STATUS={self.sockets()} sockets to Slack")


def reports_to_systemd(
    environ: Mapping[str, str], sockets: Callable[[], int], write: Callable[[], Awaitable[None]]
) -> Reports:
    """Reports to the systemd that this environment tells of, twice in the time after which its watchdog bites."""
    microseconds = environ.get("WATCHDOG_USEC", "")
    is_for_us = environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
    watched = is_for_us and microseconds.isdecimal() and int(microseconds) > 0
    interval = int(microseconds) / 2_000_000 if watched else USUAL_INTERVAL
    return Reports(NotifySocket(environ.get("NOTIFY_SOCKET") or None), interval, sockets, write)
