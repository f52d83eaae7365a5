"""How a reply grows and ends in Slack."""

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import AnswerStopped, LeaseLost, PlatformUnavailable
from bot.domain.reply import CutReason, Done, Failed, ReplyEvent, StatusChange, Stopped, StopReason, TextDelta
from bot.ports import ReplyWriter
from bot.slack.markup.blocks import is_status
from bot.slack.wire.calls import Patience
from bot.slack.wire.pacer import Pacer, Priority
from bot.slack.writing.own_messages import rendered
from bot.slack.writing.reply import Replies, Streaming
from playground.slack.directory import ChannelKind
from playground.slack.faults import Delay, Error, HttpError, RateLimited, Reset, Silence
from tests.doubles.lease import MemoryRecord
from tests.doubles.replies import OpenPacer, ReplyScene, reply_scene
from tests.doubles.until import until

SET_STATUS, SET_SESSION = "assistant.threads.setStatus", "agents.sessions.setStatus"
START, APPEND, STOP = "chat.startStream", "chat.appendStream", "chat.stopStream"
POST, UPDATE, DELETE = "chat.postMessage", "chat.update", "chat.delete"

COMPLETE = Done()
WORDS = [f"word{number} " for number in range(100)]


def long_text(characters: int) -> str:
    """Paragraphs, lists, tables and fenced code, at least this long."""
    parts: list[str] = []
    number = 0
    while sum(map(len, parts)) < characters:
        number += 1
        parts.append(f"## Part {number}\n\n" + f"Sentence {number} of some *length* & more. " * 20 + "\n\n")
        parts.append("```python\n" + "".join(f"print({number}, {line})  # a < b\n" for line in range(30)) + "```\n\n")
        parts.append("| a | b |\n|---|---|\n" + "".join(f"| {row} | {number} |\n" for row in range(12)) + "\n")
        parts.append("".join(f"- item {item} of {number}\n" for item in range(10)) + "\n")
    return "".join(parts)


def pieces_of(text: str, length: int) -> list[str]:
    return [text[start : start + length] for start in range(0, len(text), length)]


def content_of(texts: list[str]) -> str:
    """What is left of a text when fences and table heads, which messages repeat, and blanks are taken away."""
    kept = (line for text in texts for line in text.splitlines())
    return "".join("".join(line.split()) for line in kept if not line.startswith(("```", "| a", "|---")))


async def grow(scene: ReplyScene, reply: ReplyWriter, pieces: list[str]) -> None:
    """Show the pieces one by one, each after the first one only when the reply has grown visibly since."""
    for piece in pieces:
        before = sum(map(len, scene.texts))
        await reply.show(TextDelta(piece))
        await until(lambda before=before: sum(map(len, scene.texts)) > before)


async def answer(scene: ReplyScene, pieces: list[str], end: ReplyEvent = COMPLETE, **replies: Any) -> None:
    """A whole reply whose pieces are all seen growing."""
    async with scene.replies(**replies).open(scene.question, scene.record) as reply:
        await until(lambda: bool(scene.methods()))
        await grow(scene, reply, pieces)
        await reply.show(end)


@pytest.mark.parametrize("kind", [ChannelKind.IM, ChannelKind.CHANNEL])
@pytest.mark.parametrize("streaming", Streaming)
async def test_a_short_answer_arrives_whole(streaming: Streaming, kind: ChannelKind) -> None:
    async with reply_scene(kind) as scene:
        await answer(scene, ["It ", "is ", "a **test** of <this> & that."], streaming=streaming)
        assert scene.texts == ["It is a **test** of <this> & that."]
        assert scene.notes == []
        assert scene.status is None
        assert scene.record.messages == tuple(message["ts"] for message in scene.answers)


async def test_an_answer_streams_where_the_channel_takes_it() -> None:
    async with reply_scene() as scene:
        await answer(scene, ["One ", "two ", "three."])
        assert scene.methods() == [SET_STATUS, START, APPEND, APPEND, STOP]
        assert scene.answers[0]["metadata"]["event_payload"] == {"question": scene.question.id}
        assert "streaming_state" not in scene.answers[0] or scene.answers[0]["streaming_state"] == "completed"


