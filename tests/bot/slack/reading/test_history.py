"""A thread read back from Slack."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from bot.domain.conversation import Conversation, ThreadKey
from bot.domain.errors import ThreadUnreadable
from bot.domain.reply import Done, ImageReady
from bot.domain.tools import ToolCall
from bot.slack.markup.approval import question, settled
from bot.slack.markup.blocks import NOTE_BLOCK_ID
from bot.slack.reading import history as history_module
from bot.slack.reading.files import KnownFiles
from bot.slack.reading.history import read_thread
from bot.slack.reading.people import People
from bot.slack.wire.calls import SlackCalls
from bot.slack.wire.errors import SlackRefusal
from bot.slack.wire.identity import Identity
from bot.slack.writing.reply import Replies
from playground.slack.directory import Channel, Json, User
from playground.slack.faults import Error
from playground.slack.server import SlackServer, serve_slack
from playground.slack.workspace import Workspace
from tests.doubles.lease import MemoryRecord
from tests.doubles.slack import identity_in, unpaced_calls


@dataclass(slots=True)
class Scene:
    slack: SlackServer
    calls: SlackCalls
    people: People
    identity: Identity
    ada: User
    channel: Channel
    files: KnownFiles = field(default_factory=KnownFiles)

    async def say(self, text: str, thread_ts: str | None = None, channel: Channel | None = None) -> str:
        """Ada writes; returns the message's ts."""
        where = (channel or self.channel).id
        message = await self.slack.workspace.post_as(self.ada.id, where, text, thread_ts=thread_ts)
        return str(message["ts"])

    async def read(self, root: str, channel: Channel | None = None) -> Conversation:
        thread = ThreadKey(self.slack.workspace.team_id, (channel or self.channel).id, root)
        return await read_thread(self.calls, self.people, self.identity, thread, files=self.files)


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    workspace = Workspace(seed=1)
    ada = workspace.add_user("ada", "Ada Lovelace")
    channel = workspace.add_channel("general", [ada.id, workspace.bot.user_id])
    async with serve_slack(workspace, rate_limit_scale=None) as slack, unpaced_calls(slack) as calls:
        people = People(calls)
        yield Scene(slack, calls, people, identity_in(workspace), ada, channel)
        await people.close()


async def test_a_thread_reads_as_a_conversation_with_names(scene: Scene) -> None:
    workspace = scene.slack.workspace
    bot = workspace.bot
    root = await scene.say(f"<@{bot.user_id}> what did <@{scene.ada.id}> say in <#{scene.channel.id}>?")
    answer: Json = {"type": "markdown", "text": "She said **hi** & went."}
    note: Json = {
        "type": "context",
        "block_id": NOTE_BLOCK_ID,
        "elements": [{"type": "plain_text", "text": "Stopped."}],
    }
    contents: list[list[Json]] = [[answer, note], [note]]
    for blocks in contents:
        await scene.calls.client.chat_postMessage(channel=scene.channel.id, thread_ts=root, text="x", blocks=blocks)
    await scene.say("1 < 2", root)
    conversation = await scene.read(root)
    assert [(message.author.name, message.from_bot, message.text) for message in conversation.messages] == [
        ("ada", False, "what did @ada say in #general?"),
        ("ChatGPT", True, "She said **hi** & went."),
        ("ChatGPT", True, ""),
        ("ada", False, "1 < 2"),
    ]
    assert conversation.messages[0].is_root
    assert conversation.messages[0].to_bot
    assert conversation.involves_bot
    assert scene.slack.calls.count("users.info") == 1


async def test_what_asks_for_approval_is_no_part_of_a_conversation(scene: Scene) -> None:
    root = await scene.say("Report the lamp")
    call = ToolCall("tickets", "create_ticket", '{"title": "Broken lamp"}')
    asked = question(call, scene.ada.id, "name", 10)
    for asks in (asked, settled(asked, "Refused.")):
        await scene.calls.client.chat_postMessage(channel=scene.channel.id, thread_ts=root, **asks)
    assert [message.text for message in (await scene.read(root)).messages] == ["Report the lamp"]


