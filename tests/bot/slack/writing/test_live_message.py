"""One message that grows, in both transports."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.errors import AnswerStopped
from bot.slack.markup.blocks import Below
from bot.slack.wire.errors import CallSkipped, SlackRefusal
from bot.slack.wire.pacer import Pacer, Priority
from bot.slack.writing.live_message import LiveMessage
from bot.slack.writing.own_messages import rendered
from bot.slack.writing.refusals import Refusals
from playground.slack.faults import Error, RateLimited, Reset
from tests.doubles.replies import OpenPacer, ReplyScene, reply_scene

START, APPEND, STOP = "chat.startStream", "chat.appendStream", "chat.stopStream"
POST, UPDATE = "chat.postMessage", "chat.update"


@pytest.fixture
async def scene() -> AsyncIterator[ReplyScene]:
    async with reply_scene() as made:
        yield made


def live_in(
    scene: ReplyScene, *, native: bool = True, edited: str | None = None, refusals: Refusals | None = None
) -> LiveMessage:
    return LiveMessage(scene.own(refusals=refusals or Refusals(), native=native), edited)


async def grow(live: LiveMessage, *texts: str) -> None:
    for text in texts:
        method = live.try_slot()
        assert method
        await live.grow(text, method)


async def test_a_stream_gets_only_what_is_new(scene: ReplyScene) -> None:
    live = live_in(scene)
    await grow(live, "One", "One two", "One two three")
    assert live.committed == len("One two three")
    assert live.streaming_since is not None
    await live.finish("One two three four")
    sent = [call.arguments["markdown_text"] for call in scene.slack.calls]
    assert sent == ["One", " two", " three", " four"]
    assert scene.texts == ["One two three four"]
    assert live.committed == 0
    assert live.streaming_since is None


async def test_edits_show_what_is_open_as_closed_until_the_end(scene: ReplyScene) -> None:
    live = live_in(scene, native=False)
    await grow(live, "Some **bold")
    assert scene.texts == ["Some **bold**"]
    await live.finish("Some **bold** text")
    assert scene.texts == ["Some **bold** text"]
    assert live.committed == 0


async def test_nothing_is_sent_when_nothing_has_changed(scene: ReplyScene) -> None:
    live = live_in(scene, native=False)
    await grow(live, "All.")
    await live.finish("All.")
    assert scene.methods() == [POST]


@pytest.mark.parametrize("code", ["message_not_in_streaming_state", "msg_too_long", "no_such_error"])
async def test_a_stream_that_refuses_text_is_edited(scene: ReplyScene, code: str) -> None:
    live = live_in(scene)
    await grow(live, "One")
    scene.slack.faults.add(APPEND, Error(code))
    await grow(live, "One two", "One two three")
    await live.finish("One two three.")
    assert scene.texts == ["One two three."]
    assert scene.slack.streams.running() == []
    assert len(scene.record.messages) == 1


async def test_a_stream_that_a_person_has_stopped_is_not_edited_to_grow(scene: ReplyScene) -> None:
    live = live_in(scene)
    await grow(live, "One")
    scene.slack.faults.add(APPEND, Error("stopped_by_user"))
    with pytest.raises(AnswerStopped):
        await grow(live, "One two")
    assert scene.texts == ["One"]
    await live.finish("One two")
    assert scene.texts == ["One two"]
    assert scene.slack.streams.running() == []


async def test_a_text_that_takes_something_back_turns_a_stream_into_edits(scene: ReplyScene) -> None:
    live = live_in(scene)
    await grow(live, "One two")
    await grow(live, "Other")
    assert scene.texts == ["Other"]
    await live.finish("Other words")
    assert scene.texts == ["Other words"]


async def test_a_final_text_that_takes_something_back_is_edited_in(scene: ReplyScene) -> None:
    live = live_in(scene)
    await grow(live, "One two")
    await live.finish("Other")
    assert scene.texts == ["Other"]
    assert scene.slack.streams.running() == []


async def test_a_skipped_append_is_sent_with_the_next_one(scene: ReplyScene) -> None:
    live = live_in(scene)
    await grow(live, "One")
    scene.slack.faults.add(APPEND, RateLimited(1))
    with pytest.raises(CallSkipped):
        await grow(live, "One two")
    await grow(live, "One two three")
    await live.finish("One two three")
    assert scene.texts == ["One two three"]


@pytest.mark.parametrize("native", [True, False])
async def test_a_note_may_come_after_the_end(scene: ReplyScene, native: bool) -> None:
    live = live_in(scene, native=native)
    await grow(live, "One")
    await live.finish("One two")
    await live.finish("One two", Below("Stopped."))
    assert scene.texts == ["One two"]
    assert scene.notes == ["Stopped."]


async def test_only_refusals_of_streams_as_such_are_remembered(scene: ReplyScene) -> None:
    refusals = Refusals()
    scene.slack.faults.add(START, Error("internal_trouble_of_today"))
    await grow(live_in(scene, refusals=refusals), "One")
    assert not refusals.known(START, scene.channel.id)
    scene.slack.faults.add(START, Error("messages_tab_disabled"))
    await grow(live_in(scene, refusals=refusals), "Two")
    assert refusals.known(START, scene.channel.id)
    assert live_in(scene, refusals=refusals).try_slot() == POST
    assert scene.texts == ["One", "Two"]


async def test_refused_blocks_are_the_callers_to_decide(scene: ReplyScene) -> None:
    live = live_in(scene, native=False)
    scene.slack.faults.add(POST, Error("invalid_blocks"))
    with pytest.raises(SlackRefusal):
        await live.finish("**Text**")
    await live.finish("**Text**", plain=True)
    assert scene.answers[0]["text"] == "*Text*"
    assert "blocks" not in scene.answers[0]


async def test_an_existing_message_is_taken_over(scene: ReplyScene) -> None:
    old = await scene.own().post(rendered("Old"), Priority.FIRST)
    live = live_in(scene, edited=old)
    await grow(live, "New")
    assert not live.posted
    await live.finish("New text")
    assert scene.texts == ["New text"]
    assert scene.record.messages == (old,)


async def test_a_deleted_message_is_posted_anew(scene: ReplyScene) -> None:
    live = live_in(scene, native=False)
    await grow(live, "One")
    await scene.slack.workspace.remove_message(scene.channel.id, scene.answers[0]["ts"])
    await grow(live, "One two")
    await live.finish("One two three")
    assert scene.texts == ["One two three"]
    assert len(scene.record.messages) == 2


async def test_room_is_kept_for_the_call_that_finishes_the_message(scene: ReplyScene) -> None:
    pacer = scene.pacer
    assert isinstance(pacer, OpenPacer)
    live = live_in(scene)
    await grow(live, "One")
    assert pacer.reserved == [STOP]
    scene.slack.faults.add(APPEND, Reset(carried_out=True))
    await grow(live, "One two")
    assert pacer.reserved == [UPDATE]
    await live.finish("One two three")
    assert pacer.reserved == []
    left = live_in(scene)
    await grow(left, "Left")
    await left.abandon()
    assert pacer.reserved == []
    assert scene.slack.streams.running() == []


@pytest.mark.parametrize(("takes_streams", "methods"), [(True, [START, STOP]), (False, [START, POST])])
async def test_a_whole_text_is_streamed_where_the_channel_has_no_slot_for_a_post(
    takes_streams: bool, methods: list[str]
) -> None:
    async with reply_scene(pacer=Pacer()) as scene:
        if not takes_streams:
            scene.slack.faults.always(START, Error("channel_type_not_supported"))
        for _ in range(3):
            await scene.pacer.slot(POST, priority=Priority.FINAL, channel=scene.channel.id)
        await live_in(scene).finish("All of it.", Below("Cut."))
        assert scene.methods() == methods
        assert (scene.texts, scene.notes) == (["All of it."], ["Cut."])


async def test_room_is_kept_from_the_slot_on_for_the_end_of_what_begins() -> None:
    pacer = Pacer()
    async with reply_scene(pacer=pacer) as scene:
        live = live_in(scene)
        assert live.try_slot() == START
        assert pacer._queue(STOP).budget.live == 1
        live.close()
        assert pacer._queue(STOP).budget.live == 0