async def test_edits_are_made_when_the_operator_wants_them() -> None:
    async with reply_scene() as scene:
        await answer(scene, ["One ", "two ", "three."], streaming=Streaming.EDITS)
        assert scene.methods() == [SET_STATUS, POST, UPDATE, UPDATE]


async def test_an_answer_that_is_there_at_once_is_posted_once() -> None:
    async with reply_scene() as scene, scene.replies().open(scene.question, scene.record) as reply:
        await until(lambda: scene.methods() == [SET_STATUS])
        await reply.show(TextDelta("All of it."))
        await reply.show(Done())
        assert scene.methods() == [SET_STATUS, POST]


async def test_a_reply_that_may_not_begin_keeps_its_status_and_is_posted_whole() -> None:
    pacer = Pacer()
    async with reply_scene(pacer=pacer) as scene, AsyncExitStack() as opened:
        for method in (STOP, UPDATE):
            for _ in range(50):
                opened.enter_context(pacer.live(method))
        reply = await opened.enter_async_context(scene.replies().open(scene.question, scene.record))
        await reply.show(TextDelta("One "))
        await until(lambda: scene.status == "is thinking…")
        await reply.show(TextDelta("two."))
        assert scene.texts == []
        await reply.show(Done())
        assert scene.texts == ["One two."]
        assert scene.methods() == [SET_STATUS, POST]


async def test_a_status_shows_at_once_and_changes_with_what_is_done() -> None:
    async with reply_scene() as scene, scene.replies().open(scene.question, scene.record) as reply:
        await until(lambda: scene.status == "is thinking…")
        await reply.show(StatusChange("reading"))
        await until(lambda: scene.status == "is reading…")
        await reply.show(TextDelta("Text."))
        await until(lambda: scene.status is None)
        await reply.show(StatusChange("never shown"))
        await reply.show(Done())
        assert scene.slack.calls.count(SET_STATUS) == 2


async def test_eight_people_who_ask_at_once_all_see_a_status_soon() -> None:
    pacer = Pacer()
    async with reply_scene(pacer=pacer, rate_limit_scale=1.0) as scene, AsyncExitStack() as opened:
        workspace, threads, began = scene.slack.workspace, list[str](), time.monotonic()
        for _ in range(8):
            asked = await workspace.post_as(scene.question.author.id, scene.channel.id, "And this?")
            thread = replace(scene.question.thread, root=asked["ts"])
            threads.append(asked["ts"])
            question = replace(scene.question, id=asked["ts"], thread=thread)
            await opened.enter_async_context(Replies(scene.calls, workspace.bot.user_id).open(question, MemoryRecord()))
        await until(lambda: len(workspace.statuses) == len(threads))
        assert time.monotonic() - began < 1, "without the wait of a second for a second try"
        assert scene.slack.calls.count(SET_STATUS) == len(threads)


async def test_a_status_is_shown_again_before_slack_takes_it_away() -> None:
    async with (
        reply_scene() as scene,
        scene.replies(status_refresh=0.02).open(scene.question, scene.record) as reply,
    ):
        await until(lambda: scene.slack.calls.count(SET_STATUS) >= 3)
        assert scene.status == "is thinking…"
        await reply.show(Done())
        assert scene.status is None


async def test_showing_text_never_waits_for_slack() -> None:
    async with reply_scene() as scene, scene.replies().open(scene.question, scene.record) as reply:
        scene.slack.faults.always("*", Silence())
        async with asyncio.timeout(5):
            for word in WORDS * 50:
                await reply.show(TextDelta(word))
        scene.slack.faults.clear()


async def test_the_session_is_marked_where_statuses_are_refused() -> None:
    async with reply_scene() as scene:
        scene.slack.faults.always(SET_STATUS, Error("unknown_method"))
        await answer(scene, ["Text."])
        place = (scene.channel.id, scene.question.thread.root)
        assert scene.methods()[:2] == [SET_STATUS, SET_SESSION]
        assert scene.slack.workspace.threads.sessions[place] == "active"


