"""The bot as a process of its own."""

import asyncio
from pathlib import Path

import pytest

from playground.daemon import environment, run_daemon

POLITE = """
import os, signal, sys, time
def leave(*_):
    print("leaving")
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
print("ready in", os.getcwd())
while True:
    time.sleep(60)
"""


async def test_its_log_is_passed_on_and_it_ends_with_the_context(tmp_path: Path) -> None:
    program, lines = tmp_path / "polite.py", asyncio.Queue[str]()
    program.write_text(POLITE)
    async with run_daemon(tmp_path, {}, lines.put_nowait, program) as process:
        async with asyncio.timeout(60):
            assert await lines.get() == f"ready in {tmp_path}"
    assert process.returncode == 0
    assert lines.get_nowait() == "leaving"


async def test_all_that_it_said_is_passed_on_when_it_ends_by_itself(tmp_path: Path) -> None:
    program, lines = tmp_path / "short.py", list[str]()
    program.write_text(
        "import sys\nprint('x' * 200_000)\nsys.stderr.buffer.write(b'\\xff no end of line')\nsys.exit(3)"
    )
    async with run_daemon(tmp_path, {}, lines.append, program) as process:
        async with asyncio.timeout(60):
            assert await process.wait() == 3
    assert sorted(map(len, lines)) == [len("\ufffd no end of line"), 200_000]


def test_it_finds_what_it_needs_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "http_proxy", "GPT_MODEL", "SLACK_BOT_TOKEN"):
        monkeypatch.setenv(name, "http://elsewhere.example")
    monkeypatch.setenv("LANG", "C.UTF-8")
    found = environment(tmp_path, {"SLACK_API_URL": "http://127.0.0.1/"})
    assert "http://elsewhere.example" not in found.values()
    assert found["LANG"] == "C.UTF-8"
    assert found["SLACK_API_URL"] == "http://127.0.0.1/"
    assert found["DATA_DIR"] == str(tmp_path / "data")
