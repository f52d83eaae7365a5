"""The demo: the real bot on a local stand-in for Slack, in the browser. `make demo` runs it."""

import argparse
import asyncio
import errno
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from playground.daemon import PROGRAM, run_daemon
from playground.demo import sample_workspace
from playground.openai.demo import demo_model
from playground.openai.model import API_KEY
from playground.openai.server import serve_openai
from playground.page.app import App
from playground.page.offers import read_offers
from playground.page.server import serve_page
from playground.slack.server import SlackServer, serve_slack

Page = Callable[[int], AbstractAsyncContextManager[str]]
"""Serves the page at a port, and yields its address."""

PORTS = range(8000, 8020)
"""Tried one after the other, unless somebody has chosen a port."""

TOOLS = Path(__file__).with_name("tools.toml")
"""What the bot may use besides, where the scripted API plays it."""

SCRIPTED = "A script on this machine answers; no AI model is asked."
REAL = "Answers come from the real OpenAI API, paid with your key."
NOBODY = "The demo has started no bot."

_START_SECONDS = 20.0
_GRACE_SECONDS = "3"


class CannotListen(Exception):
    """The page has found no port; the message says which, and what to do."""


def main(arguments: list[str]) -> int:
    """Run the demo until Ctrl-C, SIGTERM or the end of the terminal; returns the exit code."""
    options = _parse(arguments)
    try:
        return asyncio.run(_run(options))
    except CannotListen as problem:
        print(problem, file=sys.stderr)
        return 1


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m playground", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (default: this machine alone)")
    parser.add_argument("--port", type=int, help=f"port of the page (default: the first free one from {PORTS.start})")
    parser.add_argument("--no-bot", action="store_true", help="start everything but the bot")
    parser.add_argument("--program", type=Path, default=PROGRAM, help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


async def _run(options: argparse.Namespace) -> int:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(serve_slack(await sample_workspace()))
        variables = slack.variables | await _openai_variables(stack) | {"SHUTDOWN_GRACE_SECONDS": _GRACE_SECONDS}
        answers = NOBODY if options.no_bot else SCRIPTED if "OPENAI_BASE_URL" in variables else REAL

        def page(port: int) -> AbstractAsyncContextManager[str]:
            app = App(slack.interactions, slack.views, read_offers())
            return serve_page(slack.workspace, slack.interactions.stop_session, answers, options.host, port, app=app)

        address = await _open(stack, page, options.port)
        if options.no_bot:
            _say(f"A bot of your own can connect with these variables:\n{_listed(variables)}")
            _announce(address, answers)
            await stop.wait()
            return 0
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="chatgpt-for-slack-")))
        bot = await stack.enter_async_context(run_daemon(folder, variables, _show_log, options.program))
        return await _watch(bot, slack, stop, lambda: _announce(address, answers))


async def _openai_variables(stack: AsyncExitStack) -> dict[str, str]:
    """The real API for those who have a key, else a scripted one that this starts."""
    if key := os.environ.get("OPENAI_API_KEY"):
        return {"OPENAI_API_KEY": key}
    openai = await stack.enter_async_context(serve_openai(demo_model()))
    return openai.variables | {"TOOLS": "threads,people", "TOOLS_FILE": str(TOOLS)}


async def _open(stack: AsyncExitStack, page: Page, port: int | None) -> str:
    for candidate in PORTS if port is None else [port]:
        try:
            return await stack.enter_async_context(page(candidate))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise CannotListen(f"The page cannot be served here: {error.strerror}.") from None
    taken = f"The ports {PORTS.start} to {PORTS.stop - 1} are" if port is None else f"Port {port} is"
    raise CannotListen(f"{taken} taken. Choose another one with --port; 0 means any free one.")


async def _watch(bot: Process, slack: SlackServer, stop: asyncio.Event, announce: Callable[[], None]) -> int:
    """Announce the page once the bot is there; returns when somebody ends the demo, or when the bot has ended."""
    connections = slack.sockets.connections
    connected = asyncio.create_task(slack.workspace.wait_for(lambda: bool(connections), _START_SECONDS))
    ended, stopped = asyncio.create_task(bot.wait()), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({connected, ended, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if connected.done():
            if connected.exception():
                _say("The bot has not connected yet; its log above may say why.")
            announce()
        await asyncio.wait({ended, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if stopped.done():
            _say("Ending the demo.")
            return 0
        _say(f"The bot has ended with exit code {ended.result()}, so the demo ends too. Its log above says why.")
        return 1
    finally:
        for task in (connected, ended, stopped):
            task.cancel()
        await asyncio.gather(connected, ended, stopped, return_exceptions=True)


def _announce(address: str, answers: str) -> None:
    _say(f"\n  Open {address} in your browser. {answers} Ctrl-C ends the demo.\n")


def _listed(variables: Mapping[str, str]) -> str:
    # A real key is the person's own, and on no screen.
    shown = {name: "…" if name == "OPENAI_API_KEY" and value != API_KEY else value for name, value in variables.items()}
    return "\n".join(f"  {name}={value}" for name, value in shown.items())


def _show_log(line: str) -> None:
    _say(f"bot │ {line}")


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