async def test_a_placeholder_becomes_the_answer_where_no_status_is_taken() -> None:
    async with reply_scene() as scene:
        scene.slack.faults.always(SET_STATUS, Error("unknown_method"))
        scene.slack.faults.always(SET_SESSION, Error("missing_scope"))
        replies = scene.replies()
        async with replies.open(scene.question, scene.record) as reply:
            await until(lambda: bool(scene.answers))
            assert [is_status(block) for block in scene.answers[0]["blocks"]] == [True]
            await reply.show(TextDelta("The answer."))
            await reply.show(Done())
        assert scene.texts == ["The answer."]
        assert scene.record.messages == (scene.answers[0]["ts"],)
        async with replies.open(scene.question, MemoryRecord()) as reply:
            await until(lambda: len(scene.answers) == 2)
        assert scene.slack.calls.count(SET_STATUS) == scene.slack.calls.count(SET_SESSION) == 1
        assert scene.texts == ["The answer."], "left without an end: the placeholder is gone"


async def test_a_refused_stream_is_remembered_for_the_channel() -> None:
    async with reply_scene() as scene:
        scene.slack.installation.unstreamable.add(scene.channel.id)
        replies = scene.replies()
        for _ in range(2):
            async with replies.open(scene.question, MemoryRecord()) as reply:
                await reply.show(TextDelta("One "))
                await until(lambda: scene.texts[-1:] == ["One "] or scene.texts[-1:] == ["One"])
                await reply.show(TextDelta("two."))
                await reply.show(Done())
        assert scene.texts == ["One two.", "One two."]
        assert scene.slack.calls.count(START) == 1


async def test_a_stream_is_not_begun_when_the_budget_is_spent() -> None:
    async with reply_scene() as scene:
        assert isinstance(scene.pacer, OpenPacer)
        scene.pacer.full.add(START)
        await answer(scene, ["One ", "two."])
        assert scene.texts == ["One two."]
        assert scene.slack.calls.count(START) == 0


@pytest.mark.parametrize("streaming", Streaming)
@pytest.mark.parametrize("length", [3_000, 137])
async def test_a_long_answer_rolls_over_and_loses_nothing(streaming: Streaming, length: int) -> None:
    text = long_text(30_000)
    async with reply_scene() as scene, scene.replies(streaming).open(scene.question, scene.record) as reply:
        for piece in pieces_of(text, length):
            await reply.show(TextDelta(piece))
            await asyncio.sleep(0)
        await reply.show(Done())
        assert len(scene.answers) >= 3
        assert all(len(shown) <= 12_000 for shown in scene.texts)
        assert all(shown.count("```") % 2 == 0 for shown in scene.texts)
        assert content_of(scene.texts) == content_of([text])
        assert scene.record.messages == tuple(message["ts"] for message in scene.answers)


async def test_a_stream_ends_at_a_paragraph_before_it_expires() -> None:
    async with reply_scene(stream_lifetime=60) as scene:
        ages = (0.0, 40.0, 50.0, 55.0)
        async with scene.replies(stream_ages=ages).open(scene.question, scene.record) as reply:
            await grow(scene, reply, ["First ", "paragraph.", "\n\nSecond ", "paragraph."])
            await reply.show(Done())
        assert [text.strip() for text in scene.texts] == ["First paragraph.", "Second paragraph."]
        assert scene.slack.calls.count(UPDATE) == 0


async def test_a_stream_that_gets_no_more_text_is_stopped_in_time() -> None:
    async with reply_scene(stream_lifetime=60) as scene:
        ages = (0.1, 0.12, 0.14, 0.16)
        async with scene.replies(stream_ages=ages).open(scene.question, scene.record) as reply:
            await grow(scene, reply, ["Unfinished"])
            await until(lambda: len(scene.slack.streams.running()) == 0)
            await reply.show(Stopped(StopReason.PERSON))
        assert scene.texts == ["Unfinished"]
        assert scene.notes == ["Stopped."]


@pytest.mark.parametrize("end", ["grows", "ends"])
async def test_an_expired_stream_is_edited_from_then_on(end: str) -> None:
    async with reply_scene() as scene, scene.replies().open(scene.question, scene.record) as reply:
        await grow(scene, reply, ["One ", "two "])
        scene.slack.streams.expire(scene.slack.streams.running()[0])
        if end == "grows":
            await grow(scene, reply, ["three "])
        await reply.show(TextDelta("four."))
        await reply.show(Done())
        assert scene.texts == ["One two three four." if end == "grows" else "One two four."]
        assert len(scene.record.messages) == 1


