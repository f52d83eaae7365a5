"""Daemons that are forked from a process that has loaded their modules, to save the second that this takes."""

import asyncio
import atexit
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.stories import fork_server


@dataclass(frozen=True, slots=True)
class Forked:
    """A process that is nobody's child here; to be used like one of asyncio's."""

    pid: int
    ending: asyncio.Task[int]

    @property
    def returncode(self) -> int | None:
        return self.ending.result() if self.ending.done() else None

    async def wait(self) -> int:
        return await asyncio.shield(self.ending)

    def send_signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


async def fork(arguments: Sequence[str], environ: Mapping[str, str], folder: Path, log: Path) -> Forked:
    """Run `slackbot.py` with these arguments and this environment, in this folder; it writes into this log."""
    line, theirs = socket.socketpair()
    with theirs, log.open("wb") as sink:
        socket.send_fds(_server(), [b"!"], [theirs.fileno(), sink.fileno()])
    line.sendall(json.dumps([arguments, dict(environ), str(folder)]).encode())
    line.shutdown(socket.SHUT_WR)
    line.setblocking(False)
    return Forked(await _number(line), asyncio.create_task(_ending(line)))


async def _ending(line: socket.socket) -> int:
    with line:
        return await _number(line)


async def _number(line: socket.socket) -> int:
    told = await asyncio.get_running_loop().sock_recv(line, fork_server.NUMBER.size)
    assert told, "the process that forks daemons has ended"
    return int(*fork_server.NUMBER.unpack(told))


@cache
def _server() -> socket.socket:
    """The connection to the process that forks: one for all stories of this run."""
    control, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, fork_server.__file__, str(theirs.fileno())],
            env={"PATH": os.environ["PATH"]},
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )

    def end() -> None:
        control.close()
        process.wait()

    atexit.register(end)
    return control
