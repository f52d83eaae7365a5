"""A thread in the local Slack in which replies are opened, for tests of how they are shown."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain.conversation import Author, Message, ThreadKey
from bot.slack.markup.blocks import NOTE_BLOCK_ID
from bot.slack.wire.calls import Patience, SlackCalls
from bot.slack.wire.client import open_client
from bot.slack.wire.pacer import Pacer, Priority
from bot.slack.writing.own_messages import OwnMessages
from bot.slack.writing.reply import Replies, Streaming
from bot.slack.writing.rhythm import Rhythm
from playground.slack.directory import Channel, ChannelKind
from playground.slack.server import SlackServer, serve_slack
from playground.slack.workspace import Workspace
from tests.doubles.lease import MemoryRecord
from tests.doubles.slack import FreePacer

QUICK = Rhythm(
    interval=0.01,
    interval_growth=0,
    longest_interval=0.01,
    longest_pause=0.05,
    status_gap=0.01,
    status_refresh=30,
    status_limit=2,
    look_after=0.01,
    leaving=5,
)
"""The rhythm of a reply in tests; streams live as long as they do in earnest."""

LONG = Patience(request=2, total=10, tries=8, pause=0.01)
BRIEF = Patience(request=0.8, total=2, tries=1)


class OpenPacer(FreePacer):
    """Has a slot for every call, except for the methods in `full`; counts what it keeps room for."""

    def __init__(self) -> None:
        super().__init__()
        self.full: set[str] = set()
        self.reserved: list[str] = []

    def try_slot(self, method: str, *, priority: Priority, channel: str | None = None) -> bool:
        return method not in self.full

    @contextmanager
    def live(self, method: str) -> Iterator[None]:
        self.reserved.append(method)
        try:
            yield
        finally:
            self.reserved.remove(method)


@dataclass(slots=True)
class ReplyScene:
    """A question in a thread; `record` is what the journal knows of the reply to it."""

    slack: SlackServer
    calls: SlackCalls
    pacer: Pacer
    channel: Channel
    question: Message
    record: MemoryRecord = field(default_factory=MemoryRecord)
    rhythm: Rhythm = QUICK

    def replies(self, streaming: Streaming = Streaming.AUTO, **rhythm: Any) -> Replies:
        """What opens replies here."""
        workspace = self.slack.workspace
        return Replies(self.calls, workspace.bot.user_id, streaming, replace(self.rhythm, **rhythm))

    def own(self, record: MemoryRecord | None = None, **more: Any) -> OwnMessages:
        """The messages of the reply to the question, or of an attempt that had another record."""
        bot = self.slack.workspace.bot.user_id
        return OwnMessages(self.calls, self.question, record or self.record, bot, **{"rhythm": self.rhythm, **more})

    @property
    def answers(self) -> list[dict[str, Any]]:
        """The bot's messages in the thread, oldest first."""
        workspace = self.slack.workspace
        thread = workspace.thread(self.channel.id, self.question.thread.root)
        return [message for message in thread if message.get("user") == workspace.bot.user_id]

    @property
    def texts(self) -> list[str]:
        """The Markdown of each of them."""
        return [self.slack.workspace.markdown_of(message) for message in self.answers]

    @property
    def notes(self) -> list[str]:
        """All notes below them."""
        return [
            element["text"]
            for message in self.answers
            for block in message.get("blocks", ())
            if block.get("block_id") == NOTE_BLOCK_ID
            for element in block["elements"]
        ]

    @property
    def status(self) -> str | None:
        """The words of the thread's status, if one shows."""
        status = self.slack.workspace.statuses.get((self.channel.id, self.question.thread.root))
        return status.text if status else None

    def methods(self) -> list[str]:
        """The methods that were called, in their order."""
        return [call.method for call in self.slack.calls]


@asynccontextmanager
async def reply_scene(
    kind: ChannelKind = ChannelKind.CHANNEL, pacer: Pacer | None = None, patience: Patience = LONG, **server: Any
) -> AsyncIterator[ReplyScene]:
    """Ada has asked in a thread of a channel of this kind."""
    workspace = Workspace(seed=1)
    ada = workspace.add_user("ada", "Ada Lovelace")
    channel = workspace.add_channel("general", [ada.id, workspace.bot.user_id], kind)
    server = {"rate_limit_scale": None} | server
    async with (
        serve_slack(workspace, **server) as slack,
        open_client(slack.installation.bot_token, slack.api_url) as client,
    ):
        asked = await workspace.post_as(ada.id, channel.id, "What is it?")
        thread = ThreadKey(workspace.team_id, channel.id, asked["ts"])
        question = Message(asked["ts"], thread, Author(ada.id, "ada"), "What is it?", float(asked["ts"]))
        paced = pacer or OpenPacer()
        patiences = {each: BRIEF if each is Priority.INTERIM else patience for each in Priority}
        calls = SlackCalls(client, paced, workspace.team_id, patiences)
        yield ReplyScene(slack, calls, paced, channel, question)