@pytest.mark.parametrize("fault", [Reset(), Reset(carried_out=True), HttpError(502), HttpError(500, carried_out=True)])
@pytest.mark.parametrize("method", [START, APPEND, STOP, POST, UPDATE])
async def test_a_call_whose_answer_is_lost_is_neither_lost_nor_doubled(method: str, fault: Any) -> None:
    async with reply_scene() as scene:
        scene.slack.faults.add(method, fault)
        streaming = Streaming.EDITS if method in {POST, UPDATE} else Streaming.AUTO
        async with scene.replies(streaming).open(scene.question, scene.record) as reply:
            await until(lambda: bool(scene.methods()))
            for number, word in enumerate(WORDS[:20]):
                await reply.show(TextDelta(word))
                if number in {0, 5, 10, 15}:
                    await asyncio.sleep(0.02)
            await reply.show(Done())
        assert scene.slack.calls.count(method) >= 1
        assert scene.texts == ["".join(WORDS[:20])] or scene.texts == ["".join(WORDS[:20]).rstrip()]
        assert scene.record.messages == (scene.answers[0]["ts"],)
        assert scene.slack.streams.running() == []


@pytest.mark.parametrize("method", [SET_STATUS, START, APPEND, STOP, POST, UPDATE])
async def test_a_rate_limit_delays_and_loses_nothing(method: str) -> None:
    async with reply_scene() as scene:
        scene.slack.faults.add(method, RateLimited(1), times=2)
        streaming = Streaming.EDITS if method in {POST, UPDATE} else Streaming.AUTO
        async with scene.replies(streaming).open(scene.question, scene.record) as reply:
            await until(lambda: bool(scene.methods()))
            for number, word in enumerate(WORDS[:20]):
                await reply.show(TextDelta(word))
                if number in {0, 5, 10, 15}:
                    await asyncio.sleep(0.02)
            await reply.show(Done())
        assert "".join(scene.texts).strip() == "".join(WORDS[:20]).strip()
        assert len(scene.answers) == 1
        assert isinstance(scene.pacer, OpenPacer)
        assert method in scene.pacer.frozen_methods


async def test_a_message_without_blocks_takes_the_place_of_one_that_slack_refuses() -> None:
    text = "\n\n".join(f"Paragraph {number} & so on. " + "x" * 300 for number in range(40))
    async with reply_scene() as scene:
        scene.slack.faults.always(POST, Error("invalid_blocks"))
        async with scene.replies(Streaming.EDITS).open(scene.question, scene.record) as reply:
            await until(lambda: scene.status is not None)
            await reply.show(TextDelta(text))
            ending = asyncio.create_task(_end(reply))
            await until(lambda: scene.slack.calls.count(POST) > 0)
            scene.slack.faults.clear()
            await ending
        assert content_of(scene.texts) == content_of([text])
        assert len(scene.answers) > 1


async def _end(reply: ReplyWriter) -> None:
    await reply.show(Done())


async def test_without_blocks_nothing_is_lost_in_pieces() -> None:
    text = "\n\n".join(f"Paragraph {number} & so on. " + "y" * 300 for number in range(40))

    async with reply_scene() as scene:
        scene.slack.faults.always(UPDATE, Error("msg_blocks_too_long"))
        scene.record.messages = (await _old_message(scene, "an older attempt"),)
        async with scene.replies(Streaming.EDITS).open(scene.question, scene.record) as reply:
            await reply.show(TextDelta(text))
            await until(lambda: scene.slack.calls.count(UPDATE) > 0)
            scene.slack.faults.clear()
            await reply.show(Stopped(StopReason.PERSON))
        assert content_of(scene.texts[:-1]).startswith("Paragraph0&soon.") or scene.notes == ["Stopped."]
        assert "".join(content_of(scene.texts).split("Stopped.")) == content_of([text])
        assert scene.notes == ["Stopped."]


async def _old_message(scene: ReplyScene, text: str, *, streaming: bool = False) -> str:
    """A message that an earlier process has left in the thread."""
    own = scene.own(MemoryRecord())
    if streaming:
        return (await own.start_stream(text))[0]
    return await own.post(rendered(text), Priority.FIRST)


