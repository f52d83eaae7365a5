"""A pm2 of our own: installed from npm once, in `.cache/`, and run with a home of its own."""

import asyncio
import json
import os
import shutil
import subprocess
import tempfile
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = Path(__file__).with_name("package.json")

_OPTIONS = ("--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund", "--no-package-lock")
_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Pm2:
    """One daemon of pm2's; every command runs with this environment, in the root of the repository."""

    program: Path
    environ: dict[str, str]

    async def run(self, *arguments: str, **variables: str) -> str:
        """What the command prints; it has to succeed."""
        process = await asyncio.create_subprocess_exec(
            self.program, *arguments, env=self.environ | variables, cwd=ROOT, stdout=PIPE, stderr=STDOUT
        )
        printed = (await process.communicate())[0].decode()
        assert process.returncode == 0, printed
        return printed

    async def app(self) -> dict[str, Any]:
        """What pm2 knows of the one process that it runs."""
        # Notices may stand before the list.
        (app,) = json.loads((await self.run("jlist")).strip().rpartition("\n")[2])
        return dict(app)


@asynccontextmanager
async def open_pm2(environ: Mapping[str, str]) -> AsyncIterator[Pm2]:
    """A pm2 whose processes see this environment; it and they are gone in the end."""
    program = await asyncio.to_thread(installed)
    # The path of a Unix socket has at most 107 characters, and a test's own folder may have more.
    with tempfile.TemporaryDirectory(prefix="pm2-") as home:
        pm2 = Pm2(program, {**environ, "PM2_HOME": home, "PM2_DISABLE_VERSION_CHECK": "true"})
        try:
            yield pm2
        finally:
            await pm2.run("kill")


def installed() -> Path:
    """The program, installed when that has not been done yet. Skips the test where there is no Node."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("Node is not installed")
    version = json.loads(PACKAGE.read_text())["dependencies"]["pm2"]
    folder = ROOT / ".cache" / f"pm2-{version}"
    if not folder.exists():
        folder.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as unfinished:
            _install(npm, Path(unfinished) / "pm2")
            with suppress(OSError):  # somebody else was faster
                (Path(unfinished) / "pm2").rename(folder)
    return folder / "node_modules/.bin/pm2"


def _install(npm: str, folder: Path) -> None:
    folder.mkdir()
    shutil.copy(PACKAGE, folder)
    try:
        subprocess.run([npm, "install", *_OPTIONS], cwd=folder, env=dict(os.environ), timeout=_SECONDS, check=True)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise AssertionError(
            "pm2 cannot be installed: npm does not reach its registry, or refuses (see above)."
        ) from error
