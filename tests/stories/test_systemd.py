"""What systemd is told by a daemon that it has started."""

import asyncio
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.slack.socket_mode import SocketMode
from tests.stories.stage import PATIENCE, PROGRAM, Stage

WATCHDOG = {"WATCHDOG_USEC": "1000000"}


class NotifySocket:
    """The socket on which systemd listens."""

    def __init__(self, path: Path) -> None:
        self.variables = {"NOTIFY_SOCKET": str(path)}
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._socket.setblocking(False)

    async def next(self, seconds: float = PATIENCE) -> list[str]:
        """The lines of the next datagram. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            return (await asyncio.get_running_loop().sock_recv(self._socket, 4096)).decode().split("\n")

    async def told(self, line: str) -> list[str]:
        """All lines up to this one."""
        lines: list[str] = []
        while line not in lines:
            lines += await self.next()
        return lines

    def forget(self) -> None:
        """Drop what has been sent so far."""
        try:
            while self._socket.recv(4096):
                pass
        except BlockingIOError:
            return

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[NotifySocket]:
    listening = NotifySocket(tmp_path / "notify")
    yield listening
    listening.close()


async def test_it_is_ready_when_slack_has_said_hello_and_stopping_when_it_is_told_to_end(
    stage: Stage, systemd: NotifySocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SocketMode, "_hello", lambda _: {"type": "debug"})
    daemon = await stage.start(**systemd.variables, **WATCHDOG)
    await stage.connected()
    with pytest.raises(TimeoutError):
        while "READY=1" not in await systemd.next(1):
            pass
    monkeypatch.undo()
    stage.slack.sockets.drop()
    assert "WATCHDOG=1" not in await systemd.told("READY=1")
    await systemd.told("WATCHDOG=1")
    assert await daemon.terminate() == 0
    assert "STOPPING=1" in await systemd.told("STOPPING=1")


async def test_a_daemon_that_is_stuck_does_not_say_that_it_lives(stage: Stage, systemd: NotifySocket) -> None:
    stage.command = PROGRAM
    daemon = await stage.start(**systemd.variables, **WATCHDOG)
    await systemd.told("WATCHDOG=1")
    daemon.process.send_signal(signal.SIGSTOP)
    await asyncio.to_thread(os.waitid, os.P_PID, daemon.pid, os.WSTOPPED | os.WNOWAIT)
    systemd.forget()
    with pytest.raises(TimeoutError):
        await systemd.next(2)
    daemon.process.send_signal(signal.SIGCONT)
    await systemd.told("WATCHDOG=1")
