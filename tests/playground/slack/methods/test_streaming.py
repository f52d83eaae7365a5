"""The life of a native stream."""

import asyncio
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from playground.slack.directory import Channel, Json
from tests.playground.slack.scene import Scene, error_of, open_scene

NOTE = {"type": "context", "elements": [{"type": "mrkdwn", "text": "a note"}]}


def words(text: str) -> Json:
    return {"type": "markdown_text", "text": text}


def task(**changes: Any) -> Json:
    return {"type": "task_update", "id": "1", "title": "Reading", "status": "in_progress"} | changes


async def test_a_stream_grows_and_ends_as_an_ordinary_message(scene: Scene) -> None:
    root, ts = await scene.start_stream("# One\n\n")
    assert scene.stored(ts)["streaming_state"] == "in_progress"
    await scene.client.chat_appendStream(channel=scene.dm.id, ts=ts, markdown_text="two **three** & <four>")
    assert scene.workspace.markdown_of(scene.stored(ts)) == "# One\n\ntwo **three** & <four>"
    await scene.client.chat_appendStream(channel=scene.dm.id, ts=ts, chunks=[words("\n\nfive")])
    (_, seen) = (await scene.client.conversations_replies(channel=scene.dm.id, ts=root))["messages"]
    assert seen["text"] == "# One\n\ntwo **three** & <four>\n\nfive"
    await scene.client.chat_stopStream(channel=scene.dm.id, ts=ts, markdown_text="\n\nsix", blocks=[NOTE])
    message = scene.stored(ts)
    assert message["streaming_state"] == "completed"
    assert message["thread_ts"] == root
    assert scene.workspace.markdown_of(message) == "# One\n\ntwo **three** & <four>\n\nfive\n\nsix"
    assert [block["type"] for block in message["blocks"]] == ["header", *["rich_text"] * 3, "context"]
    assert message["text"] == "One\ntwo three & <four>\nfive\nsix"
    assert scene.workspace.notes_of(message) == ["a note"]


async def test_the_sdks_own_stream_writes_everything(scene: Scene) -> None:
    root = await scene.ask()
    stream = await scene.client.chat_stream(channel=scene.dm.id, thread_ts=root, buffer_size=4)
    for piece in ("one ", "two ", "three"):
        await stream.append(markdown_text=piece)
    await stream.stop()
    assert scene.workspace.markdown_of(scene.workspace.messages(scene.dm.id)[-1]) == "one two three"


START_REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"thread_ts": None}, "invalid_arguments"),
    ({"thread_ts": "1.000001"}, "thread_not_found"),
    ({"thread_ts": "soon"}, "invalid_thread_ts"),
    ({"recipient_user_id": None}, "missing_recipient_user_id"),
    ({"recipient_team_id": None}, "missing_recipient_team_id"),
    ({"recipient_user_id": "U404"}, "user_not_found"),
    ({"recipient_team_id": "T404"}, "team_not_found"),
    ({"channel": "C404"}, "channel_not_found"),
    ({"task_display_mode": "loud"}, "invalid_arguments"),
    ({"markdown_text": "x" * 12_001}, "msg_too_long"),
    ({"markdown_text": "x", "chunks": [words("y")]}, "cannot_provide_both_markdown_text_and_chunks"),
    ({"chunks": [{"type": "nonsense"}]}, "invalid_chunks"),
    ({"chunks": [task(status="completed")]}, "invalid_chunks"),
    ({"chunks": [task(title="x" * 257)]}, "invalid_chunks"),
    ({"chunks": [{"type": "blocks", "blocks": [{"type": "divider"}] * 51}]}, "msg_blocks_too_many"),
    ({"chunks": [{"type": "blocks", "blocks": [{"type": "nonsense"}]}]}, "invalid_blocks"),
    ({"buffer_size": 256}, "invalid_arguments"),
]


@pytest.mark.parametrize(("changes", "error"), START_REFUSED)
async def test_a_stream_that_starts_wrong_is_refused(scene: Scene, changes: dict[str, Any], error: str) -> None:
    arguments = {
        "channel": scene.general.id,
        "thread_ts": await scene.ask(channel=scene.general),
        "recipient_user_id": scene.ann.id,
        "recipient_team_id": scene.workspace.team_id,
    }
    answer = await scene.call("chat.startStream", **(arguments | changes))
    assert answer["error"] == error
    assert len(scene.workspace.messages(scene.general.id)) == 1


async def test_a_direct_message_needs_no_recipient(scene: Scene) -> None:
    root = await scene.ask()
    assert (await scene.client.chat_startStream(channel=scene.dm.id, thread_ts=root))["ok"]


@pytest.mark.parametrize("named", ["kind", "id"])
async def test_channels_can_be_told_to_take_no_streams(scene: Scene, named: str) -> None:
    scene.slack.installation.unstreamable.add("channel" if named == "kind" else scene.general.id)
    with pytest.raises(SlackApiError) as refused:
        await scene.start_stream(channel=scene.general)
    assert error_of(refused.value) == "channel_type_not_supported"
    await scene.start_stream()


APPEND_REFUSED: list[tuple[dict[str, Any], str]] = [
    ({}, "invalid_arguments"),
    ({"markdown_text": ""}, "no_text"),
    ({"chunks": []}, "no_text"),
    ({"markdown_text": "x" * 12_001}, "msg_too_long"),
    ({"chunks": [words("x" * 6_001), words("x" * 6_000)]}, "msg_too_long"),
    ({"chunks": [words("")]}, "invalid_chunks"),
    ({"markdown_text": "x", "ts": "1.000001"}, "message_not_found"),
]


