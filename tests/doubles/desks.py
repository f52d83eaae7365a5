"""A channel in the local Slack with desks for answers, at which people act through the real Bolt app."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.domain.conversation import ThreadKey
from bot.domain.errors import BotError
from bot.slack.desks.desk import Desk
from bot.slack.desks.errands import Errands
from bot.slack.reading.arrivals import Arrivals
from bot.slack.reading.listeners import Register, build_app
from bot.slack.writing.own_messages import EVENT_TYPE
from playground.slack.directory import Channel, Json, User
from playground.slack.server import SlackServer, serve_slack
from playground.slack.workspace import Workspace
from tests.doubles.slack import KeepingInbox, identity_in, unpaced_calls
from tests.doubles.until import until


@dataclass(slots=True)
class ScriptedControls:
    """Does as it is told: `running` are the threads in which an answer is written; an error is raised."""

    running: set[ThreadKey] = field(default_factory=set)
    summary: str | BotError = "They agreed."
    begins: bool | BotError = True
    again: list[tuple[str, tuple[str, ...], str | None]] = field(default_factory=list)

    async def stop(self, thread: ThreadKey) -> bool:
        was_running = thread in self.running
        self.running.discard(thread)
        return was_running

    async def answer_again(
        self, thread: ThreadKey, question: str, messages: tuple[str, ...], model: str | None, asker: str
    ) -> bool:
        self.again.append((question, messages, model))
        if isinstance(self.begins, BotError):
            raise self.begins
        return self.begins

    async def summarize(self, thread: ThreadKey, asker: str) -> str:
        if isinstance(self.summary, BotError):
            raise self.summary
        return self.summary


@dataclass(slots=True)
class ScriptedTurns:
    """`growing` are the messages that are being written, with their questions; `at_the_end` happens when one stops."""

    growing: dict[str, str] = field(default_factory=dict)
    retracted: list[tuple[ThreadKey, str]] = field(default_factory=list)
    at_the_end: list[Callable[[], Any]] = field(default_factory=list)

    async def retract(self, thread: ThreadKey, message_id: str) -> str | None:
        self.retracted.append((thread, message_id))
        question = self.growing.pop(message_id, None)
        if question:
            for happen in self.at_the_end:
                await happen()
        return question

    def question_of(self, thread: ThreadKey, message_id: str) -> str | None:
        return self.growing.get(message_id)


@dataclass(slots=True)
class DeskScene:
    """`general` has Ann, Ben and the bot in it; Ann has asked something there."""

    slack: SlackServer
    desk: Desk
    controls: ScriptedControls
    turns: ScriptedTurns
    inbox: KeepingInbox
    general: Channel
    ann: User
    ben: User
    root: str

    @property
    def workspace(self) -> Workspace:
        return self.slack.workspace

    @property
    def thread(self) -> ThreadKey:
        return ThreadKey(self.workspace.team_id, self.general.id, self.root)

    async def asks(self, user: User, text: str = "And this?") -> str:
        """Somebody writes in the thread."""
        message = await self.workspace.post_as(user.id, self.general.id, text, thread_ts=self.root)
        return str(message["ts"])

    async def answers(self, question: str, text: str = "It is so.") -> str:
        """The bot writes an answer to this question."""
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"question": question}} if question else None
        answer = await self.desk.calls.client.chat_postMessage(
            channel=self.general.id, thread_ts=self.root, text=text, metadata=metadata
        )
        return str(answer["ts"])

    async def draws(self, name: str = "picture-1.png") -> tuple[str, str]:
        """The bot puts a picture into the thread; its message and its file."""
        workspace, bot = self.workspace, self.slack.installation.bot
        file = workspace.add_file(name, b"picture", bot.id)
        message = {"type": "message", "user": bot.id, "ts": workspace.next_ts(), "thread_ts": self.root, "text": ""}
        message |= workspace.authorship(bot)
        message |= workspace.sharing([file], self.general.id, message)
        await workspace.add_message(self.general.id, message)
        return str(message["ts"]), file.id

    async def picks(self, user: User, ts: str, callback_id: str, channel: Channel | None = None) -> None:
        """Somebody picks a shortcut, and everything that follows is done."""
        place = (channel or self.general).id
        ack = await self.slack.interactions.message_shortcut(user.id, place, ts, callback_id)
        assert ack is not None, "the shortcut was not acknowledged"
        await self.done()

    async def done(self) -> None:
        """Wait until nothing is under way."""
        await until(lambda: not self.desk.errands._tasks)

    def told(self, user: User) -> list[str]:
        """What this person alone was told."""
        return [each["text"] for each in self.workspace.ephemerals if each["shown_to"] == user.id]

    def stands(self, ts: str) -> bool:
        return self.workspace.message(self.general.id, ts) is not None

    def metadata_of(self, ts: str) -> Json:
        message = self.workspace.message(self.general.id, ts)
        assert message is not None
        metadata: Json = message["metadata"]["event_payload"]
        return metadata


@asynccontextmanager
async def desk_scene(*desks: Callable[[DeskScene], Register]) -> AsyncIterator[DeskScene]:
    """These desks are open, in a development app."""
    workspace = Workspace(seed=1)
    ann, ben = workspace.add_user("ann"), workspace.add_user("ben")
    general = workspace.add_channel("general", [ann, ben, workspace.bot.user_id])
    asked = await workspace.post_as(ann.id, general.id, "What is it?")
    async with serve_slack(workspace, rate_limit_scale=None) as slack, unpaced_calls(slack) as calls:
        controls, turns, inbox, errands = ScriptedControls(), ScriptedTurns(), KeepingInbox(), Errands()
        desk = Desk(calls, identity_in(workspace), errands, "_dev")
        scene = DeskScene(slack, desk, controls, turns, inbox, general, ann, ben, asked["ts"])
        _connect(slack, build_app(desk.identity, inbox, Arrivals(), desks=[make(scene) for make in desks]))
        yield scene
        await errands.close()


def _connect(slack: SlackServer, app: AsyncApp) -> None:
    """Bring what happens straight to the app; the wire between has tests of its own."""

    async def deliver(kind: str, payload: Json) -> Json | None:
        response = await app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=payload))
        return {} if response.status == 200 else None

    async def deliver_event(payload: Json) -> None:
        assert await deliver("events_api", payload) is not None, "an event was not acknowledged"

    slack.sockets.deliver_once = deliver  # type: ignore[method-assign]
    slack.workspace.on_event(deliver_event)
