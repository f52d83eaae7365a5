"""A stage for stories: the local Slack, the scripted OpenAI, and the real daemon as a process of its own."""

import asyncio
import os
import signal
import sqlite3
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path

from playground.openai.model import ScriptedModel
from playground.openai.server import OpenAIServer, serve_openai
from playground.slack.directory import Channel, Json, User
from playground.slack.files import File
from playground.slack.server import SlackServer, serve_slack
from playground.slack.socket_mode import Options
from playground.slack.workspace import Workspace
from tests.doubles.until import until
from tests.stories.forking import Forked, fork

ROOT = Path(__file__).parents[2]

PROGRAM = (sys.executable, str(ROOT / "slackbot.py"))

PATIENCE = 30.0
"""Seconds until a story gives up on something that should happen; never waited for when it does happen."""


@dataclass(slots=True)
class Daemon:
    """One run of `slackbot.py`."""

    process: Process | Forked
    log: Path

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def lines(self) -> str:
        return self.log.read_text(encoding="utf-8")

    async def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        await self.process.wait()

    async def terminate(self) -> int:
        """SIGTERM; returns the exit code."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        return await self.ended()

    async def ended(self) -> int:
        """The exit code, once the process has ended by itself."""
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()


@dataclass(slots=True)
class Stage:
    """A workspace with two people, a channel, and the bot in it."""

    workspace: Workspace
    slack: SlackServer
    model: ScriptedModel
    openai: OpenAIServer
    folder: Path
    ann: User
    ben: User
    channel: Channel
    dm: Channel
    command: tuple[str, ...] = ()
    """What starts the daemon, where a fork of one that has loaded its modules will not do."""

    daemons: list[Daemon] = field(default_factory=list)
    events: list[Json] = field(default_factory=list)

    # The daemon

    def environ(self, **variables: str) -> dict[str, str]:
        """The environment of a daemon that talks to this stage, and to nothing else."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "PYTHONDONTWRITEBYTECODE": "1",
            **self.slack.variables,
            **self.openai.variables,
            "DATA_DIR": str(self.folder / "data"),
            # What stands below every answer has stories of its own.
            "FOOTER": "off",
            "FEEDBACK_BUTTONS": "off",
            # A story's people ask more in a minute than real ones do.
            "TURNS_PER_MINUTE_PERSON": "0",
            "TURNS_PER_MINUTE_CHANNEL": "0",
            **variables,
        }

    async def launch(self, *arguments: str, **variables: str) -> Daemon:
        """Start a daemon, or another command of `slackbot.py`, without waiting for anything."""
        log = self.next_log
        with log.open("wb") as sink:
            process = await asyncio.create_subprocess_exec(
                *(self.command or PROGRAM),
                *arguments,
                env=self.environ(**variables),
                cwd=self.folder,
                stdout=sink,
                stderr=asyncio.subprocess.STDOUT,
            )
        self.daemons.append(Daemon(process, log))
        return self.daemons[-1]

    async def fork(self, *arguments: str, **variables: str) -> Daemon:
        """The same as `launch`, without the second that the modules take to load."""
        assert not [name for name in variables if name.startswith("PYTHON")], "Python has been started already"
        log = self.next_log
        self.daemons.append(Daemon(await fork(arguments, self.environ(**variables), self.folder, log), log))
        return self.daemons[-1]

    @property
    def next_log(self) -> Path:
        return self.folder / f"daemon-{len(self.daemons) + 1}.log"

    async def start(self, **variables: str) -> Daemon:
        """Start a daemon and wait until Slack has it on the line."""
        daemon = await (self.launch(**variables) if self.command else self.fork(**variables))
        connected = asyncio.ensure_future(self.connected(1))
        ended = asyncio.ensure_future(daemon.process.wait())
        await asyncio.wait({connected, ended}, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        if not connected.done():
            connected.cancel()
            raise AssertionError(f"the daemon ended at its start:\n{daemon.lines}")
        connected.result()
        return daemon

    async def connected(self, count: int = 2) -> None:
        """Return once the daemon holds so many connections over which events come."""
        sockets = self.slack.sockets
        await self.workspace.wait_for(
            lambda: sum(not (each.is_leaving or each.gone.is_set()) for each in sockets.connections) >= count, PATIENCE
        )

    async def acknowledged(self) -> None:
        """Return once the daemon has acknowledged everything that was sent to it, in time or too late."""
        counts = self.slack.sockets.counts
        await self.workspace.wait_for(
            lambda: len(counts.ack_times) + counts.stray_acks >= counts.envelopes.total(), PATIENCE
        )

    async def attended(self) -> None:
        """Return once the daemon has written down that it is there."""

        def is_noted() -> bool:
            with closing(sqlite3.connect(self.folder / "data/bot.db")) as database:
                return bool(database.execute("SELECT 1 FROM presence").fetchone())

        await until(is_noted, PATIENCE)

    async def deliver_again(self) -> None:
        """Send every event so far once more, as Slack does when it has missed the acknowledgements."""
        sockets = self.slack.sockets
        expected = len(sockets.counts.ack_times) + len(self.events)
        for payload in list(self.events):
            await sockets.deliver(payload)
        await self.workspace.wait_for(lambda: len(sockets.counts.ack_times) >= expected, PATIENCE)

    # People

    async def ask(
        self,
        text: str,
        *files: tuple[str, bytes] | File,
        who: User | None = None,
        where: Channel | None = None,
        thread: str = "",
    ) -> Json:
        """Somebody writes, with files by name and content: Ann in her direct message, unless said otherwise."""
        who, where = who or self.ann, where or self.dm
        shared = [each if isinstance(each, File) else self.workspace.add_file(*each, who.id) for each in files]
        return await self.workspace.post_as(who.id, where.id, text, thread_ts=thread or None, files=shared)

    @property
    def mention(self) -> str:
        return f"<@{self.workspace.bot.user_id}>"

    # What they see

    def private(self, who: User) -> list[Json]:
        """The messages that this person alone sees, oldest first."""
        return [message for message in self.workspace.ephemerals if message["shown_to"] == who.id]

    def replies(self, question: Json, where: Channel | None = None) -> list[Json]:
        """The bot's messages in the thread of this message, oldest first."""
        channel = (where or self.dm).id
        thread = self.workspace.thread(channel, question.get("thread_ts") or question["ts"])
        return [message for message in thread if message.get("user") == self.workspace.bot.user_id]

    def texts(self, question: Json, where: Channel | None = None) -> list[str]:
        """The Markdown of those messages."""
        return [self.workspace.markdown_of(message) for message in self.replies(question, where)]

    def notes(self, question: Json, where: Channel | None = None) -> list[str]:
        """The notes below those messages."""
        return [note for message in self.replies(question, where) for note in self.workspace.notes_of(message)]

    async def answered(self, question: Json, *, where: Channel | None = None, count: int = 1) -> list[str]:
        """The texts of the replies, once there are `count` of them and none is being written any more."""
        await self.workspace.wait_for(
            lambda: len(self.replies(question, where)) >= count and self.is_calm(question, where), PATIENCE
        )
        return self.texts(question, where)

    async def shows(self, question: Json, *expected: str, where: Channel | None = None) -> None:
        """Return once the replies show these texts and nothing more comes."""
        try:
            await self.workspace.wait_for(
                lambda: self.texts(question, where) == [*expected] and self.is_calm(question, where), PATIENCE
            )
        except TimeoutError:
            assert self.texts(question, where) == [*expected]
            raise

    def is_calm(self, question: Json, where: Channel | None = None) -> bool:
        """True when nothing in the thread is streaming, waiting, or announcing that it is thinking."""
        channel = (where or self.dm).id
        root = question.get("thread_ts") or question["ts"]
        return (channel, root) not in self.workspace.statuses and not any(
            message.get("streaming_state") == "in_progress" or is_status(message)
            for message in self.replies(question, where)
        )


def is_status(message: Json) -> bool:
    """True for a message that only says what the bot is doing."""
    return any(block.get("block_id") == "chatgpt_status" for block in message.get("blocks", ()))


@asynccontextmanager
async def open_stage(folder: Path) -> AsyncIterator[Stage]:
    """A stage with everything running but the daemon; kills the daemons at its end."""
    workspace = Workspace(seed=1)
    model = ScriptedModel()
    ann, ben = workspace.add_user("ann", "Ann Archer"), workspace.add_user("ben", "Ben Baker")
    channel = workspace.add_channel("general", members=[ann, ben, workspace.bot.user_id])
    options = Options(retry_scale=0.01)
    async with serve_slack(workspace, socket_options=options) as slack, serve_openai(model) as openai:
        stage = Stage(workspace, slack, model, openai, folder, ann, ben, channel, workspace.open_dm(ann.id))

        async def remember(payload: Json) -> None:
            stage.events.append(payload)

        workspace.on_event(remember)
        try:
            yield stage
        finally:
            for daemon in stage.daemons:
                if daemon.process.returncode is None:
                    await daemon.kill()
