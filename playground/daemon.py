"""The real bot as a process of its own, with its log passed on line by line."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

PROGRAM = Path(__file__).parents[1] / "slackbot.py"

_PATIENCE = 30.0
"""Seconds that the bot may take to end after SIGTERM."""

_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""No proxies: Slack's library would look for the local Slack behind them, whatever NO_PROXY says."""


@asynccontextmanager
async def run_daemon(
    folder: Path, variables: Mapping[str, str], show: Callable[[str], None], program: Path = PROGRAM
) -> AsyncIterator[Process]:
    """Run the bot with these variables and little else while the context is open; `show` gets each line of its log.

    It runs in `folder`, which also keeps its data. Ctrl-C reaches us alone; leaving the context sends it SIGTERM and
    waits.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(program),
        env=environment(folder, variables),
        cwd=folder,
        stdout=PIPE,
        stderr=STDOUT,
        start_new_session=True,
    )
    passing_on = asyncio.create_task(_pass_on(process, show))
    try:
        yield process
    finally:
        await _end(process)
        await passing_on


def environment(folder: Path, variables: Mapping[str, str]) -> dict[str, str]:
    """What the bot finds in its environment."""
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return {**inherited, "PYTHONUNBUFFERED": "1", "DATA_DIR": str(folder / "data"), **variables}


async def _pass_on(process: Process, show: Callable[[str], None]) -> None:
    assert process.stdout is not None
    rest = b""
    while piece := await process.stdout.read(65_536):
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            show(line.decode(errors="replace"))
    if rest:
        show(rest.decode(errors="replace"))


async def _end(process: Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(_PATIENCE):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