@pytest.mark.parametrize("streaming", [False, True])
async def test_a_half_answer_is_taken_over_by_the_new_one(streaming: bool) -> None:
    async with reply_scene() as scene:
        old = [await _old_message(scene, f"half an answer {n}", streaming=streaming) for n in range(3)]
        scene.record.messages = tuple(old)
        async with scene.replies().open(scene.question, scene.record) as reply:
            await until(lambda: scene.status == "is thinking…")
            await reply.show(TextDelta("The new "))
            await until(lambda: scene.texts[0].startswith("The new"))
            await until(lambda: scene.status is None)
            await reply.show(TextDelta("answer."))
            await reply.show(Done())
        assert scene.texts == ["The new answer."]
        assert scene.answers[0]["ts"] == old[0]
        assert scene.slack.streams.running() == []


@pytest.mark.parametrize(("noted", "gone"), [((0, 1, 2, 3), 1), ((0, 2, 3, 1), None)], ids=["gone", "noted late"])
async def test_a_long_answer_that_is_taken_over_stands_in_order(noted: tuple[int, ...], gone: int | None) -> None:
    text = long_text(30_000)
    async with reply_scene() as scene:
        old = [await _old_message(scene, f"half an answer {n}") for n in range(4)]
        scene.record.messages = tuple(old[number] for number in noted)
        if gone is not None:
            await scene.calls.call(DELETE, priority=Priority.FINAL, channel=scene.channel.id, ts=old[gone])
        await answer(scene, [text])
        assert content_of(scene.texts) == content_of([text])
        assert scene.answers[0]["ts"] == old[0]


async def test_a_message_that_somebody_deleted_is_written_anew() -> None:
    async with reply_scene() as scene:
        scene.record.messages = ("1700000000.000001",)
        await answer(scene, ["The answer."])
        assert scene.texts == ["The answer."]
        assert scene.answers[0]["ts"] in scene.record.messages


@pytest.mark.parametrize(
    ("end", "note"),
    [
        (Done(), None),
        (Done(cut=CutReason.LENGTH), "length limit"),
        (Done(cut=CutReason.FILTER), "usage rules"),
        (Stopped(StopReason.PERSON), "Stopped."),
        (Stopped(StopReason.SHUTDOWN), "restarted"),
        (Failed("Please try again."), "Please try again."),
    ],
)
@pytest.mark.parametrize("streaming", Streaming)
async def test_what_was_shown_stays_and_a_note_says_how_it_ended(
    end: ReplyEvent, note: str | None, streaming: Streaming
) -> None:
    async with reply_scene() as scene:
        await answer(scene, ["Some ", "text"], end, streaming=streaming)
        assert scene.texts == ["Some text"]
        assert len(scene.notes) == (1 if note else 0)
        assert note is None or note in scene.notes[0]


@pytest.mark.parametrize(
    ("end", "note"),
    [
        (Done(), "without writing"),
        (Done(cut=CutReason.LENGTH), "length limit"),
        (Stopped(StopReason.PERSON), "Stopped."),
        (Failed("Please try again."), "Please try again."),
    ],
)
async def test_without_text_a_note_is_all_there_is(end: ReplyEvent, note: str) -> None:
    async with reply_scene() as scene, scene.replies().open(scene.question, scene.record) as reply:
        await until(lambda: scene.status is not None)
        await reply.show(TextDelta("\n"))
        await reply.show(end)
        assert len(scene.answers) == 1
        assert len(scene.notes) == 1
        assert note in scene.notes[0]
        assert scene.status is None


async def test_slack_s_stop_button_ends_a_reply_whose_event_does_not_come() -> None:
    async with reply_scene() as scene, scene.replies().open(scene.question, scene.record) as reply:
        await grow(scene, reply, ["One "])
        scene.slack.faults.add(APPEND, Error("stopped_by_user"))
        with pytest.raises(AnswerStopped):
            async with asyncio.timeout(30):
                while True:
                    await reply.show(TextDelta("two "))
                    await asyncio.sleep(0.01)
        with pytest.raises(AnswerStopped):
            await reply.show(Done())
        assert scene.texts == ["One"]
        await reply.show(Stopped(StopReason.PERSON))
        (text,) = scene.texts
        assert text.startswith("One two")
        assert ["Stopped." in note for note in scene.notes] == [True]
        assert scene.methods().count(APPEND) == 1


