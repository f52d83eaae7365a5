"""What people do in a workspace, what the app hears of it, and how changes are followed."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from playground.slack.changes import BACKLOG, Change, ChangeKind
from playground.slack.directory import ChannelKind, Json
from playground.slack.threads import Status
from playground.slack.workspace import Workspace

MENTION_ROUNDS = 40


class Office:
    def __init__(self) -> None:
        self.workspace = Workspace(seed=3, status_lifetime=0.05)
        self.ann = self.workspace.add_user("ann").id
        self.ben = self.workspace.add_user("ben").id
        self.bot = self.workspace.bot.user_id
        self.general = self.workspace.add_channel("general", [self.ann, self.ben, self.bot]).id
        self.lounge = self.workspace.add_channel("lounge", [self.ann, self.ben]).id
        self.heard: list[Json] = []
        self.workspace.on_event(self.hear)

    async def hear(self, payload: Json) -> None:
        self.heard.append(payload)

    @property
    def kinds(self) -> list[str]:
        return [payload["event"]["type"] for payload in self.heard]

    @property
    def last(self) -> Json:
        event: Json = self.heard[-1]["event"]
        return event


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    office = Office()
    yield office
    office.workspace.threads.close()


async def test_timestamps_are_unique_and_increase_when_many_write_at_once(office: Office) -> None:
    workspace = office.workspace
    messages = [await workspace.post_as(office.ann, office.general, str(number)) for number in range(500)]
    stamps = [message["ts"] for message in messages]
    assert stamps == sorted(set(stamps))
    assert all(len(stamp.partition(".")[2]) == 6 for stamp in stamps)


async def test_a_direct_message_arrives_as_message_im_with_escaped_text(office: Office) -> None:
    dm = office.workspace.open_dm(office.ann)
    message = await office.workspace.post_as(office.ann, dm.id, "is 1 < 2 & 3 > 2?")
    assert message["text"] == "is 1 &lt; 2 &amp; 3 &gt; 2?"
    assert office.workspace.markdown_of(message) == "is 1 < 2 & 3 > 2?"
    assert message["blocks"][0]["elements"][0]["elements"] == [{"type": "text", "text": "is 1 < 2 & 3 > 2?"}]
    assert office.kinds == ["message"]
    event = office.last
    assert (event["channel_type"], event["channel"], event["user"]) == ("im", dm.id, office.ann)
    assert "thread_ts" not in event
    assert "subtype" not in event


async def test_the_same_person_gets_the_same_direct_message_channel(office: Office) -> None:
    workspace = office.workspace
    assert workspace.open_dm(office.ann) is workspace.open_dm(office.ann)
    assert workspace.open_dm(office.ann) is not workspace.open_dm(office.ben)


async def test_a_mention_in_a_joined_channel_arrives_twice_in_either_order_under_two_ids(office: Office) -> None:
    orders = set()
    for _ in range(MENTION_ROUNDS):
        office.heard.clear()
        await office.workspace.post_as(office.ann, office.general, f"<@{office.bot}> hello")
        assert sorted(office.kinds) == ["app_mention", "message"]
        assert office.heard[0]["event"]["ts"] == office.heard[1]["event"]["ts"]
        assert office.heard[0]["event_id"] != office.heard[1]["event_id"]
        mention = next(payload["event"] for payload in office.heard if payload["event"]["type"] == "app_mention")
        assert "channel_type" not in mention
        orders.add(tuple(office.kinds))
    assert len(orders) == 2


async def test_where_the_bot_is_no_member_only_the_mention_arrives(office: Office) -> None:
    await office.workspace.post_as(office.ann, office.lounge, "just us")
    assert office.kinds == []
    await office.workspace.post_as(office.ann, office.lounge, f"<@{office.bot}> hello")
    assert office.kinds == ["app_mention"]


async def test_a_mention_in_a_direct_message_is_only_a_message(office: Office) -> None:
    dm = office.workspace.open_dm(office.ann)
    await office.workspace.post_as(office.ann, dm.id, f"<@{office.bot}> hello")
    assert office.kinds == ["message"]


@pytest.mark.parametrize("kind", [ChannelKind.CHANNEL, ChannelKind.GROUP, ChannelKind.MPIM])
async def test_events_name_the_kind_of_channel(office: Office, kind: ChannelKind) -> None:
    channel = office.workspace.add_channel("place", [office.ann, office.bot], kind)
    await office.workspace.post_as(office.ann, channel.id, "hello")
    assert office.last["channel_type"] == kind.value


async def test_replies_count_on_their_root_and_name_its_author(office: Office) -> None:
    workspace = office.workspace
    root = await workspace.post_as(office.ann, office.general, "root")
    reply = await workspace.post_as(office.ben, office.general, "reply", thread_ts=root["ts"])
    assert reply["parent_user_id"] == office.ann
    shown, shown_reply = workspace.thread(office.general, root["ts"])
    assert shown_reply == reply
    assert (shown["thread_ts"], shown["reply_count"], shown["latest_reply"]) == (root["ts"], 1, reply["ts"])
    assert "reply_count" not in root, "a message that was handed out never changes"
    assert workspace.top_level(office.general) == [shown]


async def test_a_broadcast_reply_stands_in_the_channel_and_brings_its_root(office: Office) -> None:
    workspace = office.workspace
    root = await workspace.post_as(office.ann, office.general, "root")
    reply = await workspace.post_as(office.ben, office.general, "all", thread_ts=root["ts"], broadcast=True)
    assert office.last["subtype"] == "thread_broadcast"
    assert office.last["root"]["ts"] == root["ts"]
    assert [message["ts"] for message in workspace.top_level(office.general)] == [root["ts"], reply["ts"]]


async def test_a_file_makes_the_message_a_file_share_and_a_mention_keeps_the_file(office: Office) -> None:
    workspace = office.workspace
    file = workspace.add_file("plan.pdf", b"%PDF", office.ann)
    await workspace.post_as(office.ann, office.general, f"<@{office.bot}> read this", files=[file])
    events = {payload["event"]["type"]: payload["event"] for payload in office.heard}
    assert events["message"]["subtype"] == "file_share"
    assert events["message"]["files"][0]["mimetype"] == "application/pdf"
    assert events["message"]["files"][0]["size"] == 4
    assert "subtype" not in events["app_mention"]
    assert events["app_mention"]["files"][0]["id"] == file.id


async def test_an_edit_arrives_with_both_versions(office: Office) -> None:
    workspace = office.workspace
    message = await workspace.post_as(office.ann, office.general, "before")
    await workspace.edit_as(office.ann, office.general, message["ts"], "after")
    event = office.last
    assert (event["subtype"], event["hidden"]) == ("message_changed", True)
    assert (event["previous_message"]["text"], event["message"]["text"]) == ("before", "after")
    assert event["message"]["edited"]["user"] == office.ann
    assert event["ts"] != event["message"]["ts"]


async def test_an_edit_that_adds_a_mention_counts_as_a_mention_once(office: Office) -> None:
    workspace = office.workspace
    message = await workspace.post_as(office.ann, office.general, "hello")
    office.heard.clear()
    await workspace.edit_as(office.ann, office.general, message["ts"], f"<@{office.bot}> hello")
    assert office.kinds == ["message", "app_mention"]
    office.heard.clear()
    await workspace.edit_as(office.ann, office.general, message["ts"], f"<@{office.bot}> hello again")
    assert office.kinds == ["message"]


async def test_a_deleted_message_is_gone_and_a_deleted_root_leaves_a_tombstone(office: Office) -> None:
    workspace = office.workspace
    alone = await workspace.post_as(office.ann, office.general, "alone")
    await workspace.delete_as(office.ann, office.general, alone["ts"])
    assert workspace.messages(office.general) == []
    assert (office.last["subtype"], office.last["deleted_ts"]) == ("message_deleted", alone["ts"])
    root = await workspace.post_as(office.ann, office.general, "root")
    await workspace.post_as(office.ben, office.general, "reply", thread_ts=root["ts"])
    await workspace.delete_as(office.ann, office.general, root["ts"])
    assert office.last["subtype"] == "message_changed"
    assert [message.get("subtype") for message in workspace.thread(office.general, root["ts"])] == ["tombstone", None]


async def test_nobody_edits_or_deletes_what_others_wrote(office: Office) -> None:
    message = await office.workspace.post_as(office.ann, office.general, "mine")
    with pytest.raises(PermissionError):
        await office.workspace.edit_as(office.ben, office.general, message["ts"], "yours")
    with pytest.raises(PermissionError):
        await office.workspace.delete_as(office.ben, office.general, message["ts"])


async def test_joins_and_topics_are_messages_with_a_subtype(office: Office) -> None:
    carl = office.workspace.add_user("carl").id
    await office.workspace.join(carl, office.general)
    assert office.last["subtype"] == "channel_join"
    await office.workspace.set_topic(carl, office.general, "News")
    assert (office.last["subtype"], office.last["topic"]) == ("channel_topic", "News")


async def test_another_bots_message_shows_its_bot_id(office: Office) -> None:
    other = office.workspace.add_user("weather", is_bot=True)
    office.workspace.channels[office.general].members.append(other.id)
    message = await office.workspace.post_as(other.id, office.general, "rain")
    assert message["bot_id"] == other.bot_id != office.workspace.bot.bot_id
    assert office.last["bot_id"] == other.bot_id


async def test_an_app_hears_only_what_it_has_subscribed_to() -> None:
    workspace = Workspace(subscriptions={"app_mention"})
    heard: list[Json] = []

    async def hear(payload: Json) -> None:
        heard.append(payload)

    workspace.on_event(hear)
    ann = workspace.add_user("ann")
    general = workspace.add_channel("general", [ann, workspace.bot.user_id])
    await workspace.post_as(ann.id, general.id, f"<@{workspace.bot.user_id}> hello")
    assert [payload["event"]["type"] for payload in heard] == ["app_mention"]


async def test_a_reaction_counts_each_person_once(office: Office) -> None:
    workspace = office.workspace
    ts = (await workspace.post_as(office.ann, office.general, "hello"))["ts"]
    assert workspace.add_reaction(office.ann, office.general, ts, "wave")
    assert workspace.add_reaction(office.ben, office.general, ts, "wave")
    assert not workspace.add_reaction(office.ben, office.general, ts, "wave")
    assert workspace.messages(office.general)[0]["reactions"][0]["count"] == 2
    assert workspace.remove_reaction(office.ann, office.general, ts, "wave")
    assert workspace.remove_reaction(office.ben, office.general, ts, "wave")
    assert not workspace.remove_reaction(office.ben, office.general, ts, "wave")
    assert "reactions" not in workspace.messages(office.general)[0]


async def test_a_status_goes_away_by_itself(office: Office) -> None:
    thread = (office.general, "1.000001")
    office.workspace.threads.set_status(thread, Status("is thinking"))
    assert office.workspace.statuses[thread].text == "is thinking"
    assert await office.workspace.wait_for(lambda: not office.workspace.statuses, 30)


async def test_a_subscriber_gets_each_change_from_its_beginning_on(office: Office) -> None:
    workspace = office.workspace
    await workspace.post_as(office.ann, office.general, "before")
    changes = workspace.changes()
    message = await workspace.post_as(office.ann, office.general, "after")
    assert await anext(changes) == Change(ChangeKind.MESSAGE_POSTED, office.general, message["ts"])
    changes.close()
    assert [change async for change in changes] == []


async def test_a_subscriber_who_sleeps_too_long_is_told_to_read_everything_again(office: Office) -> None:
    changes = office.workspace.changes()
    for _ in range(BACKLOG + 1):
        office.workspace.announce(ChangeKind.USER_CHANGED)
    assert await anext(changes) == Change(ChangeKind.MISSED)


async def test_waiting_ends_with_the_change_that_fulfils_it_or_in_time(office: Office) -> None:
    workspace = office.workspace
    waiting = asyncio.create_task(workspace.wait_for(lambda: workspace.messages(office.general), 2))
    await asyncio.sleep(0)
    assert not waiting.done()
    await workspace.post_as(office.ann, office.general, "hello")
    assert (await waiting)[0]["text"] == "hello"
    with pytest.raises(TimeoutError):
        await workspace.wait_for(lambda: False, 0.01)
