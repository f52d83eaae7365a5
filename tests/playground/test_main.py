"""The demo's command, with a stand-in for the bot that does little but connect."""

import asyncio
import os
import re
import signal
import socket
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession

from playground.__main__ import NOBODY, REAL, SCRIPTED

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0
OPEN = r"Open (\S+) in your browser\. "

CONNECTING = """
import asyncio, os, signal
import aiohttp

async def main():
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    headers = {"Authorization": "Bearer " + os.environ["SLACK_APP_TOKEN"]}
    async with aiohttp.ClientSession() as http:
        async with http.post(os.environ["SLACK_API_URL"] + "apps.connections.open", headers=headers) as answer:
            url = (await answer.json())["url"]
        async with http.ws_connect(url):
            print("models at", os.environ.get("OPENAI_BASE_URL", "OpenAI"))
            await stop.wait()
            print("good night")

asyncio.run(main())
"""


@asynccontextmanager
async def demo(*arguments: str, **variables: str) -> AsyncIterator[Process]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")} | variables
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "playground", *arguments, cwd=ROOT, env=environment, stdout=PIPE, stderr=STDOUT
    )
    try:
        async with asyncio.timeout(PATIENCE):
            yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def read_until(process: Process, *patterns: str) -> str:
    """What is printed until a line has matched each pattern; they may come in any order."""
    printed, missing = "", set(patterns)
    assert process.stdout is not None
    while missing:
        line = (await process.stdout.readline()).decode()
        assert line, f"{missing} is missing in:\n{printed}"
        printed += line
        missing -= {pattern for pattern in missing if re.search(pattern, line)}
    return printed


def address_in(printed: str) -> str:
    found = re.search(OPEN, printed)
    assert found is not None
    return found[1]


async def finish(process: Process) -> tuple[int, str]:
    printed, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, printed.decode()


@pytest.fixture
def connecting(tmp_path: Path) -> str:
    program = tmp_path / "connecting.py"
    program.write_text(CONNECTING)
    return str(program)


async def test_the_demo_tells_its_address_when_the_bot_is_there_and_ends_with_it(connecting: str) -> None:
    async with demo("--port", "0", "--program", connecting, HTTP_PROXY="http://127.0.0.1:9") as process:
        printed = await read_until(process, OPEN, r"bot │ models at http://127\.0\.0\.1:\d+/v1")
        assert SCRIPTED in printed
        async with ClientSession() as http, http.get(address_in(printed)) as page:
            assert page.status == 200
        process.send_signal(signal.SIGINT)
        code, rest = await finish(process)
    assert code == 0
    assert "bot │ good night" in rest


async def test_with_a_key_the_bot_gets_the_real_api_and_the_key_is_on_no_screen(connecting: str) -> None:
    async with demo("--port", "0", "--program", connecting, OPENAI_API_KEY="sk-my-own") as process:
        printed = await read_until(process, re.escape(REAL), "bot │ models at OpenAI")
        process.terminate()
        code, rest = await finish(process)
    assert code == 0
    assert "sk-my-own" not in printed + rest


async def test_the_demo_ends_when_the_bot_does_and_says_so(tmp_path: Path) -> None:
    program = tmp_path / "failing.py"
    program.write_text("import sys; print('something is missing'); sys.exit(2)")
    async with demo("--port", "0", "--program", str(program)) as process:
        code, printed = await finish(process)
    assert code == 1
    assert "bot │ something is missing" in printed
    assert "The bot has ended with exit code 2" in printed


async def test_without_a_bot_the_demo_tells_how_to_connect_one() -> None:
    async with demo("--port", "0", "--no-bot") as process:
        printed = await read_until(process, OPEN)
        variables = dict(re.findall(r"  (\w+)=(\S+)", printed))
        assert {"SLACK_API_URL", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "OPENAI_API_KEY", "OPENAI_BASE_URL"} <= {
            *variables
        }
        async with ClientSession() as http:
            headers = {"Authorization": f"Bearer {variables['SLACK_BOT_TOKEN']}"}
            async with http.post(variables["SLACK_API_URL"] + "auth.test", headers=headers) as answer:
                assert (await answer.json())["ok"]
            async with http.ws_connect(f"{address_in(printed)}/news") as page:
                assert (await page.receive_json())["answers"] == NOBODY
        process.send_signal(signal.SIGTERM)
        assert (await finish(process))[0] == 0


async def test_a_port_that_is_taken_is_said_plainly(connecting: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with demo("--port", str(port), "--program", connecting) as process:
            code, printed = await finish(process)
    assert code == 1
    assert printed == f"Port {port} is taken. Choose another one with --port; 0 means any free one.\n"


async def test_an_address_of_another_machine_is_said_plainly() -> None:
    async with demo("--host", "192.0.2.1", "--port", "0", "--no-bot") as process:
        code, printed = await finish(process)
    assert code == 1
    assert printed.startswith("The page cannot be served here: ")
    assert printed.count("\n") == 1
