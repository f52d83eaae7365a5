"""Slack as the bot's platform."""

from bot.domain.conversation import ThreadKey
from bot.ports import ChatPlatform
from bot.slack.arrivals import Arrivals
from bot.slack.people import People
from bot.slack.platform import SlackPlatform
from bot.slack.reply import Replies
from playground.slack.server import serve_slack
from playground.slack.workspace import Workspace
from tests.doubles.slack import identity_in, unpaced_calls


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
