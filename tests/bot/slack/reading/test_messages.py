"""Which of Slack's events the bot takes, and what it makes of them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.conversation import Attachment, Author, ThreadKey
from bot.slack.reading.messages import (
    deletion_from_event,
    event_id,
    ids_to_name,
    message_from_event,
    message_from_history,
)
from bot.slack.wire.identity import Identity

Json = dict[str, Any]
IDENTITY = Identity("T061EG9R6", "U0BOT", "B0BOT", "ChatGPT")
TS, ROOT = "1732147200.000200", "1732147100.000100"
ALLOWED = frozenset({"B0FRIEND"})


def event(**fields: Any) -> Json:
    """A `message` event in a public channel, as Slack sends it; None takes a field away."""
    usual = {
        "client_msg_id": "7a3e6b3c-5b5f-4b8a-9a0a-3f8d4d8c2f11",
        "type": "message",
        "text": "hello everybody",
        "user": "U0ADA",
        "ts": TS,
        "team": "T061EG9R6",
        "channel": "C0GENERAL",
        "event_ts": TS,
        "channel_type": "channel",
    }
    return {key: value for key, value in (usual | fields).items() if value is not None}


def body(event: Json, **fields: Any) -> Json:
    """The payload of the envelope around an event."""
    return {
        "token": "verification",
        "team_id": "T061EG9R6",
        "context_team_id": "T061EG9R6",
        "api_app_id": "A0OURS",
        "event": event,
        "type": "event_callback",
        "event_id": "Ev08MFMKH6",
        "event_time": 1732147200,
        "authorizations": [{"team_id": "T061EG9R6", "user_id": "U0BOT", "is_bot": True}],
        "is_ext_shared_channel": False,
    } | fields


DIRECT: Json = {"channel": "D0ADA", "channel_type": "im"}
MENTION: Json = {"text": "<@U0BOT> hello"}
REPLY: Json = {"thread_ts": ROOT, "parent_user_id": "U0ADA"}
APP: Json = {"type": "app_mention", "channel_type": None, **MENTION}
OLD_BOT: Json = {"subtype": "bot_message", "user": None}
BOT: Json = {"bot_id": "B0OTHER", "app_id": "A0OTHER", "user": "U0OTHER"}


@pytest.mark.parametrize(
    ("fields", "to_bot"),
    [
        pytest.param(DIRECT, True, id="direct message"),
        pytest.param({**DIRECT, "channel_type": None}, True, id="direct message, told by the channel's id"),
        pytest.param({**DIRECT, **REPLY}, True, id="reply in a direct message"),
        pytest.param(MENTION, True, id="mention in a channel"),
        pytest.param({"text": "hey <@U0BOT|chatgpt>, hello"}, True, id="mention with a label"),
        pytest.param({**MENTION, "channel_type": "group"}, True, id="mention in a private channel"),
        pytest.param({**MENTION, "channel": "G0THREE", "channel_type": "mpim"}, True, id="mention in a group DM"),
        pytest.param({**MENTION, "channel": "C_general-2"}, True, id="mention in a channel with another kind of id"),
        pytest.param({**MENTION, **REPLY}, True, id="mention in a thread"),
        pytest.param(APP, True, id="app_mention"),
        pytest.param({**APP, "event_ts": TS.replace(".", "")}, True, id="app_mention with an event_ts without a point"),
        pytest.param({**APP, "text": "no entity to be seen"}, True, id="app_mention whose text lost the mention"),
        pytest.param(REPLY, False, id="reply in a thread"),
        pytest.param({**REPLY, "channel": "G0THREE", "channel_type": "mpim"}, False, id="reply in a group DM's thread"),
        pytest.param({**REPLY, "subtype": "thread_broadcast", "root": {}}, False, id="reply also sent to the channel"),
        pytest.param({**REPLY, "subtype": "file_share", "files": [{"id": "F1"}]}, False, id="reply with a file"),
        pytest.param({**DIRECT, "subtype": "file_share", "files": [{"id": "F1"}]}, True, id="direct message, a file"),
        pytest.param({**DIRECT, "edited": None}, True, id="direct message, not edited"),
        pytest.param({**DIRECT, "subtype": "me_message"}, True, id="/me in a direct message"),
        pytest.param({**MENTION, "subtype": None, "thread_ts": TS}, True, id="mention that begins a thread"),
        pytest.param({**MENTION, **BOT, "bot_id": "B0FRIEND"}, True, id="allowed bot, by bot id"),
        pytest.param(
            {**MENTION, **BOT, "user": None, "bot_id": "B0FRIEND", "subtype": "bot_message"}, True, id="old bot"
        ),
    ],
)
def test_what_is_said_to_the_bot_or_in_a_thread_is_taken(fields: Json, to_bot: bool) -> None:
    message = message_from_event(body(event(**fields)), IDENTITY, ALLOWED)
    assert message is not None
    assert message.to_bot is to_bot
    assert not message.from_bot


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({}, id="top-level message without a mention"),
        pytest.param({"channel": "G0THREE", "channel_type": "mpim"}, id="group DM without a mention"),
        pytest.param({"thread_ts": TS}, id="a thread's first message, seen again"),
        pytest.param({"text": "<@U0ADA> and <@U0BOTTLE>"}, id="mention of somebody else"),
        pytest.param({"text": "&lt;@U0BOT&gt;"}, id="mention that somebody spelled out"),
        pytest.param({**DIRECT, "user": "U0BOT"}, id="own message, by user"),
        pytest.param({**DIRECT, **OLD_BOT, "bot_id": "B0BOT"}, id="own message, by bot id"),
        pytest.param({**DIRECT, "bot_id": "B0ELSE", "app_id": "A0OURS"}, id="own message, by app"),
        pytest.param({**MENTION, **BOT}, id="other bot"),
        pytest.param({**DIRECT, **BOT}, id="other bot in a direct message"),
        pytest.param({**MENTION, **OLD_BOT, "bot_id": "B0OTHER"}, id="other bot, old kind"),
        pytest.param({**DIRECT, "user": "USLACKBOT"}, id="Slackbot"),
        pytest.param({**MENTION, "subtype": "channel_join"}, id="join"),
        pytest.param({**MENTION, "subtype": "channel_topic", "topic": "x"}, id="topic"),
        pytest.param({**MENTION, "subtype": "pinned_item"}, id="pin"),
        pytest.param({**MENTION, "subtype": "reminder_add"}, id="reminder"),
        pytest.param({**DIRECT, "subtype": "tombstone", "hidden": True}, id="tombstone"),
        pytest.param({**DIRECT, "hidden": True}, id="hidden"),
        pytest.param({**MENTION, "edited": {"user": "U0ADA", "ts": "1732147300.000000"}}, id="edited"),
        pytest.param({**APP, "event_ts": "1732147300.000000"}, id="mention added by an edit"),
        pytest.param({**DIRECT, "user": None}, id="nobody"),
        pytest.param({**DIRECT, "type": "reaction_added"}, id="another event"),
        pytest.param({**DIRECT, "ts": None}, id="no time"),
        pytest.param({**DIRECT, "ts": "yesterday"}, id="no real time"),
        pytest.param({**DIRECT, "thread_ts": "1 OR 1"}, id="no real thread"),
        pytest.param({**MENTION, "channel": None}, id="no channel"),
        pytest.param({**MENTION, "channel": {"id": "C1"}}, id="a channel of another shape"),
        pytest.param({**MENTION, "channel": "C1\nC2"}, id="a channel of two lines"),
    ],
)
def test_everything_else_is_left_alone(fields: Json) -> None:
    assert message_from_event(body(event(**fields)), IDENTITY, ALLOWED) is None


@pytest.mark.parametrize("subtype", ["message_changed", "message_deleted", "message_replied"])
def test_edits_and_deletions_are_left_alone(subtype: str) -> None:
    inner = event(**DIRECT, **MENTION)
    changed = event(**DIRECT, user=None, text=None, subtype=subtype, hidden=True, message=inner, previous_message=inner)
    assert message_from_event(body(changed), IDENTITY, ALLOWED) is None


@pytest.mark.parametrize("allowed", ["B0OTHER", "A0OTHER", "U0OTHER"])
def test_a_bot_is_allowed_by_any_of_its_ids(allowed: str) -> None:
    assert message_from_event(body(event(**MENTION, **BOT)), IDENTITY, frozenset({allowed})) is not None


def test_the_bot_does_not_answer_itself_even_when_it_is_allowed() -> None:
    own = event(**MENTION, bot_id="B0BOT", app_id="A0OURS", user="U0BOT")
    assert message_from_event(body(own), IDENTITY, frozenset({"B0BOT", "A0OURS", "U0BOT"})) is None


def test_the_message_says_who_wrote_what_where_and_when() -> None:
    message = message_from_event(body(event(text="<@U0BOT> tell <@U0EVE> &lt;this&gt;")), IDENTITY, ALLOWED)
    assert message is not None
    assert message.id == TS
    assert message.thread == ThreadKey("T061EG9R6", "C0GENERAL", TS)
    assert message.author == Author("U0ADA", "U0ADA")
    assert message.text == "tell @U0EVE <this>"
    assert message.sent_at == 1732147200.0002
    assert message.is_root


def test_a_reply_belongs_to_its_thread() -> None:
    message = message_from_event(body(event(**REPLY)), IDENTITY, ALLOWED)
    assert message is not None
    assert message.thread.root == ROOT
    assert not message.is_root


def test_both_events_of_one_mention_bring_the_same_message() -> None:
    copies = [
        message_from_event(body(event(**fields), event_id=name), IDENTITY, ALLOWED)
        for fields, name in ((MENTION, "Ev1"), (APP, "Ev2"))
    ]
    assert copies[0] is not None
    assert copies[0] == copies[1]


def test_files_hang_on_the_message_even_as_stubs() -> None:
    files = [
        {
            "id": "F1",
            "name": "plan.pdf",
            "title": "Plan",
            "mimetype": "application/pdf",
            "size": 1234,
            "mode": "hosted",
        },
        {"id": "F2", "mode": "file_access", "file_access": "check_file_info"},
        {"id": "F3", "title": "Untitled", "size": -1, "mimetype": None},
        {"id": "F4", "mode": "tombstone", "name": "secret.pdf"},
        {"name": "nameless"},
        "odd",
    ]
    message = message_from_event(body(event(**DIRECT, subtype="file_share", files=files)), IDENTITY, ALLOWED)
    assert message is not None
    assert message.attachments == (
        Attachment("F1", "plan.pdf", "application/pdf", 1234),
        Attachment("F2", "a shared file", "application/octet-stream", 0),
        Attachment("F3", "Untitled", "application/octet-stream", 0),
        Attachment("F4", "a deleted file", "application/octet-stream", 0),
    )


def test_files_of_messages_that_are_shared_along_hang_on_the_message_too() -> None:
    own, theirs = {"id": "F1", "name": "a.pdf"}, {"id": "F2", "name": "b.pdf"}
    attachments = [
        {"is_share": True, "text": "see the file", "files": [theirs, own]},
        {"is_msg_unfurl": True, "files": "odd"},
        {"from_url": "https://example.com", "files": [{"id": "F3", "name": "not of a message"}]},
    ]
    shared = event(**DIRECT, subtype="file_share", files=[own], attachments=attachments)
    message = message_from_event(body(shared), IDENTITY, ALLOWED)
    assert message is not None
    assert [each.name for each in message.attachments] == ["a.pdf", "b.pdf"]


@pytest.mark.parametrize(
    ("transcription", "transcript"),
    [
        ({"status": "complete", "preview": {"content": " Call me back. ", "has_more": False}}, "Call me back."),
        ({"status": "complete", "preview": {"content": "Call me", "has_more": True}}, ""),
        ({"status": "complete", "preview": {"content": "Call me"}}, ""),
        ({"status": "processing"}, ""),
        ({"status": "failed", "preview": {"content": "Call", "has_more": False}}, ""),
        ({"status": "complete", "preview": "odd"}, ""),
        ("odd", ""),
    ],
)
def test_a_clip_comes_with_what_slack_has_written_down_of_it(transcription: object, transcript: str) -> None:
    clip = {"id": "F1", "name": "audio.m4a", "mimetype": "audio/mp4", "size": 9, "transcription": transcription}
    message = message_from_event(body(event(**DIRECT, subtype="file_share", files=[clip])), IDENTITY, ALLOWED)
    assert message is not None
    assert message.attachments == (Attachment("F1", "audio.m4a", "audio/mp4", 9, transcript),)


def test_the_delivery_is_named_by_slack_or_else_by_its_message() -> None:
    envelope = body(event(**DIRECT))
    message = message_from_event(envelope, IDENTITY, ALLOWED)
    assert message is not None
    assert event_id(envelope, message) == "Ev08MFMKH6"
    assert event_id({**envelope, "event_id": None}, message) == f"D0ADA:{TS}"


THREAD = ThreadKey("T061EG9R6", "C0GENERAL", ROOT)


def test_history_names_authors_and_knows_the_bots_own_messages() -> None:
    names = {"U0ADA": "Ada", "U0BOT": "ChatGPT", "U0EVE": "Eve"}
    person = {"type": "message", "user": "U0ADA", "text": "hi <@U0EVE>", "ts": ROOT}
    own = {"type": "message", "user": "U0BOT", "bot_id": "B0BOT", "text": "hello", "ts": TS}
    first, second = (message_from_history(said, THREAD, IDENTITY, names) for said in (person, own))
    assert first is not None
    assert second is not None
    assert (first.author, first.text, first.from_bot, first.to_bot) == (Author("U0ADA", "Ada"), "hi @Eve", False, False)
    assert (second.author.name, second.from_bot, second.to_bot) == ("ChatGPT", True, False)


def test_history_knows_what_was_said_to_the_bot() -> None:
    mention = {"type": "message", "user": "U0ADA", "text": "<@U0BOT> hi", "ts": ROOT}
    message = message_from_history(mention, THREAD, IDENTITY, {})
    assert message is not None
    assert message.to_bot
    direct = message_from_history(mention | {"text": "hi"}, ThreadKey("T061EG9R6", "D0ADA", ROOT), IDENTITY, {})
    assert direct is not None
    assert direct.to_bot


def test_other_bots_keep_the_name_under_which_they_spoke() -> None:
    alarm = {"type": "message", "subtype": "bot_message", "bot_id": "B1", "username": "Pager", "text": "!", "ts": TS}
    modern = {"type": "message", "user": "U7", "bot_id": "B1", "bot_profile": {"name": "Deploy"}, "text": "!", "ts": TS}
    nameless = {"type": "message", "bot_id": "B1", "text": "!", "ts": TS}
    messages = [message_from_history(said, THREAD, IDENTITY, {"B1": "Found"}) for said in (alarm, modern, nameless)]
    assert [message.author for message in messages if message] == [
        Author("B1", "Pager"),
        Author("U7", "Deploy"),
        Author("B1", "Found"),
    ]
    assert [ids_to_name(said) for said in (alarm, modern, nameless)] == [set(), set(), {"B1"}]


@pytest.mark.parametrize("subtype", ["channel_join", "tombstone", "channel_topic", "bot_add"])
def test_history_leaves_out_what_nobody_said(subtype: str) -> None:
    said = {"type": "message", "subtype": subtype, "user": "U0ADA", "text": "x", "ts": TS}
    assert message_from_history(said, THREAD, IDENTITY, {}) is None


FIELDS = list(event(thread_ts=ROOT, subtype="", bot_id="", files=[], blocks=[], edited={}, hidden=True))
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from([TS, ROOT, "D1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*FIELDS, "id", "elements"]), inner),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(FIELDS), ANYTHING), st.sampled_from(["message", "app_mention", None]))
def test_no_event_is_too_strange_to_be_looked_at(fields: Json, kind: str | None) -> None:
    message = message_from_event(body(event(**{**fields, "type": kind})), IDENTITY, ALLOWED)
    assert message is None or message.text == message.text.strip()
    message_from_history(fields, THREAD, IDENTITY, {})
    message_from_event(fields, IDENTITY, ALLOWED)


def deleted(**previous: Any) -> dict[str, Any]:
    event = {
        "type": "message",
        "subtype": "message_deleted",
        "channel": "C1",
        "deleted_ts": "2.000001",
        "event_ts": "3.1",
    }
    return {"event": {**event, "previous_message": {"user": "U1", "ts": "2.000001", **previous}}}


def test_a_deletion_names_the_message_and_its_thread() -> None:
    reply, root = deletion_from_event(deleted(thread_ts="1.000001"), IDENTITY), deletion_from_event(deleted(), IDENTITY)
    assert reply is not None
    assert root is not None
    assert (reply.message, reply.thread.root, reply.is_own, reply.at) == ("2.000001", "1.000001", False, "3.1")
    assert root.thread.root == "2.000001"
    own = deletion_from_event(deleted(user="U0BOT"), IDENTITY)
    assert own is not None
    assert own.is_own


@given(
    st.recursive(
        st.none() | st.text(max_size=5) | st.integers(),
        lambda inner: (
            st.dictionaries(
                st.sampled_from(["event", "subtype", "message", "previous_message", "channel", "deleted_ts", "blocks"]),
                inner,
            )
            | st.lists(inner, max_size=2)
        ),
    )
)
def test_an_odd_event_deletes_nothing(event: Any) -> None:
    assert deletion_from_event({"event": event}, IDENTITY) is None
    odd = {"subtype": "message_deleted", "deleted_ts": event, "channel": event, "previous_message": event}
    assert deletion_from_event({"event": odd}, IDENTITY) is None


@pytest.mark.parametrize(
    ("fields", "workspace"),
    [
        ({}, "T061EG9R6"),
        ({"team": None}, ""),
        ({"user_team": "T0THEIRS", "source_team": "T0THEIRS"}, "T0THEIRS"),
        ({"source_team": "T0THEIRS"}, "T0THEIRS"),
        ({"team": "T0THEIRS"}, "T0THEIRS"),
    ],
)
def test_a_message_tells_where_its_author_belongs(fields: Json, workspace: str) -> None:
    message = message_from_event(body(event(**DIRECT, **fields)), IDENTITY, ALLOWED)
    assert message is not None
    assert message.author.workspace == workspace
