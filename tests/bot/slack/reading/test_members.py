"""Who is in which channel."""

from collections.abc import AsyncIterator

import pytest

from bot.slack.reading import members as members_module
from bot.slack.reading.members import FRESH, Members
from bot.slack.wire.errors import SlackRefusal
from playground.slack.directory import ChannelKind
from playground.slack.faults import Error
from playground.slack.server import SlackServer, serve_slack
from playground.slack.workspace import Workspace
from tests.doubles.slack import unpaced_calls


class Clock:
    seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


class Scene:
    def __init__(self, slack: SlackServer, members: Members, clock: Clock) -> None:
        self.slack, self.members, self.clock = slack, members, clock
        self.workspace = slack.workspace

    @property
    def asked(self) -> int:
        return self.slack.calls.count("conversations.members")


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    workspace, clock = Workspace(seed=1), Clock()
    async with serve_slack(workspace, rate_limit_scale=None) as slack, unpaced_calls(slack) as calls:
        yield Scene(slack, Members(calls, clock), clock)


async def test_members_are_told_from_others_also_where_the_bot_is_none(scene: Scene) -> None:
    ann, ben = scene.workspace.add_user("ann").id, scene.workspace.add_user("ben").id
    channel = scene.workspace.add_channel("general", [ann])
    assert await scene.members.include(channel.id, ann)
    assert not await scene.members.include(channel.id, ben)


async def test_an_answer_is_believed_for_a_minute(scene: Scene) -> None:
    ann = scene.workspace.add_user("ann").id
    channel = scene.workspace.add_channel("general", [ann])
    for _ in range(2):
        assert await scene.members.include(channel.id, ann)
    assert scene.asked == 1
    scene.workspace.leave(ann, channel.id)
    scene.clock.seconds += FRESH
    assert not await scene.members.include(channel.id, ann)


async def test_the_last_page_counts_and_pages_have_an_end(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members_module, "_PAGE", 2)
    monkeypatch.setattr(members_module, "_MOST_PAGES", 3)
    people = [scene.workspace.add_user(f"person{number}").id for number in range(8)]
    channel = scene.workspace.add_channel("general", people)
    assert await scene.members.include(channel.id, people[5])
    assert scene.asked == 3
    assert not await scene.members.include(channel.id, people[7])
    assert scene.asked == 6


async def test_direct_messages_and_what_the_bot_cannot_see_are_open_to_their_members_only(scene: Scene) -> None:
    ann = scene.workspace.add_user("ann").id
    assert await scene.members.include("D123", ann)
    assert scene.asked == 0
    secret = scene.workspace.add_channel("secret", [], ChannelKind.GROUP)
    assert await scene.members.include(secret.id, ann)


async def test_other_refusals_are_no_answer(scene: Scene) -> None:
    scene.slack.faults.add("conversations.members", Error("invalid_cursor"))
    with pytest.raises(SlackRefusal):
        await scene.members.include("C123", "U1")


async def test_what_is_remembered_is_bounded(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members_module, "REMEMBERED", 2)
    members = Members(scene.members.calls, scene.clock)
    channel = scene.workspace.add_channel("general", [])
    for number in range(3):
        await members.include(channel.id, f"U{number}")
    await members.include(channel.id, "U2")
    assert scene.asked == 3
    await members.include(channel.id, "U0")
    assert scene.asked == 4


async def test_who_may_have_done_nothing_there_must_be_seen(scene: Scene) -> None:
    ann = scene.workspace.add_user("ann").id
    open_to_all = scene.workspace.add_channel("general", [ann])
    secret = scene.workspace.add_channel("secret", [ann], ChannelKind.GROUP)
    assert await scene.members.surely_include(open_to_all.id, ann)
    assert await scene.members.include(secret.id, ann)
    assert not await scene.members.surely_include(secret.id, ann)
