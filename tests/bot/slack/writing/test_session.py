"""Slack's stop button beside an answer that takes long."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.domain.errors import LeaseLost, PlatformUnavailable
from bot.domain.reply import Done, Failed, ReplyEvent, StatusChange, Stopped, StopReason, TextDelta
from bot.slack.writing.refusals import Refusals
from bot.slack.writing.reply import Streaming
from bot.slack.writing.session import SET_SESSION, Session
from playground.slack.faults import Error, HttpError, Silence
from tests.doubles.clock import StillClock
from tests.doubles.lease import MemoryRecord
from tests.doubles.replies import QUICK, OpenPacer, ReplyScene, reply_scene
from tests.doubles.until import until

SOON = 0.05
"""Seconds after which a reply takes long, in these tests."""


@pytest.fixture
async def scene() -> AsyncIterator[ReplyScene]:
    async with reply_scene() as made:
        yield made


def session_in(
    scene: ReplyScene, clock: StillClock, refusals: Refusals | None = None, *, left_over: bool = False, limit: float = 5
) -> Session:
    rhythm = replace(QUICK, session_after=3, status_gap=1, status_limit=limit)
    record = MemoryRecord(("1.0",)) if left_over else scene.record
    return Session(scene.own(record, rhythm=rhythm, refusals=refusals or Refusals(), monotonic=clock))


def state(scene: ReplyScene) -> str | None:
    return scene.slack.workspace.threads.sessions.get((scene.channel.id, scene.question.thread.root))


async def test_a_quick_answer_makes_no_call_for_the_button(scene: ReplyScene) -> None:
    async with scene.replies().open(scene.question, scene.record) as reply:
        await reply.show(TextDelta("It is so."))
        await reply.show(Done())
    assert scene.slack.calls.count(SET_SESSION) == 0


@pytest.mark.parametrize("streaming", Streaming)
@pytest.mark.parametrize("end", [Done(), Stopped(StopReason.PERSON), Failed("It broke."), None])
async def test_whoever_waits_for_long_can_stop_until_the_end(
    scene: ReplyScene, end: ReplyEvent | None, streaming: Streaming
) -> None:
    async with scene.replies(streaming, session_after=SOON).open(scene.question, scene.record) as reply:
        await until(lambda: state(scene) == "processing")
        assert scene.status == "is thinking…", "the words stay beside it"
        await reply.show(TextDelta("At last."))
        await until(lambda: scene.texts == ["At last."])
        assert state(scene) == "processing"
        if end:
            await reply.show(end)
    assert state(scene) == "active"
    assert scene.slack.calls.count(SET_SESSION) == 2


async def test_drawing_can_be_stopped_from_its_beginning_also_below_words(scene: ReplyScene) -> None:
    replies = scene.replies(session_after=60)
    async with replies.open(scene.question, scene.record) as reply:
        await reply.show(TextDelta("Here it comes."))
        await until(lambda: scene.texts == ["Here it comes."])
        await reply.show(StatusChange("drawing"))
        await until(lambda: state(scene) == "processing")
        await reply.show(Done())
    assert state(scene) == "active"


async def test_the_button_goes_when_a_reply_cannot_be_brought_to_its_end() -> None:
    class Unwritable(MemoryRecord):
        async def add(self, message_id: str) -> None:
            raise PlatformUnavailable("the thread is gone")

    async with reply_scene() as scene:
        async with scene.replies(session_after=SOON).open(scene.question, Unwritable()) as reply:
            await until(lambda: state(scene) == "processing")
            with pytest.raises(PlatformUnavailable):
                await reply.show(Failed("It broke."))
        assert state(scene) == "active"


async def test_who_has_lost_the_thread_leaves_its_session_alone() -> None:
    class Lost(MemoryRecord):
        async def add(self, message_id: str) -> None:
            raise LeaseLost

    async with reply_scene() as scene:
        assert isinstance(scene.pacer, OpenPacer)
        async with scene.replies(session_after=SOON).open(scene.question, Lost()) as reply:
            await until(lambda: state(scene) == "processing")
            with pytest.raises(LeaseLost):
                await reply.show(Failed("It broke."))
        assert state(scene) == "processing"
        assert scene.pacer.reserved == []


async def test_the_button_is_due_after_three_seconds_without_text_or_as_soon_as_something_is_drawn(
    scene: ReplyScene,
) -> None:
    clock = StillClock()
    session = session_in(scene, clock)
    assert session.due("thinking", shown=False) == clock.now + 3
    assert session.due("thinking", shown=True) == float("inf")
    assert session.due("drawing", shown=False) < clock.now
    await session.offer()
    assert session.due("drawing", shown=False) == float("inf")


async def test_room_is_kept_for_the_end_while_the_button_stands(scene: ReplyScene) -> None:
    assert isinstance(scene.pacer, OpenPacer)
    session = session_in(scene, StillClock())
    await session.offer()
    assert scene.pacer.reserved == [SET_SESSION]
    await session.clear()
    assert scene.pacer.reserved == []
    assert state(scene) == "active"


async def test_a_session_that_an_earlier_attempt_may_have_left_is_cleared(scene: ReplyScene) -> None:
    clock = StillClock()
    await session_in(scene, clock).offer()
    await session_in(scene, clock, left_over=True).clear()
    assert state(scene) == "active"


async def test_where_slack_has_no_sessions_it_is_asked_once(scene: ReplyScene) -> None:
    scene.slack.faults.always(SET_SESSION, Error("not_allowed_token_type"))
    clock, refusals = StillClock(), Refusals()
    for _ in range(2):
        session = session_in(scene, clock, refusals, left_over=True)
        if session.due("drawing", shown=False) <= clock.now:
            await session.offer()
        await session.clear()
    assert scene.slack.calls.count(SET_SESSION) == 1


async def test_a_refusal_that_is_about_this_thread_is_no_news_of_the_channel(scene: ReplyScene) -> None:
    scene.slack.faults.add(SET_SESSION, Error("invalid_thread_ts"))
    clock, refusals = StillClock(), Refusals()
    session = session_in(scene, clock, refusals)
    await session.offer()
    assert session.due("drawing", shown=False) == float("inf")
    assert not refusals.known(SET_SESSION, scene.channel.id)


@pytest.mark.parametrize("fault", [HttpError(503), Silence(carried_out=True)])
async def test_trouble_is_tried_again_and_cleared_to_be_sure(scene: ReplyScene, fault: HttpError | Silence) -> None:
    scene.slack.faults.add(SET_SESSION, fault)
    clock = StillClock()
    session = session_in(scene, clock, limit=0.1 if isinstance(fault, Silence) else 5)
    await session.offer()
    assert session.due("drawing", shown=False) == clock.now + 1
    await session.clear()
    assert state(scene) == "active"


async def test_a_button_waits_for_no_budget(scene: ReplyScene) -> None:
    assert isinstance(scene.pacer, OpenPacer)
    scene.pacer.full.add(SET_SESSION)
    clock = StillClock()
    session = session_in(scene, clock)
    await session.offer()
    assert session.due("drawing", shown=False) == clock.now + 1
    await session.clear()
    assert scene.methods() == []


async def test_a_slack_that_is_silent_does_not_hold_up_the_end(scene: ReplyScene) -> None:
    async with asyncio.timeout(5), scene.replies(leaving=0.2).open(scene.question, scene.record) as reply:
        await reply.show(StatusChange("drawing"))
        await until(lambda: state(scene) == "processing")
        scene.slack.faults.always(SET_SESSION, Silence())