async def test_a_message_without_a_thread_is_a_conversation_of_one(scene: Scene) -> None:
    root = await scene.say("hello")
    assert [message.text for message in (await scene.read(root)).messages] == ["hello"]


async def test_pages_are_joined_in_order_and_the_first_message_stands_once(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_module, "_PAGE", 3)
    root = await scene.say("0")
    for number in range(1, 10):
        await scene.say(str(number), root)
    assert [message.text for message in (await scene.read(root)).messages] == [str(number) for number in range(10)]
    assert scene.slack.calls.count("conversations.replies") == 5


async def test_of_a_long_thread_the_first_message_and_the_newest_stay(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_module, "KEPT", 3)
    root = await scene.say("0")
    for number in range(1, 10):
        await scene.say(str(number), root)
    assert [message.text for message in (await scene.read(root)).messages] == ["0", "7", "8", "9"]


async def test_reading_a_thread_without_end_ends(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_module, "_PAGE", 2)
    monkeypatch.setattr(history_module, "_MOST_PAGES", 3)
    root = await scene.say("0")
    for number in range(1, 10):
        await scene.say(str(number), root)
    assert [message.text for message in (await scene.read(root)).messages] == ["0", "1", "2", "3"]


async def test_joins_and_deleted_roots_are_no_part_of_a_conversation(scene: Scene) -> None:
    workspace = scene.slack.workspace
    root = await scene.say("wrong")
    await scene.say("reply", root)
    await workspace.delete_as(scene.ada.id, scene.channel.id, root)
    assert [message.text for message in (await scene.read(root)).messages] == ["reply"]


async def test_a_thread_that_is_gone_is_empty(scene: Scene) -> None:
    root = await scene.say("wrong")
    await scene.slack.workspace.delete_as(scene.ada.id, scene.channel.id, root)
    assert await scene.read(root) == Conversation(())


async def test_where_the_bot_may_not_read_it_says_so(scene: Scene) -> None:
    closed = scene.slack.workspace.add_channel("closed", [scene.ada.id])
    root = await scene.say("hello", channel=closed)
    with pytest.raises(ThreadUnreadable, match="not_in_channel"):
        await scene.read(root, closed)
    scene.slack.installation.scopes.discard("channels:history")
    with pytest.raises(ThreadUnreadable, match="missing_scope"):
        await scene.read(await scene.say("hello"))


async def test_other_refusals_stay_what_they_are(scene: Scene) -> None:
    scene.slack.faults.add("conversations.replies", Error("invalid_cursor"))
    with pytest.raises(SlackRefusal, match="invalid_cursor"):
        await scene.read("1732147100.000100")


async def test_names_that_cannot_be_found_do_not_matter(scene: Scene) -> None:
    scene.slack.faults.always("users.info", Error("missing_scope"))
    conversation = await scene.read(await scene.say("hello"))
    assert conversation.latest.author.name == scene.ada.id


async def test_other_bots_speak_by_their_names(scene: Scene) -> None:
    workspace = scene.slack.workspace
    pager = workspace.add_user("pager", "Pager", is_bot=True)
    root = await scene.say("what now?")
    await workspace.post_as(pager.id, scene.channel.id, "disk full", thread_ts=root)
    alarm = (await scene.read(root)).latest
    assert (alarm.author.name, alarm.from_bot, alarm.text) == ("Pager", False, "disk full")


async def test_a_picture_of_the_bots_reads_as_its_message_with_the_prompt_as_text(scene: Scene) -> None:
    root = await scene.say("Draw a cat")
    thread = ThreadKey(scene.slack.workspace.team_id, scene.channel.id, root)
    question = (await scene.read(root)).latest
    replies = Replies(scene.calls, scene.identity.user_id)
    async with replies.open(question, MemoryRecord()) as reply:
        await reply.show(ImageReady(b"cat", "image/png", "A <small> cat & its hat"))
        await reply.show(Done())
    picture = (await scene.read(root)).latest
    assert (picture.from_bot, picture.text, picture.thread) == (True, "A <small> cat & its hat", thread)
    (file,) = picture.attachments
    assert (file.name, file.media_type, file.size) == ("picture-1.png", "image/png", 3)