async def test_the_end_waits_until_slack_is_back() -> None:
    async with reply_scene() as scene, scene.replies().open(scene.question, scene.record) as reply:
        await grow(scene, reply, ["One "])
        scene.slack.faults.add("*", HttpError(503), times=3)
        await reply.show(TextDelta("two."))
        await reply.show(Done())
        assert scene.texts == ["One two."]


async def test_the_end_is_given_up_when_slack_does_not_come_back() -> None:
    async with reply_scene(patience=Patience(request=0.2, total=0.5, tries=2, pause=0.01)) as scene:
        scene.slack.faults.always("*", HttpError(503))
        async with scene.replies().open(scene.question, scene.record) as reply:
            await reply.show(TextDelta("One "))
            with pytest.raises(PlatformUnavailable):
                await reply.show(Done())


async def test_a_refusal_that_lasts_ends_the_reply_with_platform_unavailable() -> None:
    async with reply_scene() as scene, scene.replies().open(scene.question, scene.record) as reply:
        scene.slack.faults.always(POST, Error("is_archived"))
        scene.slack.faults.always(START, Error("is_archived"))
        await reply.show(TextDelta("One "))
        with pytest.raises(PlatformUnavailable, match="is_archived"):
            await reply.show(Done())


async def test_nothing_is_written_any_more_when_the_lease_is_lost() -> None:
    class LostRecord(MemoryRecord):
        async def add(self, message_id: str) -> None:
            raise LeaseLost

    async with reply_scene() as scene, scene.replies().open(scene.question, LostRecord()) as reply:
        await until(lambda: scene.status is not None)
        await reply.show(TextDelta("One "))
        with pytest.raises(LeaseLost):
            await reply.show(Done())
        calls = scene.methods()
        with pytest.raises(LeaseLost):
            await reply.show(TextDelta("two."))
    assert scene.methods() == calls


async def test_leaving_without_an_end_takes_the_status_away() -> None:
    async with reply_scene() as scene:
        with pytest.raises(KeyError):
            async with scene.replies().open(scene.question, scene.record):
                await until(lambda: scene.status is not None)
                raise KeyError
        assert scene.status is None
        assert scene.answers == []


async def test_leaving_in_the_middle_stops_the_stream_and_keeps_the_text() -> None:
    async with reply_scene() as scene:
        async with scene.replies().open(scene.question, scene.record) as reply:
            await grow(scene, reply, ["Half an "])
        assert scene.texts == ["Half an"]
        assert scene.slack.streams.running() == []


async def test_cancellation_leaves_no_task() -> None:
    async with reply_scene() as scene:

        def ours() -> list[str]:
            names = (getattr(task.get_coro(), "__qualname__", "") for task in asyncio.all_tasks())
            return [name for name in names if name.startswith(("Reply.", "LiveMessage.", "Event."))]

        async def talk() -> None:
            async with scene.replies().open(scene.question, scene.record) as reply:
                await grow(scene, reply, ["Half an "])
                await asyncio.Event().wait()

        talking = asyncio.create_task(talk())
        await until(lambda: bool(scene.texts))
        assert "Reply._write" in ours()
        talking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await talking
        assert ours() == []
        assert isinstance(scene.pacer, OpenPacer)
        assert scene.pacer.reserved == []


async def test_a_silent_slack_does_not_keep_us() -> None:
    pacer = OpenPacer()
    async with reply_scene(pacer=pacer) as scene:
        async with asyncio.timeout(5), scene.replies(leaving=0.05).open(scene.question, scene.record) as reply:
            await grow(scene, reply, ["Half an "])
            await until(lambda: pacer.reserved == [STOP])
            scene.slack.faults.always("*", Silence())
            await reply.show(TextDelta("answer"))
        assert pacer.reserved == []


async def test_a_cancelled_end_is_shown_all_the_same() -> None:
    async with reply_scene() as scene:
        scene.slack.faults.add(STOP, Delay(0.1))

        async def talk() -> None:
            async with scene.replies().open(scene.question, scene.record) as reply:
                await grow(scene, reply, ["All "])
                await reply.show(TextDelta("of it."))
                await reply.show(Done())

        talking = asyncio.create_task(talk())
        await until(lambda: scene.slack.calls.count(STOP) == 1)
        talking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await talking
        assert scene.texts == ["All of it."]


