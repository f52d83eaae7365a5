"""What systemd is told, and that it is told nothing when the bot is stuck."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.domain.errors import BotError
from bot.monitor.systemd import USUAL_INTERVAL, NotifySocket, Reports, reports_to_systemd


@dataclass
class Service:
    """A bot of which this is told: its sockets, and what a write to the database does."""

    sockets: int = 1
    can_write: asyncio.Event = field(default_factory=asyncio.Event)
    trouble: BotError | None = None

    async def write(self) -> None:
        await self.can_write.wait()
        if self.trouble:
            raise self.trouble


@pytest.fixture(params=["path", "abstract"])
def systemd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, socket.socket]]:
    """What NOTIFY_SOCKET says, and the socket behind it."""
    address = f"@chatgpt-for-slack-{os.getpid()}" if request.param == "abstract" else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(address.replace("@", "\0", 1))
        listener.setblocking(False)
        yield address, listener


async def told(listener: socket.socket) -> list[str]:
    """The lines of the next datagram."""
    async with asyncio.timeout(30):
        return (await asyncio.get_running_loop().sock_recv(listener, 4096)).decode().split("\n")


@asynccontextmanager
async def reporting(reports: Reports) -> AsyncIterator[None]:
    task = asyncio.create_task(reports.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


async def test_it_is_ready_when_slack_has_greeted_and_lives_when_a_write_came_back(
    systemd: tuple[str, socket.socket],
) -> None:
    address, listener = systemd
    service = Service(sockets=0)
    async with reporting(Reports(NotifySocket(address), 0.01, lambda: service.sockets, service.write)):
        assert await told(listener) == ["STATUS=connecting to Slack"]
        await asyncio.sleep(0)
        with pytest.raises(BlockingIOError):
            listener.recv(4096)
        service.sockets = 2
        assert await told(listener) == ["READY=1"]
        with pytest.raises(BlockingIOError):
            listener.recv(4096)
        service.can_write.set()
        for _ in range(3):
            assert await told(listener) == ["WATCHDOG=1", "STATUS=2 sockets to Slack"]


async def test_a_write_that_does_not_come_back_is_no_sign_of_life(systemd: tuple[str, socket.socket]) -> None:
    address, listener = systemd
    service, tries = Service(), 0

    async def write() -> None:
        nonlocal tries
        tries += 1
        if tries == 4:
            service.can_write.set()
        await service.write()

    async with reporting(Reports(NotifySocket(address), 0.0, lambda: 1, write, longest_write=0.01)):
        assert await told(listener) == ["STATUS=connecting to Slack"]
        assert await told(listener) == ["READY=1"]
        assert (await told(listener))[0] == "WATCHDOG=1"
    assert tries >= 4


async def test_a_full_disk_is_told_and_no_reason_for_a_restart(systemd: tuple[str, socket.socket]) -> None:
    address, listener = systemd
    service = Service(trouble=BotError("the disk is full"))
    service.can_write.set()
    async with reporting(Reports(NotifySocket(address), 0.01, lambda: 1, service.write)):
        await told(listener)
        await told(listener)
        assert await told(listener) == ["WATCHDOG=1", "STATUS=cannot write: the disk is full"]


async def test_the_end_is_told(systemd: tuple[str, socket.socket]) -> None:
    address, listener = systemd
    Reports(NotifySocket(address), 1, lambda: 1, Service().write).end()
    assert (await told(listener))[0] == "STOPPING=1"


async def test_without_systemd_nothing_is_written_and_nobody_told() -> None:
    reports = reports_to_systemd({}, lambda: 1, Service().write)
    reports.end()
    async with asyncio.timeout(10):
        await reports.run()


def test_a_systemd_that_does_not_listen_is_no_trouble(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    NotifySocket(str(tmp_path / "gone")).send("READY=1")
    assert "systemd cannot be told" in caplog.text


@pytest.mark.parametrize(
    ("environ", "interval"),
    [
        ({"WATCHDOG_USEC": "30000000"}, 15.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}, 15.0),
        ({"WATCHDOG_USEC": "4000000", "WATCHDOG_PID": "1"}, USUAL_INTERVAL),
        ({"WATCHDOG_USEC": "5000000"}, 2.5),
        ({"WATCHDOG_USEC": "0"}, USUAL_INTERVAL),
        ({"WATCHDOG_USEC": "soon"}, USUAL_INTERVAL),
        ({}, USUAL_INTERVAL),
    ],
)
def test_reports_come_twice_before_the_watchdog_bites(environ: dict[str, str], interval: float) -> None:
    assert reports_to_systemd(environ, lambda: 1, Service().write).interval == interval
