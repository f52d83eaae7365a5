"""Messages that were sent while nobody listened."""

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from bot.domain.conversation import ThreadKey
from bot.slack.reading import catch_up
from bot.slack.reading.catch_up import SlackCatchUp
from playground.slack.directory import Channel, ChannelKind, User
from playground.slack.faults import Error
from playground.slack.installation import SCOPES
from playground.slack.server import SlackServer, serve_slack
from playground.slack.workspace import Workspace
from tests.doubles.clock import StillClock
from tests.doubles.slack import KeepingInbox, identity_in, unpaced_calls

NOON = 1_795_604_400.0
HOUR = 3_600.0


@dataclass(slots=True)
class Scene:
    """An office whose clock is set by hand; the bot is in `general` and in a group message, not in `lounge`."""

    slack: SlackServer
    clock: StillClock
    search: SlackCatchUp
    inbox: KeepingInbox
    ann: User
    general: Channel
    lounge: Channel
    group: Channel
    dm: Channel
    known: list[ThreadKey] = field(default_factory=list)

    @property
    def mention(self) -> str:
        return f"<@{self.slack.workspace.bot.user_id}>"

    async def say(self, at: float, text: str, where: Channel | None = None, thread: str | None = None) -> str:
        """Ann writes at this time; returns the message's ts."""
        self.clock.now = NOON + at
        said = await self.slack.workspace.post_as(self.ann.id, (where or self.dm).id, text, thread_ts=thread)
        return str(said["ts"])

    async def found(self, since: float = 0) -> list[str]:
        await self.search.since(NOON + since)
        return [message.text for message, _ in self.inbox.received]


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    clock = StillClock(NOON - 10 * HOUR)
    workspace = Workspace(seed=1, now=clock)
    ann, bot = workspace.add_user("ann"), workspace.bot.user_id
    general, lounge = workspace.add_channel("general", [ann.id, bot]), workspace.add_channel("lounge", [ann.id])
    group = workspace.add_channel("mpdm-ann", [ann.id, bot], ChannelKind.MPIM)
    dm, inbox, known = workspace.open_dm(ann.id), KeepingInbox(), list[ThreadKey]()

    async def latest_threads(most: int) -> tuple[ThreadKey, ...]:
        return tuple(known[:most])

    async with serve_slack(workspace, rate_limit_scale=None) as slack, unpaced_calls(slack) as calls:
        search = SlackCatchUp(calls, identity_in(workspace), inbox, latest_threads)
        yield Scene(slack, clock, search, inbox, ann, general, lounge, group, dm, known)


async def test_direct_messages_and_mentions_are_found_and_talk_among_people_is_not(scene: Scene) -> None:
    await scene.say(-2, "before")
    await scene.say(1, "first")
    await scene.say(2, "second")
    await scene.say(3, f"{scene.mention} in a channel", scene.general)
    await scene.say(4, f"{scene.mention} in a group", scene.group)
    await scene.say(5, "to somebody else", scene.general)
    await scene.say(6, f"{scene.mention} where the bot is not", scene.lounge)

    found = await scene.found()

    assert sorted(found) == ["first", "in a channel", "in a group", "second"]


async def test_a_message_found_twice_is_the_same_event(scene: Scene) -> None:
    ts = await scene.say(1, "once")
    await scene.found()
    await scene.found()
    assert [event for _, event in scene.inbox.received] == [f"catch-up:{scene.dm.id}:{ts}"] * 2
    assert len(scene.inbox.messages) == 1


async def test_replies_are_found_in_threads_that_began_before(scene: Scene) -> None:
    root = await scene.say(-HOUR, f"{scene.mention} begin", scene.general)
    await scene.say(-5, "an earlier reply", scene.general, root)
    await scene.say(5, "a later reply", scene.general, root)
    await scene.say(-HOUR, "a thread without news", scene.general)

    assert await scene.found() == ["a later reply"]
    assert scene.slack.calls.count("conversations.replies") == 1
    (message,) = scene.inbox.messages
    assert message.thread.root == root
    assert not message.to_bot


async def test_replies_in_old_threads_are_found_where_the_bot_was_lately(scene: Scene) -> None:
    two_days = 48 * HOUR
    root, other = await scene.say(-two_days, "old"), await scene.say(-two_days, "as old, and not known")
    for thread in (root, other):
        await scene.say(5, "a reply", thread=thread)
    scene.known.append(ThreadKey(scene.slack.workspace.team_id, scene.dm.id, root))

    assert await scene.found() == ["a reply"]
    assert scene.inbox.messages[0].thread.root == root


async def test_what_the_bot_itself_wrote_is_left_out(scene: Scene) -> None:
    root = await scene.say(1, "question")
    scene.clock.now += 1
    await scene.search.calls.client.chat_postMessage(channel=scene.dm.id, thread_ts=root, text="answer")

    assert await scene.found() == ["question"]


async def test_a_missed_message_that_was_edited_since_is_found(scene: Scene) -> None:
    ts = await scene.say(1, "helo")
    await scene.slack.workspace.edit_as(scene.ann.id, scene.dm.id, ts, "hello")

    assert await scene.found() == ["hello"]


async def test_missing_scopes_cost_only_what_they_are_for(scene: Scene) -> None:
    await scene.say(1, "direct")
    await scene.say(2, f"{scene.mention} in a channel", scene.general)
    scene.slack.installation.scopes = set(SCOPES) - {"im:read", "mpim:history"}

    (found,) = await scene.found()
    assert found.endswith("in a channel")


async def test_a_slack_that_knows_no_such_method_costs_only_what_is_not_known(scene: Scene) -> None:
    root = await scene.say(-5, "known")
    await scene.say(1, "reply", thread=root)
    scene.known.append(ThreadKey(scene.slack.workspace.team_id, scene.dm.id, root))
    scene.slack.faults.always("users.conversations", Error("unknown_method"))

    assert await scene.found() == ["reply"]


async def test_trouble_that_passes_is_raised_so_that_it_is_tried_again(scene: Scene) -> None:
    await scene.say(1, "direct")
    scene.inbox.refusals = 1
    with pytest.raises(OSError, match="full"):
        await scene.found()
    assert await scene.found() == ["direct"]


async def test_more_conversations_and_pages_than_are_looked_through_do_no_harm(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catch_up, "MOST_CHANNELS", 1)
    monkeypatch.setattr(catch_up, "_PAGE", 2)
    monkeypatch.setattr(catch_up, "_MOST_PAGES", 2)
    for number in range(6):
        await scene.say(1 + number, f"message {number}")

    assert await scene.found() == ["message 2", "message 3", "message 4", "message 5"]
    assert scene.slack.calls.count("conversations.history") == 2


async def test_the_log_has_counts_and_no_words(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    await scene.say(1, "halibut")
    with caplog.at_level(logging.DEBUG):
        await scene.found()
    assert "caught up: 1 new messages; 3 conversations and 0 threads read" in caplog.text
    assert "halibut" not in caplog.text
