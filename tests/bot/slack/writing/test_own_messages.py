"""The messages of a reply, written once each whatever happens to the calls."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.errors import PlatformUnavailable
from bot.domain.tools import ToolCall
from bot.slack.markup.approval import question
from bot.slack.markup.blocks import Below, is_aside
from bot.slack.wire.errors import SlackRefusal, UncertainWrite
from bot.slack.wire.pacer import Priority
from bot.slack.writing.own_messages import rendered
from playground.slack.faults import Error, Reset
from tests.doubles.lease import MemoryRecord
from tests.doubles.replies import ReplyScene, reply_scene

POST, START, REPLIES = "chat.postMessage", "chat.startStream", "conversations.replies"


@pytest.fixture
async def scene() -> AsyncIterator[ReplyScene]:
    async with reply_scene() as made:
        yield made


def test_text_and_blocks_always_go_together() -> None:
    shown = rendered("**Hello**", Below("Stopped."))
    assert shown["text"].startswith("*Hello*")
    assert [is_aside(block) for block in shown["blocks"]] == [False, True]
    assert rendered("", Below("A < B"))["text"] == "A &lt; B"
    assert rendered("", Below("Stopped."))["blocks"] != []
    assert "blocks" not in rendered("**Hello**", plain=True)
    assert "blocks" not in rendered("", Below("Stopped."), plain=True)


async def test_a_post_is_recorded_marked_and_not_unfurled(scene: ReplyScene) -> None:
    ts = await scene.own().post(rendered("https://example.com"), Priority.FIRST)
    call = scene.slack.calls.of(POST)[0]
    assert scene.record.messages == (ts,)
    assert call.arguments["unfurl_links"] is call.arguments["unfurl_media"] is False
    assert call.arguments["metadata"] == {
        "event_type": "chatgpt_reply",
        "event_payload": {"question": scene.question.id},
    }
    assert scene.answers[0]["thread_ts"] == scene.question.thread.root


@pytest.mark.parametrize("carried_out", [True, False])
async def test_a_post_whose_answer_is_lost_exists_once(scene: ReplyScene, carried_out: bool) -> None:
    scene.slack.faults.add(POST, Reset(carried_out))
    ts = await scene.own().post(rendered("Hello"), Priority.FIRST)
    assert [message["ts"] for message in scene.answers] == [ts]
    assert scene.record.messages == (ts,)
    assert scene.slack.calls.count(POST) == (1 if carried_out else 2)


async def test_a_message_of_another_reply_is_not_taken_for_the_lost_one(scene: ReplyScene) -> None:
    earlier = await scene.slack.workspace.post_as(
        scene.question.author.id, scene.channel.id, "Before?", thread_ts=scene.question.thread.root
    )
    other = replace(scene.own(MemoryRecord()), to=replace(scene.question, id=earlier["ts"]))
    theirs = await other.post(rendered("Another answer"), Priority.FIRST)
    scene.slack.faults.add(POST, Reset())
    ours = await scene.own().post(rendered("Hello"), Priority.FIRST)
    assert ours != theirs
    assert scene.record.messages == (ours,)
    assert len(scene.answers) == 2


async def test_a_request_of_approval_is_not_taken_for_the_lost_one(scene: ReplyScene) -> None:
    asks = question(ToolCall("tickets", "create", "{}"), scene.question.author.id, "name", 10)
    root = scene.question.thread.root
    await scene.calls.client.chat_postMessage(channel=scene.channel.id, thread_ts=root, **asks)
    scene.slack.faults.add(POST, Reset(carried_out=False))
    ts = await scene.own().post(rendered("Hello"), Priority.FIRST)
    assert scene.record.messages == (ts,)
    assert [message["ts"] for message in scene.answers][1:] == [ts]


async def test_where_nothing_can_be_read_a_lost_post_is_posted_again(scene: ReplyScene) -> None:
    scene.slack.faults.add(POST, Reset())
    scene.slack.faults.always(REPLIES, Error("missing_scope"))
    ts = await scene.own().post(rendered("Hello"), Priority.FIRST)
    assert [message["ts"] for message in scene.answers] == [ts]


async def test_posting_is_given_up_after_some_tries(scene: ReplyScene) -> None:
    scene.slack.faults.always(POST, Reset())
    with pytest.raises(PlatformUnavailable):
        await scene.own().post(rendered("Hello"), Priority.FIRST)
    assert scene.slack.calls.count(POST) == 3


@pytest.mark.parametrize("carried_out", [True, False])
async def test_a_stream_whose_start_is_lost_is_found_again(scene: ReplyScene, carried_out: bool) -> None:
    scene.slack.faults.add(START, Reset(carried_out))
    if carried_out:
        ts, certain = await scene.own().start_stream("Hello")
        assert not certain
        assert scene.record.messages == (ts,) == (scene.answers[0]["ts"],)
    else:
        with pytest.raises(UncertainWrite):
            await scene.own().start_stream("Hello")


class Agreeable(AsyncWebClient):
    """Says yes to whatever it is asked, and nothing else."""

    async def api_call(self, api_method: str, **_: Any) -> AsyncSlackResponse:
        return AsyncSlackResponse(
            client=self,
            http_verb="POST",
            api_url=api_method,
            req_args={},
            data={"ok": True},
            headers={},
            status_code=200,
        )


async def test_a_stream_without_a_message_has_not_begun(scene: ReplyScene) -> None:
    with pytest.raises(SlackRefusal, match="unknown_method"):
        await replace(scene.own(), calls=replace(scene.calls, client=Agreeable())).start_stream("Hello")
    assert scene.record.messages == ()


async def test_a_running_stream_is_ended_before_its_message_is_edited(scene: ReplyScene) -> None:
    messages = scene.own()
    ts, certain = await messages.start_stream("Half")
    assert certain
    await messages.update(ts, rendered("All of it."), Priority.FINAL)
    assert scene.texts == ["All of it."]
    assert scene.slack.streams.running() == []


async def test_deleting_what_is_gone_is_no_trouble(scene: ReplyScene) -> None:
    messages = scene.own()
    ts = await messages.post(rendered("Hello"), Priority.FIRST)
    await messages.delete(ts)
    await messages.delete(ts)
    assert scene.answers == []
    scene.slack.faults.add("chat.delete", Error("cant_delete_message"))
    with pytest.raises(SlackRefusal):
        await messages.delete(ts)
