"""Slack as the bot's platform."""

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.domain.conversation import ThreadKey
from bot.ports import ChatPlatform
from bot.slack.platform import SlackPlatform
from bot.slack.reading.arrivals import Arrivals
from bot.slack.reading.listeners import build_app
from bot.slack.reading.people import People
from bot.slack.wire.calls import Patience
from bot.slack.writing.reply import Replies
from playground.slack.directory import Json
from playground.slack.event_feed import Deliver
from playground.slack.faults import Error, Fault, Silence
from playground.slack.server import serve_slack
from playground.slack.workspace import Workspace
from tests.doubles.replies import reply_scene
from tests.doubles.slack import KeepingInbox, identity_in, unpaced_calls


async def test_slack_is_a_chat_platform() -> None:
    workspace = Workspace(seed=1)
    ada = workspace.add_user("ada")
    direct = workspace.open_dm(ada.id)
    async with serve_slack(workspace, rate_limit_scale=None) as slack, unpaced_calls(slack) as calls:
        people, identity = People(calls), identity_in(workspace)
        platform: ChatPlatform = SlackPlatform(calls, people, identity, Replies(calls, identity.user_id), Arrivals())
        root = await workspace.post_as(ada.id, direct.id, "hello")
        conversation = await platform.history(ThreadKey(workspace.team_id, direct.id, root["ts"]))
        await people.close()
    assert [(message.author.name, message.text) for message in conversation.messages] == [("ada", "hello")]
    assert conversation.latest.to_bot


async def test_a_thread_that_has_just_begun_is_not_read_back_but_its_names_are_looked_up() -> None:
    workspace = Workspace(seed=1)
    ada = workspace.add_user("ada")
    direct = workspace.open_dm(ada.id)
    async with serve_slack(workspace, rate_limit_scale=None) as slack, unpaced_calls(slack) as calls:
        people, identity, arrivals = People(calls), identity_in(workspace), Arrivals()
        platform = SlackPlatform(calls, people, identity, Replies(calls, identity.user_id), arrivals)
        root = await workspace.post_as(ada.id, direct.id, "hello")
        thread = ThreadKey(workspace.team_id, direct.id, root["ts"])
        arrivals.keep(thread, {**root, "channel": direct.id, "channel_type": "im"})
        first = await platform.history(thread)
        assert slack.calls.count("conversations.replies") == 0
        await workspace.post_as(ada.id, direct.id, "and more", thread_ts=root["ts"])
        second = await platform.history(thread)
        await people.close()
    assert [(message.author.name, message.text) for message in first.messages] == [("ada", "hello")]
    assert [message.text for message in second.messages] == ["hello", "and more"]


@pytest.mark.parametrize("first", ["app_mention", "message"])
async def test_a_file_is_seen_although_the_mention_says_nothing_of_it(first: str) -> None:
    workspace = Workspace(seed=1, mentions_without_files=True)
    ada = workspace.add_user("ada")
    channel = workspace.add_channel("general", [ada.id, workspace.bot.user_id])
    events: list[Json] = []
    workspace.on_event(keeping(events))
    async with serve_slack(workspace, rate_limit_scale=None) as slack, unpaced_calls(slack) as calls:
        people, identity, arrivals, inbox = People(calls), identity_in(workspace), Arrivals(), KeepingInbox()
        platform = SlackPlatform(calls, people, identity, Replies(calls, identity.user_id), arrivals)
        app = build_app(identity, inbox, arrivals)
        file = workspace.add_file("plan.txt", b"the plan", ada.id)
        text = f"<@{workspace.bot.user_id}> read this"
        root = await workspace.post_as(ada.id, channel.id, text, files=[file])
        thread = ThreadKey(workspace.team_id, channel.id, root["ts"])
        ours = [body for body in events if body["event"]["type"] in ("app_mention", "message")]
        assert len(ours) == 2
        for body in sorted(ours, key=lambda body: body["event"]["type"] != first):
            assert (await app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))).status == 200
        (attachment,) = (await platform.history(thread)).latest.attachments
        assert slack.calls.count("conversations.replies") == 0, "the event of the message has told it"
        assert await platform.download(attachment, 100) == b"the plan"
        assert slack.calls.count("files.info") == 0
        await people.close()


async def test_a_file_is_read_from_the_thread_when_only_the_mention_has_come() -> None:
    workspace = Workspace(seed=1, mentions_without_files=True)
    ada = workspace.add_user("ada")
    channel = workspace.add_channel("general", [ada.id, workspace.bot.user_id])
    events: list[Json] = []
    workspace.on_event(keeping(events))
    async with serve_slack(workspace, rate_limit_scale=None) as slack, unpaced_calls(slack) as calls:
        people, identity, arrivals = People(calls), identity_in(workspace), Arrivals()
        platform = SlackPlatform(calls, people, identity, Replies(calls, identity.user_id), arrivals)
        file = workspace.add_file("plan.txt", b"the plan", ada.id)
        text = f"<@{workspace.bot.user_id}> read this"
        root = await workspace.post_as(ada.id, channel.id, text, files=[file])
        (mention,) = [body for body in events if body["event"]["type"] == "app_mention"]
        app = build_app(identity, KeepingInbox(), arrivals)
        await app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=mention))
        conversation = await platform.history(ThreadKey(workspace.team_id, channel.id, root["ts"]))
        assert [attachment.name for attachment in conversation.latest.attachments] == ["plan.txt"]
        await people.close()


def keeping(events: list[Json]) -> Deliver:
    """Keeps the payloads of all events."""

    async def keep(body: Json) -> None:
        events.append(body)

    return keep


@pytest.mark.parametrize("fault", [None, Error("user_not_in_channel"), Silence()])
async def test_a_whisper_stands_in_the_thread_and_its_trouble_is_only_logged(
    fault: Fault | None, caplog: pytest.LogCaptureFixture
) -> None:
    async with reply_scene(patience=Patience(request=0.2, total=0.5, tries=2, pause=0.01)) as scene:
        people, identity = People(scene.calls), identity_in(scene.slack.workspace)
        replies, arrivals = scene.replies(), Arrivals()
        platform = SlackPlatform(scene.calls, people, identity, replies, arrivals)
        if fault:
            scene.slack.faults.always("chat.postEphemeral", fault)
        await platform.whisper(scene.question, "Hello **you** & <!channel>")
        await people.close()
        told = [(said["shown_to"], said["thread_ts"], said["text"]) for said in scene.slack.workspace.ephemerals]
    text = "Hello *you* &amp; &lt;!channel&gt;"
    assert told == ([] if fault else [(scene.question.author.id, scene.question.thread.root, text)])
    assert ("a person was not told something" in caplog.text) is bool(fault)
    assert "Hello" not in caplog.text


@pytest.mark.parametrize(("is_answered", "in_thread"), [(True, True), (False, False)])
async def test_a_whisper_where_no_thread_has_begun_stands_beside_the_message(
    is_answered: bool, in_thread: bool
) -> None:
    async with reply_scene() as scene:
        people, identity = People(scene.calls), identity_in(scene.slack.workspace)
        platform = SlackPlatform(scene.calls, people, identity, scene.replies(), Arrivals())
        await platform.whisper(scene.question, "Psst", is_answered=is_answered)
        await people.close()
        (said,) = scene.slack.workspace.ephemerals
    assert ("thread_ts" in said) is in_thread