@pytest.mark.parametrize(("changes", "error"), APPEND_REFUSED)
async def test_a_wrong_append_is_refused_and_adds_nothing(scene: Scene, changes: dict[str, Any], error: str) -> None:
    _, ts = await scene.start_stream("Hello")
    answer = await scene.call("chat.appendStream", **({"channel": scene.dm.id, "ts": ts} | changes))
    assert answer["error"] == error
    assert scene.workspace.markdown_of(scene.stored(ts)) == "Hello"


STOP_REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"session_status": "done"}, "invalid_arguments"),
    ({"blocks": [{"type": "divider"}] * 51}, "msg_blocks_too_many"),
    ({"blocks": [{"type": "nonsense"}]}, "invalid_blocks"),
    ({"markdown_text": "x" * 12_001}, "msg_too_long"),
    ({"metadata": {"event_type": "x"}}, "invalid_metadata_schema"),
    ({"text": "x"}, "invalid_arguments"),
]


@pytest.mark.parametrize(("changes", "error"), STOP_REFUSED)
async def test_a_wrong_stop_is_refused_and_the_stream_goes_on(
    scene: Scene, changes: dict[str, Any], error: str
) -> None:
    _, ts = await scene.start_stream()
    answer = await scene.call("chat.stopStream", channel=scene.dm.id, ts=ts, **changes)
    assert answer["error"] == error
    assert (await scene.client.chat_appendStream(channel=scene.dm.id, ts=ts, markdown_text="on"))["ok"]


async def test_after_the_end_a_stream_takes_nothing_but_edits(scene: Scene) -> None:
    _, ts = await scene.start_stream()
    editing = {"channel": scene.dm.id, "ts": ts, "text": "edited"}
    assert (await scene.call("chat.update", **editing))["error"] == "streaming_state_conflict"
    await scene.client.chat_stopStream(channel=scene.dm.id, ts=ts)
    for method in ("chat.appendStream", "chat.stopStream"):
        answer = await scene.call(method, channel=scene.dm.id, ts=ts, markdown_text="more")
        assert answer["error"] == "message_not_in_streaming_state"
    assert (await scene.call("chat.update", **editing))["ok"]
    assert scene.workspace.markdown_of(scene.stored(ts)) == "edited"
    assert "streaming_state" not in scene.stored(ts)


async def test_a_stream_dies_of_age_and_its_text_stays() -> None:
    async with open_scene(stream_lifetime=0.05) as scene:
        _, ts = await scene.start_stream("so far")
        await scene.workspace.wait_for(lambda: scene.stored(ts)["streaming_state"] == "errored", 30)
        for method in ("chat.appendStream", "chat.stopStream"):
            answer = await scene.call(method, channel=scene.dm.id, ts=ts, markdown_text="more")
            assert answer["error"] == "message_not_in_streaming_state"
        assert scene.workspace.markdown_of(scene.stored(ts)) == "so far"
        assert (await scene.call("chat.update", channel=scene.dm.id, ts=ts, text="repaired"))["ok"]


async def test_the_stop_button_ends_appends_but_not_the_last_word(scene: Scene) -> None:
    heard = asyncio.Queue[Json]()
    scene.workspace.on_event(heard.put)
    root, ts = await scene.start_stream()
    assert scene.workspace.threads.sessions[scene.dm.id, root] == "processing"
    assert await scene.slack.interactions.stop_session(scene.ann.id, scene.dm.id, root) == [ts]
    events = [heard.get_nowait()["event"] for _ in range(heard.qsize())]
    assert events[-1]["type"] == "agent_session_stopped"
    assert (events[-1]["thread_ts"], events[-1]["streaming_message_ts"]) == (root, [ts])
    answer = await scene.call("chat.appendStream", channel=scene.dm.id, ts=ts, markdown_text="more")
    assert answer["error"] == "stopped_by_user"
    assert (await scene.call("chat.stopStream", channel=scene.dm.id, ts=ts))["ok"]


@pytest.mark.parametrize("place", ["dm", "general"])
async def test_only_own_streams_can_be_fed(scene: Scene, place: str) -> None:
    channel: Channel = scene.dm if place == "dm" else scene.general
    ts = await scene.ask(channel=channel)
    answer = await scene.call("chat.appendStream", channel=channel.id, ts=ts, markdown_text="x")
    assert answer["error"] == "message_not_owned_by_app"
    posted = (await scene.client.chat_postMessage(channel=channel.id, text="hi"))["ts"]
    answer = await scene.call("chat.appendStream", channel=channel.id, ts=posted, markdown_text="x")
    assert answer["error"] == "message_not_in_streaming_state"


async def test_tasks_keep_their_place_and_their_details_add_up(scene: Scene) -> None:
    _, ts = await scene.start_stream()
    for chunk in (task(details="a"), task(details="b", status="complete")):
        await scene.client.chat_appendStream(channel=scene.dm.id, ts=ts, chunks=[chunk])
    stream = scene.slack.streams.find(scene.dm.id, ts)
    assert stream is not None
    assert stream.tasks["1"]["details"] == "ab"
    await scene.client.chat_stopStream(channel=scene.dm.id, ts=ts)
    assert [block["type"] for block in scene.stored(ts)["blocks"]] == ["task_card", "rich_text"]
    assert scene.stored(ts)["blocks"][0]["status"] == "complete"


async def test_a_deleted_message_takes_its_stream_with_it(scene: Scene) -> None:
    _, ts = await scene.start_stream()
    await scene.client.chat_delete(channel=scene.dm.id, ts=ts)
    answer = await scene.call("chat.appendStream", channel=scene.dm.id, ts=ts, markdown_text="x")
    assert answer["error"] == "message_not_found"
    assert scene.slack.streams.running() == []
