"""What the bot is doing, shown while there are no words yet."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.domain.language import Voice, speaking
from bot.domain.settings import Language
from bot.slack.writing.refusals import Refusals
from bot.slack.writing.session import Session
from bot.slack.writing.status_line import StatusLine, Way
from playground.slack.faults import Error, HttpError, RateLimited, Silence
from tests.doubles.clock import StillClock
from tests.doubles.lease import MemoryRecord
from tests.doubles.replies import QUICK, OpenPacer, ReplyScene, reply_scene

SET_STATUS, SET_SESSION, POST = (way.value for way in Way)


@pytest.fixture
async def scene() -> AsyncIterator[ReplyScene]:
    async with reply_scene() as made:
        yield made


def line_in(
    scene: ReplyScene,
    clock: StillClock | None = None,
    *,
    taken_over: bool = False,
    refusals: Refusals | None = None,
    limit: float = 5,
) -> StatusLine:
    rhythm = replace(QUICK, status_gap=1, status_refresh=90, status_limit=limit)
    record = MemoryRecord(("1.0",)) if taken_over else scene.record
    own = scene.own(record, rhythm=rhythm, refusals=refusals or Refusals(), monotonic=clock or StillClock())
    return StatusLine(own, Session(own))


async def test_a_status_is_due_at_once_then_with_new_words_then_before_it_fades(scene: ReplyScene) -> None:
    clock = StillClock()
    line = line_in(scene, clock)
    assert line.due("thinking") < clock.now
    await line.show("thinking")
    assert scene.status == "is thinking…"
    assert line.due("thinking") == clock.now + 90
    assert line.due("reading") == clock.now + 1
    await line.clear()
    assert scene.status is None


async def test_a_status_is_in_the_language_of_the_reply(scene: ReplyScene) -> None:
    texts = {"is {words}…": "{words}…", "thinking": "denkt nach"}
    with speaking(Voice({Language.DE: texts}, Language.DE)):
        await line_in(scene).show("thinking")
        assert scene.status == "denkt nach…"
        scene.slack.faults.always(SET_STATUS, Error("missing_scope"))
        scene.slack.faults.always(SET_SESSION, Error("missing_scope"))
        placed = line_in(scene)
        await placed.show("thinking")
    assert placed.placeholder is not None
    shown = scene.slack.workspace.message(scene.question.thread.channel, placed.placeholder)
    assert shown is not None
    assert shown["text"] == "denkt nach…"


async def test_a_session_knows_no_words(scene: ReplyScene) -> None:
    scene.slack.faults.always(SET_STATUS, Error("missing_scope"))
    line = line_in(scene)
    await line.show("thinking")
    assert list(scene.slack.workspace.threads.sessions.values()) == ["processing"]
    assert line.due("reading") == float("inf")
    await line.answered(posted=True)
    await line.clear()
    assert list(scene.slack.workspace.threads.sessions.values()) == ["processing"], "until the reply is left"


async def test_a_placeholder_changes_its_words(scene: ReplyScene) -> None:
    for method in (SET_STATUS, SET_SESSION):
        scene.slack.faults.always(method, Error("unknown_method"))
    line = line_in(scene)
    await line.show("thinking")
    await line.show("reading")
    assert [message["text"] for message in scene.answers] == ["reading…"]
    assert line.placeholder == scene.answers[0]["ts"]
    assert scene.record.messages == (line.placeholder,)
    await line.clear()
    assert len(scene.answers) == 1, "what becomes of it is not for the status to decide"


async def test_a_placeholder_waits_for_room_without_holding_up_anything(scene: ReplyScene) -> None:
    assert isinstance(scene.pacer, OpenPacer)
    for method in (SET_STATUS, SET_SESSION):
        scene.slack.faults.always(method, Error("unknown_method"))
    scene.pacer.full.add("chat.postMessage")
    clock = StillClock()
    line = line_in(scene, clock)
    await line.show("thinking")
    assert scene.answers == []
    assert line.due("thinking") <= clock.now + 0.3, "it is tried again soon"
    scene.pacer.full.clear()
    await line.show("thinking")
    assert [message["text"] for message in scene.answers] == ["thinking…"]


async def test_without_a_placeholder_there_may_be_no_status_at_all(scene: ReplyScene) -> None:
    for method in (SET_STATUS, SET_SESSION):
        scene.slack.faults.always(method, Error("unknown_method"))
    line = line_in(scene, taken_over=True)
    await line.show("thinking")
    assert line.due("thinking") == float("inf")
    await line.answered(posted=True)
    await line.clear()
    assert scene.answers == []


async def test_refusals_are_remembered_for_the_channel_but_not_those_of_a_thread(scene: ReplyScene) -> None:
    refusals = Refusals()
    scene.slack.faults.add(SET_STATUS, Error("invalid_thread_ts"))
    await line_in(scene, refusals=refusals).show("thinking")
    assert not refusals.known(SET_STATUS, scene.channel.id)
    scene.slack.faults.add(SET_STATUS, Error("not_allowed"))
    await line_in(scene, refusals=refusals).show("thinking")
    assert refusals.known(SET_STATUS, scene.channel.id)


@pytest.mark.parametrize("fault", [HttpError(503), Silence(carried_out=True)])
async def test_trouble_is_tried_again_later_and_cleared_to_be_sure(
    scene: ReplyScene, fault: HttpError | Silence
) -> None:
    clock = StillClock()
    line = line_in(scene, clock, limit=0.1 if isinstance(fault, Silence) else 5)
    scene.slack.faults.add(SET_STATUS, fault)
    await line.show("thinking")
    assert line.due("thinking") == clock.now + 1
    await line.answered(posted=True)
    assert scene.slack.calls.count(SET_STATUS) == 2
    assert scene.status is None


@pytest.mark.parametrize("fault", [HttpError(503), Silence(), RateLimited(30)])
async def test_words_do_not_wait_for_a_status_that_does_not_go(
    scene: ReplyScene, fault: HttpError | Silence | RateLimited
) -> None:
    line = line_in(scene, limit=0.1 if isinstance(fault, Silence) else 5)
    await line.show("thinking")
    scene.slack.faults.add(SET_STATUS, fault)
    await line.answered(posted=False)
    assert scene.slack.calls.count(SET_STATUS) == 2, "no more than one try"
    assert scene.status == "is thinking…"
    await line.clear()
    assert scene.status is None


async def test_the_status_of_a_process_that_died_goes_when_its_reply_is_taken_over(scene: ReplyScene) -> None:
    await line_in(scene).show("thinking")
    await line_in(scene, taken_over=True).answered(posted=False)
    assert scene.status is None


async def test_a_status_waits_for_no_budget(scene: ReplyScene) -> None:
    assert isinstance(scene.pacer, OpenPacer)
    scene.pacer.full.add(SET_STATUS)
    clock = StillClock()
    line = line_in(scene, clock)
    await line.show("thinking")
    assert scene.methods() == []
    assert line.due("thinking") <= clock.now + 0.3, "it is tried again soon"
    scene.pacer.full.clear()
    await line.show("thinking")
    assert scene.status == "is thinking…"


async def test_a_thread_s_status_goes_by_itself_with_a_post_only(scene: ReplyScene) -> None:
    line = line_in(scene)
    await line.show("thinking")
    await line.answered(posted=True)
    assert scene.slack.calls.count(SET_STATUS) == 1
    await line.show("thinking")
    await line.answered(posted=False)
    assert scene.slack.calls.count(SET_STATUS) == 3
    assert scene.status is None


async def test_a_status_that_found_no_room_to_be_refreshed_is_tried_again_before_it_fades(scene: ReplyScene) -> None:
    assert isinstance(scene.pacer, OpenPacer)
    clock = StillClock()
    line = line_in(scene, clock)
    await line.show("thinking")
    scene.pacer.full.add(SET_STATUS)
    await line.show("thinking")
    assert line.due("thinking") <= clock.now + 0.3
