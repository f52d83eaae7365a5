"""Messages that the app posts, edits and deletes, and those that Slack refuses."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from playground.slack.directory import Json
from playground.slack.threads import Status
from tests.playground.slack.scene import Scene, error_of

DIVIDER = {"type": "divider"}
NOTE = {"type": "context", "elements": [{"type": "mrkdwn", "text": "a note"}]}


def markdown(text: str) -> Json:
    return {"type": "markdown", "text": text}


CONTENT_REFUSED: list[tuple[dict[str, Any], str]] = [
    ({}, "no_text"),
    ({"text": ""}, "no_text"),
    ({"text": "", "blocks": []}, "no_text"),
    ({"text": "a", "markdown_text": "b"}, "markdown_text_conflict"),
    ({"blocks": [DIVIDER], "markdown_text": "b"}, "markdown_text_conflict"),
    ({"markdown_text": "x" * 12_001}, "msg_too_long"),
    ({"text": "x" * 40_001}, "msg_too_long"),
    ({"text": "a", "blocks": [DIVIDER] * 51}, "invalid_blocks"),
    ({"text": "a", "blocks": [{"type": "nonsense"}]}, "invalid_blocks"),
    ({"text": "a", "blocks": {"type": "divider"}}, "invalid_blocks_format"),
    ({"text": "a", "blocks": "["}, "invalid_blocks_format"),
    ({"text": "a", "blocks": [markdown("x" * 6_001), markdown("y" * 6_000)]}, "msg_blocks_too_long"),
    ({"text": "a", "blocks": [markdown("\n\n".join("x" * 51))]}, "invalid_blocks"),
    ({"markdown_text": "\n\n".join("x" * 51)}, "invalid_blocks"),
    ({"text": "a", "metadata": ["x"]}, "invalid_metadata_format"),
    ({"text": "a", "metadata": {"event_type": "x"}}, "invalid_metadata_schema"),
    ({"text": "a", "metadata": {"event_type": "x", "event_payload": {"a": "x" * 16_000}}}, "metadata_too_large"),
]


@pytest.mark.parametrize(("content", "error"), CONTENT_REFUSED)
async def test_a_post_with_bad_content_is_refused(scene: Scene, content: dict[str, Any], error: str) -> None:
    answer = await scene.call("chat.postMessage", channel=scene.dm.id, **content)
    assert answer["error"] == error
    assert scene.workspace.messages(scene.dm.id) == []


async def test_everything_up_to_the_limits_is_taken(scene: Scene) -> None:
    for content in (
        {"text": "x" * 40_000},
        {"markdown_text": "x" * 12_000},
        {"text": "a", "blocks": [markdown("x" * 6_000), markdown("y" * 6_000)]},
        {"text": "a", "blocks": [DIVIDER] * 50},
        {"text": "a", "blocks": [markdown("\n\n".join("x" * 50))]},
    ):
        assert (await scene.call("chat.postMessage", channel=scene.dm.id, **content))["ok"]


async def test_a_post_shows_its_author_and_gets_block_ids(scene: Scene) -> None:
    answer = await scene.client.chat_postMessage(channel=scene.dm.id, text="a &amp; b", blocks=[NOTE])
    message = scene.stored(answer["ts"])
    assert answer["message"] == message
    assert (message["user"], message["bot_id"]) == (scene.bot, scene.workspace.bot.bot_id)
    assert message["blocks"][0]["block_id"]
    assert (scene.workspace.markdown_of(message), scene.workspace.notes_of(message)) == ("a & b", ["a note"])


async def test_markdown_is_expanded_and_its_source_is_kept(scene: Scene) -> None:
    source = "# Title\n\n**bold** & <b>\n\n- a"
    first = await scene.client.chat_postMessage(channel=scene.dm.id, markdown_text=source)
    second = await scene.client.chat_postMessage(channel=scene.dm.id, text="fallback", blocks=[markdown(source), NOTE])
    one, two = scene.stored(first["ts"]), scene.stored(second["ts"])
    assert [block["type"] for block in one["blocks"]] == ["header", "rich_text", "rich_text"]
    assert [block["type"] for block in two["blocks"]] == ["header", "rich_text", "rich_text", "context"]
    assert scene.workspace.markdown_of(one) == scene.workspace.markdown_of(two) == source
    assert one["text"] == "Title\nbold & <b>\n• a"
    assert two["text"] == "fallback"


async def test_a_users_id_stands_for_the_direct_message_with_them(scene: Scene) -> None:
    answer = await scene.client.chat_postMessage(channel=scene.ann.id, text="hi")
    assert answer["channel"] == scene.dm.id


@pytest.mark.parametrize(
    ("place", "error"),
    [("lounge", "not_in_channel"), ("private", "channel_not_found"), ("nowhere", "channel_not_found")],
)
async def test_posting_needs_a_channel_with_the_bot_in_it(scene: Scene, place: str, error: str) -> None:
    channel = {"lounge": scene.lounge.id, "private": scene.private.id, "nowhere": "C404"}[place]
    assert (await scene.call("chat.postMessage", channel=channel, text="hi"))["error"] == error


async def test_an_archived_channel_takes_no_posts(scene: Scene) -> None:
    scene.general.is_archived = True
    assert (await scene.call("chat.postMessage", channel=scene.general.id, text="hi"))["error"] == "is_archived"


async def test_a_reply_belongs_to_a_thread_that_is_there(scene: Scene) -> None:
    root = await scene.ask()
    answer = await scene.client.chat_postMessage(channel=scene.dm.id, text="reply", thread_ts=root)
    assert scene.stored(answer["ts"])["parent_user_id"] == scene.ann.id
    errors = [
        (await scene.call("chat.postMessage", channel=scene.dm.id, text="reply", thread_ts=ts))["error"]
        for ts in ("1.000001", "soon", answer["ts"])
    ]
    assert errors == ["thread_not_found", "invalid_thread_ts", "cannot_reply_to_message"]


async def test_a_broadcast_reply_is_a_thread_broadcast(scene: Scene) -> None:
    root = await scene.ask(channel=scene.general)
    answer = await scene.client.chat_postMessage(
        channel=scene.general.id, text="all", thread_ts=root, reply_broadcast=True
    )
    assert scene.stored(answer["ts"], scene.general)["subtype"] == "thread_broadcast"


async def test_a_post_in_the_thread_takes_its_status_away(scene: Scene) -> None:
    root, other = await scene.ask(), await scene.ask()
    for thread in (root, other):
        scene.workspace.threads.set_status((scene.dm.id, thread), Status("is thinking"))
    await scene.client.chat_postMessage(channel=scene.dm.id, text="reply", thread_ts=root)
    assert set(scene.workspace.statuses) == {(scene.dm.id, other)}


@pytest.mark.parametrize(
    ("content", "error"),
    [
        *CONTENT_REFUSED,
        ({"text": "x" * 4_001}, "msg_too_long"),
        ({"text": "x" * 4_001, "blocks": [DIVIDER]}, "msg_too_long"),
        ({"ts": "1.000001", "text": "a"}, "message_not_found"),
        ({"channel": "C404", "text": "a"}, "channel_not_found"),
        ({"file_ids": ["F404"], "text": "a"}, "file_not_found"),
    ],
)
async def test_a_bad_edit_is_refused_and_changes_nothing(scene: Scene, content: dict[str, Any], error: str) -> None:
    ts = (await scene.client.chat_postMessage(channel=scene.dm.id, text="before"))["ts"]
    answer = await scene.call("chat.update", **({"channel": scene.dm.id, "ts": ts} | content))
    assert answer["error"] == error
    assert scene.stored(ts)["text"] == "before"
    assert "edited" not in scene.stored(ts)


async def test_an_edit_replaces_text_and_blocks_and_keeps_metadata(scene: Scene) -> None:
    metadata = {"event_type": "answer", "event_payload": {"turn": "1"}}
    ts = (await scene.client.chat_postMessage(channel=scene.dm.id, markdown_text="**before**", metadata=metadata))["ts"]
    await scene.client.chat_update(channel=scene.dm.id, ts=ts, text="after")
    message = scene.stored(ts)
    assert (message["text"], message["metadata"]) == ("after", metadata)
    assert "blocks" not in message
    assert message["edited"]["user"] == scene.bot
    assert scene.workspace.markdown_of(message) == "after"
    await scene.client.chat_update(channel=scene.dm.id, ts=ts, text="x", blocks=[markdown("*now*")], metadata={})
    assert scene.workspace.markdown_of(scene.stored(ts)) == "*now*"
    assert scene.stored(ts)["metadata"] == {}


@pytest.mark.parametrize(
    ("method", "error"), [("chat.update", "cant_update_message"), ("chat.delete", "cant_delete_message")]
)
async def test_only_own_messages_can_be_changed(scene: Scene, method: str, error: str) -> None:
    ts = await scene.ask()
    text = {"text": "mine now"} if method == "chat.update" else {}
    assert (await scene.call(method, channel=scene.dm.id, ts=ts, **text))["error"] == error


async def test_a_deleted_message_is_gone(scene: Scene) -> None:
    ts = (await scene.client.chat_postMessage(channel=scene.dm.id, text="hi"))["ts"]
    await scene.client.chat_delete(channel=scene.dm.id, ts=ts)
    assert scene.workspace.messages(scene.dm.id) == []
    with pytest.raises(SlackApiError) as refused:
        await scene.client.chat_delete(channel=scene.dm.id, ts=ts)
    assert error_of(refused.value) == "message_not_found"


async def test_an_ephemeral_message_is_seen_by_one_member_and_not_in_history(scene: Scene) -> None:
    await scene.client.chat_postEphemeral(channel=scene.general.id, user=scene.ann.id, text="psst")
    (seen,) = scene.workspace.ephemerals
    assert (seen["shown_to"], seen["channel"], seen["text"]) == (scene.ann.id, scene.general.id, "psst")
    assert scene.workspace.messages(scene.general.id) == []
    stranger = scene.workspace.add_user("eve").id
    answer = await scene.call("chat.postEphemeral", channel=scene.general.id, user=stranger, text="psst")
    assert answer["error"] == "user_not_in_channel"