async def test_broadcasts_ring_no_bell() -> None:
    async with reply_scene() as scene:
        await answer(scene, ["Hello <!chan", "nel> and <!here>, ", "everybody."])
        sent = [str(call.arguments) for call in scene.slack.calls]
        assert not any("<!channel" in arguments or "<!here" in arguments for arguments in sent)


@pytest.mark.parametrize("streaming", Streaming)
async def test_six_hundred_characters_cost_at_most_eight_calls(streaming: Streaming) -> None:
    async with reply_scene() as scene:
        tenth = {"interval": 0.085, "longest_interval": 0.25, "interval_growth": 0.01}
        async with scene.replies(streaming, **tenth).open(scene.question, scene.record) as reply:
            now = asyncio.get_running_loop().time
            began = now()
            for number in range(75):  # 600 characters in 0.4 s, a tenth of 4 s
                await asyncio.sleep(began + number * 0.4 / 75 - now())
                await reply.show(TextDelta(f"word{number:03} "))
            await reply.show(Done())
        assert 4 <= len(scene.methods()) <= 8


class DoorPacer(OpenPacer):
    """Lets interim calls of the methods in `full` wait until the door opens."""

    def __init__(self) -> None:
        super().__init__()
        self.door = asyncio.Event()
        self.waiting = 0

    async def slot(self, method: str, **how: Any) -> None:
        if how["priority"] is Priority.INTERIM and method in self.full:
            self.waiting += 1
            await self.door.wait()


@pytest.mark.parametrize("door", ["opens", "stays shut"])
async def test_a_reply_whose_turn_is_late_shows_its_newest_text_and_ends_in_time(door: str) -> None:
    pacer = DoorPacer()
    async with reply_scene(pacer=pacer) as scene, scene.replies().open(scene.question, scene.record) as reply:
        await grow(scene, reply, ["One "])
        pacer.full.add(APPEND)
        await reply.show(TextDelta(WORDS[0]))
        await until(lambda: pacer.waiting == 1)
        for word in WORDS[1:]:
            await reply.show(TextDelta(word))
        if door == "opens":
            pacer.door.set()
            await until(lambda: scene.slack.calls.count(APPEND) == 1)
            assert scene.slack.calls.of(APPEND)[0].arguments["markdown_text"] == (" " + "".join(WORDS)).rstrip()
        await reply.show(Done())
        assert scene.texts == ["One " + "".join(WORDS)]
        assert scene.slack.calls.count(APPEND) == (1 if door == "opens" else 0)


async def test_slack_has_nothing_to_refuse_when_calls_are_paced() -> None:
    async with reply_scene(pacer=Pacer(), rate_limit_scale=1.0) as scene:

        async def talk() -> None:
            async with scene.replies(interval=0.05, longest_interval=0.05).open(
                scene.question, MemoryRecord()
            ) as reply:
                for word in WORDS:
                    await reply.show(TextDelta(word))
                    await asyncio.sleep(0.003)
                await reply.show(Done())

        await asyncio.gather(*(talk() for _ in range(3)))
        assert scene.texts == ["".join(WORDS)] * 3
        assert scene.slack.rate_limits.refused == {}


steps = st.lists(
    st.tuples(st.text(alphabet="ab \n`*_|#-[](<!>)&é漢🎉", max_size=30), st.sampled_from([0, 0, 0.002, 0.012])),
    max_size=12,
)


@settings(max_examples=25)
@given(steps=steps, streaming=st.sampled_from(Streaming))
async def test_any_sequence_of_deltas_ends_with_exactly_the_text(
    steps: list[tuple[str, float]], streaming: Streaming
) -> None:
    text = "".join(piece for piece, _ in steps)
    async with reply_scene() as scene, scene.replies(streaming).open(scene.question, scene.record) as reply:
        for piece, pause in steps:
            await reply.show(TextDelta(piece))
            await asyncio.sleep(pause)
        await reply.show(Done())
        if text.strip():
            assert scene.texts == [text]
        else:
            assert len(scene.notes) == 1
