"""What the page shows of the workspace."""

from typing import Any

import pytest

from playground.page.markup.html import Names
from playground.page.view import MESSAGES_SHOWN, everything, message_view, news
from playground.slack.changes import Change, ChangeKind
from playground.slack.directory import ChannelKind, User
from playground.slack.threads import Status
from playground.slack.workspace import Workspace

NAMES = Names({"U1": "Ann"})


@pytest.fixture
def workspace() -> Workspace:
    return Workspace("Office", seed=1)


@pytest.fixture
def ann(workspace: Workspace) -> User:
    return workspace.add_user("ann", "Ann Archer")


def message(**fields: Any) -> dict[str, Any]:
    return {"type": "message", "ts": "1.000001", "user": "U1", "text": "hi", **fields}


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({}, {"author": "U1", "thread": "", "html": "<p>hi</p>", "edited": False, "deleted": False}),
        ({"thread_ts": "1.000000"}, {"thread": "1.000000"}),
        ({"edited": {"user": "U1", "ts": "2"}}, {"edited": True}),
        ({"subtype": "tombstone"}, {"deleted": True}),
        ({"subtype": "channel_join", "text": "<@U1> has joined"}, {"is_event": True}),
        ({"subtype": "file_share"}, {"is_event": False}),
        ({"subtype": "thread_broadcast"}, {"broadcast": True}),
        ({"streaming_state": "in_progress"}, {"streaming": True}),
        ({"streaming_state": "completed"}, {"streaming": False}),
        ({"shown_to": "U1"}, {"visible_to": "U1"}),
        (
            {"reactions": [{"name": "wave", "users": ["U1"], "count": 1}]},
            {"reactions": [{"name": "wave", "emoji": "👋", "count": 1}]},
        ),
        ({"text": "*b*", "blocks": []}, {"html": "<p><strong>b</strong></p>"}),
        ({"blocks": [{"type": "divider"}]}, {"html": "<hr>"}),
    ],
)
def test_a_message_is_shown(fields: dict[str, Any], shown: dict[str, Any]) -> None:
    viewed = message_view(message(**fields), "C1", NAMES)
    assert {name: viewed[name] for name in shown} == shown


def test_markdown_takes_the_place_of_its_expansion_and_notes_stay() -> None:
    note = {"type": "context", "elements": [{"type": "plain_text", "text": "cut short"}]}
    expanded = {"type": "header", "text": {"type": "plain_text", "text": "expanded"}}
    html = message_view(message(blocks=[expanded, note]), "C1", NAMES, "## source")["html"]
    assert html == '<h4>source</h4><p class="note">cut short</p>'


async def test_everything_tells_who_and_where(workspace: Workspace, ann: User) -> None:
    channel = workspace.add_channel("general", [ann], topic="News")
    dm = workspace.open_dm(ann.id)
    told = everything(workspace, "a script answers")
    assert told["name"] == "Office"
    assert told["answers"] == "a script answers"
    assert {"id": ann.id, "name": "ann", "full_name": "Ann Archer", "is_bot": False} in told["people"]
    assert [person["name"] for person in told["people"] if person["is_bot"]] == ["ChatGPT"]
    general, direct = told["channels"]
    assert general["id"] == channel.id
    assert (general["name"], general["topic"], general["is_direct"]) == ("general", "News", False)
    assert (direct["id"], direct["is_direct"], direct["members"]) == (dm.id, True, [ann.id, workspace.bot.user_id])


async def test_archived_channels_are_left_out(workspace: Workspace, ann: User) -> None:
    workspace.add_channel("old", [ann], ChannelKind.GROUP).is_archived = True
    assert everything(workspace, "")["channels"] == []


async def test_the_newest_messages_of_a_long_channel_are_told(workspace: Workspace, ann: User) -> None:
    channel = workspace.add_channel("general", [ann])
    for number in range(MESSAGES_SHOWN + 1):
        await workspace.post_as(ann.id, channel.id, str(number))
    messages = everything(workspace, "")["messages"]
    assert len(messages) == MESSAGES_SHOWN
    assert messages[-1]["html"] == f"<p>{MESSAGES_SHOWN}</p>"


async def test_typed_text_is_no_markdown(workspace: Workspace, ann: User) -> None:
    channel = workspace.add_channel("general", [ann])
    await workspace.post_as(ann.id, channel.id, "# 1 & *2*")
    (shown,) = everything(workspace, "")["messages"]
    assert shown["html"] == "<p># 1 &amp; <strong>2</strong></p>"


