"""One worker process, as the daemon sees it."""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

from bot.documents.frames import PREFIX, Ended, FrameInvalid, Job, Message, pack, sizes, unpack
from bot.domain.files import Flaw

PROGRAM = "from bot.documents.worker import main, open_any; main(open_any)"

_ROOT = str(Path(__file__).parents[2])
_BOOT = "import sys; sys.path.insert(0, sys.argv[1]); "
"""Isolated mode leaves our own folder out of the import path, together with everything that the environment says."""

_SLICE = 2**16
"""Bytes handed to the pipe at a time, about what it holds."""

_WORN_JOBS = 50
_WORN_MEMORY = 300 * 2**20


class WorkerDied(Exception):
    """The worker ended, or sent nonsense, in the middle of a job; `flaw` says what that tells of the file."""

    def __init__(self, flaw: Flaw, how: str) -> None:
        super().__init__(how)
        self.flaw = flaw


class WorkerProcess:
    """A worker that does one job after the other. Whoever holds it ends it with `kill` and then `gone`."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._stdin = cast(asyncio.StreamWriter, process.stdin)
        self._stdout = cast(asyncio.StreamReader, process.stdout)
        self._jobs = 0

    @classmethod
    async def start(cls, program: str = PROGRAM, extra: Mapping[str, str] | None = None) -> "WorkerProcess":
        """A new process that runs this Python code; of the environment it sees PATH, LANG and `extra` alone.

        Raises OSError.
        """
        known = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-B", "-c", _BOOT + program, _ROOT),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env={**known, **(extra or {})},
            cwd="/",
            start_new_session=True,
        )
        return cls(process)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.returncode is None and not _has_exited(self.pid)

    @property
    def worn(self) -> bool:
        """True when it should do no further job: it has done many, or has kept much memory of them."""
        return not self.alive or self._jobs >= _WORN_JOBS or _resident(self.pid) > _WORN_MEMORY

    async def do(self, job: Job, take: Callable[[Message], None]) -> Ended:
        """Do a job, handing over what comes until the end. Raises WorkerDied; after any exception it is of no use."""
        self._jobs += 1
        try:
            await self._send(job)
            while not isinstance(message := await self._receive(), Ended):
                take(message)
        except (ConnectionError, asyncio.IncompleteReadError):
            raise _death(await self._process.wait()) from None
        except FrameInvalid as error:
            raise WorkerDied(Flaw.BROKEN, f"sent {error}") from None
        return message

    def kill(self) -> None:
        """End it and all that it started, at once."""
        if self.alive:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)

    async def gone(self) -> None:
        """Wait until a killed worker has left nothing behind: no process, no open pipe."""
        self._stdin.close()
        while await self._stdout.read(_SLICE):
            pass
        await self._process.wait()

    async def _send(self, job: Job) -> None:
        head, body = pack(job)
        self._stdin.write(head)
        rest = memoryview(body)
        for start in range(0, len(rest), _SLICE):
            self._stdin.write(rest[start : start + _SLICE])
            await self._stdin.drain()
        await self._stdin.drain()

    async def _receive(self) -> Message:
        head, body = sizes(await self._stdout.readexactly(PREFIX.size))
        return unpack(await self._stdout.readexactly(head), await self._stdout.readexactly(body))


def _death(code: int) -> WorkerDied:
    """What an exit tells: a library that gets no more memory aborts or crashes, in one way or another."""
    if code == -signal.SIGXCPU:
        return WorkerDied(Flaw.TOO_SLOW, "used up its processor time")
    return WorkerDied(Flaw.TOO_COMPLEX if code < 0 else Flaw.BROKEN, f"ended with {code}")


def _has_exited(pid: int) -> bool:
    """Whether a child has ended, even when the event loop has not heard of it yet."""
    if sys.platform == "darwin":  # has no waitid before Python 3.13
        return False
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True


def _resident(pid: int) -> int:
    """Bytes of memory that a process occupies; 0 where the system does not tell."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0
