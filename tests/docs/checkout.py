"""A copy of the repository in which a test may do everything that a page tells people to do."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.docs.pages import ROOT

_LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "data", "tests", "benchmarks")
_INSTALLED = (".run", ".demo", ".dev")


def make_checkout(folder: Path) -> None:
    """Put what a person has after `git clone` and `make install` into this folder, tests and benchmarks apart.

    The environment is that of the tests, so that nothing is installed and the network is left alone.
    """
    shutil.copytree(ROOT, folder, ignore=_LEFT_OUT, dirs_exist_ok=True)
    shutil.copy2(ROOT / ".env.example", folder)
    environment = folder / ".venv"
    environment.mkdir()
    for entry in Path(sys.prefix).iterdir():
        if entry.name not in _INSTALLED:
            (environment / entry.name).symlink_to(entry)
    for mark in _INSTALLED:
        (environment / mark).touch()


def run(command: str, folder: Path) -> str:
    """What the command prints when a shell runs it in this folder; it has to succeed."""
    done = subprocess.run(["sh", "-c", command], cwd=folder, env=environ(folder), capture_output=True, check=False)
    assert done.returncode == 0, f"{command}:\n{done.stdout.decode()}{done.stderr.decode()}"
    return done.stdout.decode()


@asynccontextmanager
async def running(command: str, folder: Path) -> AsyncIterator[Process]:
    """The command, while it runs in this folder, as a process group of its own; killed in the end if it still runs."""
    process = await asyncio.create_subprocess_exec(
        *("sh", "-c", f"exec {command}"),
        cwd=folder,
        env=environ(folder),
        stdout=PIPE,
        stderr=STDOUT,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


def press_ctrl_c(process: Process) -> None:
    """What a terminal sends to everything that was started in it."""
    os.killpg(process.pid, signal.SIGINT)


def environ(folder: Path) -> dict[str, str]:
    """That of a person who has set nothing."""
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