async def test_a_message_that_only_one_person_sees_is_told_with_their_name(workspace: Workspace, ann: User) -> None:
    channel = workspace.add_channel("general", [ann])
    workspace.ephemerals.append(message(channel=channel.id, shown_to=ann.id))
    (shown,) = everything(workspace, "")["messages"]
    assert shown["visible_to"] == ann.id
    told = news(workspace, Change(ChangeKind.EPHEMERAL_POSTED, channel.id, shown["ts"], ann.id), "")
    assert told == {"type": "message", "message": shown}


async def test_a_change_tells_the_message_as_it_is_now(workspace: Workspace, ann: User) -> None:
    channel = workspace.add_channel("general", [ann])
    posted = await workspace.post_as(ann.id, channel.id, "first")
    await workspace.edit_as(ann.id, channel.id, posted["ts"], "second")
    told = news(workspace, Change(ChangeKind.MESSAGE_POSTED, channel.id, posted["ts"]), "")
    assert told is not None
    assert told["message"]["html"] == "<p>second</p>"
    assert told["message"]["edited"]


async def test_a_message_that_is_gone_already_is_not_told(workspace: Workspace, ann: User) -> None:
    channel = workspace.add_channel("general", [ann])
    posted = await workspace.post_as(ann.id, channel.id, "gone")
    await workspace.delete_as(ann.id, channel.id, posted["ts"])
    assert news(workspace, Change(ChangeKind.MESSAGE_POSTED, channel.id, posted["ts"]), "") is None
    assert news(workspace, Change(ChangeKind.MESSAGE_DELETED, channel.id, posted["ts"]), "") == {
        "type": "message_gone",
        "channel": channel.id,
        "ts": posted["ts"],
    }


async def test_statuses_come_and_go(workspace: Workspace, ann: User) -> None:
    channel = workspace.add_channel("general", [ann])
    thread, change = (channel.id, "1.000001"), Change(ChangeKind.STATUS_CHANGED, channel.id, "1.000001")
    workspace.threads.set_status(thread, Status("is thinking…"))
    shown = {"channel": channel.id, "thread": "1.000001", "author": workspace.bot.user_id, "text": "is thinking…"}
    assert news(workspace, change, "") == {"type": "status", "status": shown}
    assert everything(workspace, "")["statuses"] == [shown]
    workspace.threads.clear_status(thread)
    assert news(workspace, change, "") == {"type": "status", "status": shown | {"text": ""}}


async def test_a_session_can_be_stopped_while_the_bot_works(workspace: Workspace) -> None:
    change = Change(ChangeKind.SESSION_CHANGED, "C1", "1.000001")
    for state, processing in (("processing", True), ("active", False)):
        workspace.threads.set_session(("C1", "1.000001"), state)
        shown = {"channel": "C1", "thread": "1.000001", "processing": processing}
        assert news(workspace, change, "") == {"type": "session", "session": shown}
        assert everything(workspace, "")["sessions"] == [shown]


async def test_new_people_and_channels_are_told(workspace: Workspace, ann: User) -> None:
    channel = workspace.add_channel("general", [ann])
    told = news(workspace, Change(ChangeKind.CHANNEL_CHANGED, channel.id), "")
    assert told is not None
    assert told["channel"]["name"] == "general"
    told = news(workspace, Change(ChangeKind.USER_CHANGED, user=ann.id), "")
    assert told is not None
    assert told["person"]["name"] == "ann"


async def test_who_missed_changes_is_told_everything(workspace: Workspace) -> None:
    told = news(workspace, Change(ChangeKind.MISSED), "a script answers")
    assert told is not None
    assert told == everything(workspace, "a script answers")


async def test_what_the_page_does_not_show_is_not_told(workspace: Workspace) -> None:
    assert news(workspace, Change(ChangeKind.TITLE_CHANGED, "C1", "1.000001"), "") is None


async def test_people_see_the_whole_of_a_file_of_which_the_app_gets_a_stub(workspace: Workspace, ann: User) -> None:
    channel = workspace.add_channel("general", [ann])
    file = workspace.add_file("plan.pdf", b"%PDF", ann.id, is_foreign=True)
    posted = await workspace.post_as(ann.id, channel.id, "", files=[file])
    told = news(workspace, Change(ChangeKind.MESSAGE_POSTED, channel.id, posted["ts"]), "")
    assert told and [shown["name"] for shown in told["message"]["files"]] == ["plan.pdf"]
