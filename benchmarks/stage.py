"""Where both bots are measured: the local Slack, the scripted OpenAI, and one bot as a process of its own."""

import asyncio
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

import psutil

from benchmarks.watcher import Sight, Watcher
from playground.daemon import run_daemon
from playground.openai.calls import Call
from playground.openai.model import ScriptedModel
from playground.openai.scripts import Pace, say
from playground.openai.server import serve_openai
from playground.slack.directory import User
from playground.slack.server import SlackServer, serve_slack
from playground.slack.socket_mode import Options
from playground.slack.workspace import Workspace

_PATIENCE = 60.0
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Bot:
    """A program that is measured."""

    name: str
    program: Path


OURS = Bot("ours", Path(__file__).parents[1] / "slackbot.py")
MINIMAL = Bot("minimal", Path(__file__).parent / "minimal_bot.py")
BOTH = (OURS, MINIMAL)


@dataclass(slots=True)
class Stage:
    """A running bot and everything around it; the model always gives the same answer.

    `started_in` is the time from the bot's start to its first connection, in seconds; `idle_memory` is what it holds
    before the first message, in MB.
    """

    workspace: Workspace
    slack: SlackServer
    model: ScriptedModel
    watcher: Watcher
    answer: str
    people: list[User]
    process: psutil.Process
    started_in: float
    idle_memory: float

    def memory(self) -> float:
        """The resident memory of the bot, in MB."""
        return float(self.process.memory_info().rss) / _MEGABYTE

    def cpu(self) -> float:
        """The processor time that the bot has used since its start, in seconds."""
        times = self.process.cpu_times()
        return float(times.user + times.system)

    async def post(self, number: int, thread: str | None = None) -> str:
        """One of the people, who take turns, writes to the bot; returns the message's timestamp."""
        person = self.people[number % len(self.people)]
        channel = self.workspace.open_dm(person.id)
        message = await self.workspace.post_as(person.id, channel.id, f"Question {number}", thread_ts=thread)
        return str(message["ts"])

    async def ask(self, number: int) -> Sight:
        """The same, in a new thread; returns what people see of the answer."""
        asked_at = asyncio.get_running_loop().time()
        root = await self.post(number)
        channel = self.workspace.open_dm(self.people[number % len(self.people)].id)
        return self.watcher.expect(channel.id, root, self.answer, asked_at)

    def call_of(self, sight: Sight) -> Call:
        """The request to the model that made this answer, when questions are asked one after the other."""
        return next(call for call in self.model.requests if call.received_at >= sight.asked_at)


@asynccontextmanager
async def open_stage(
    bot: Bot,
    answer: str,
    pace: Pace,
    *,
    people: int = 1,
    has_limits: bool = False,
    settling: float = 2.0,
    variables: Mapping[str, str] = MappingProxyType({}),
) -> AsyncIterator[Stage]:
    """A bot in an empty workspace, connected, with or without Slack's limits.

    `settling` are the seconds in which it does what it does after connecting. This Slack waits a minute for each ack
    instead of three seconds, so that a late one is measured and not repeated.
    """
    options = Options(ack_seconds=60.0)
    scale = 1.0 if has_limits else None
    workspace, model = Workspace(seed=1), ScriptedModel(say(answer, pace))
    crowd = [workspace.add_user(f"person{number}") for number in range(people)]
    watcher = Watcher(workspace)
    log: list[str] = []
    with TemporaryDirectory(prefix="bench-") as folder:
        async with (
            serve_slack(workspace, rate_limit_scale=scale, socket_options=options) as slack,
            serve_openai(model) as openai,
        ):
            environment = {
                **slack.variables,
                **openai.variables,
                "GPT_MODEL": "gpt-6.1-terra",
                "SHUTDOWN_GRACE_SECONDS": "0",
                "TURNS_PER_MINUTE_PERSON": "0",
                "TURNS_PER_MINUTE_CHANNEL": "0",
                **variables,
            }
            started = time.monotonic()
            async with run_daemon(Path(folder), environment, log.append, bot.program) as process, watcher.watching():
                await _connected(workspace, slack, process, log)
                started_in = time.monotonic() - started
                await asyncio.sleep(settling)
                watched = psutil.Process(process.pid)
                stage = Stage(workspace, slack, model, watcher, answer, crowd, watched, started_in, 0.0)
                stage.idle_memory = stage.memory()
                yield stage


async def _connected(workspace: Workspace, slack: SlackServer, process: Process, log: list[str]) -> None:
    """Return when the bot has a connection; raises RuntimeError, with its log, when it ends before."""
    connected = asyncio.ensure_future(workspace.wait_for(lambda: slack.sockets.connections, _PATIENCE))
    ended = asyncio.ensure_future(process.wait())
    await asyncio.wait({connected, ended}, return_when=asyncio.FIRST_COMPLETED)
    ended.cancel()
    if not connected.done():
        connected.cancel()
        raise RuntimeError("the bot ended at its start:\n" + "\n".join(log))
    connected.result()
