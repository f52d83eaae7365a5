"""Files in a reply, pictures most often: in the thread once, with words that ring no bell, or an explanation."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.errors import LeaseLost
from bot.domain.reply import (
    Done,
    Failed,
    FileReady,
    ImageReady,
    ReplyEvent,
    StatusChange,
    Stopped,
    StopReason,
    TextDelta,
)
from bot.slack.wire.calls import Patience
from bot.slack.wire.pacer import Priority
from bot.slack.writing.own_messages import rendered
from playground.slack.directory import ChannelKind
from playground.slack.faults import UPLOAD, Delay, Error, Fault, Html, HttpError, RateLimited, Reset, Silence
from tests.doubles.lease import MemoryRecord
from tests.doubles.replies import ReplyScene, reply_scene
from tests.doubles.until import until

ANNOUNCE, COMPLETE, REPLIES = "files.getUploadURLExternal", "files.completeUploadExternal", "conversations.replies"
SET_STATUS, SET_SESSION = "assistant.threads.setStatus", "agents.sessions.setStatus"
POST, UPDATE, DELETE = "chat.postMessage", "chat.update", "chat.delete"

CAT = ImageReady(b"\xff\xd8\xffcat", "image/jpeg", "A cat with a <hat>, says <!channel>")
HARMLESS = "A cat with a <hat>, says @\u200bchannel"
DOG = ImageReady(b"\x89PNGdog", "image/png", "A dog")
CHART = FileReady("chart of @here.png", b"\x89PNGchart", "image/png")
FIGURES = FileReady("figures.csv", b"month,visits", "text/csv")


def pictures(scene: ReplyScene) -> list[bytes]:
    """The bytes of the pictures that people see, in their order."""
    files = scene.slack.workspace.files
    return [files[file["id"]].content for message in scene.answers for file in message.get("files", ())]


def words(scene: ReplyScene) -> list[str]:
    """The texts of the messages that are no pictures."""
    return [scene.slack.workspace.markdown_of(message) for message in scene.answers if not message.get("files")]


async def show(scene: ReplyScene, *events: ReplyEvent, **replies: Any) -> None:
    async with scene.replies(**replies).open(scene.question, scene.record) as reply:
        await until(lambda: bool(scene.methods()))
        for event in events:
            await reply.show(event)


@pytest.mark.parametrize("kind", [ChannelKind.IM, ChannelKind.CHANNEL])
async def test_a_picture_is_a_complete_answer(kind: ChannelKind) -> None:
    async with reply_scene(kind) as scene:
        await show(scene, StatusChange("drawing"), CAT, Done())
        assert pictures(scene) == [CAT.data]
        assert len(scene.answers) == 1
        assert scene.notes == []
        assert scene.status is None
        message = scene.answers[0]
        assert message["thread_ts"] == scene.question.thread.root
        assert message["text"] == "A cat with a &lt;hat&gt;, says @\u200bchannel"
        file = scene.slack.workspace.files[scene.record.messages[0]]
        assert (file.name, file.alt_text) == ("picture-1.jpg", HARMLESS)
        assert file.title == HARMLESS


async def test_the_status_shows_until_the_picture_does() -> None:
    async with reply_scene() as scene, scene.replies().open(scene.question, scene.record) as reply:
        await until(lambda: scene.status == "is thinking…")
        scene.slack.faults.add(UPLOAD, Delay(0.1))
        await reply.show(CAT)
        await until(lambda: scene.slack.calls.count(ANNOUNCE) == 1)
        assert scene.status == "is thinking…"
        await until(lambda: pictures(scene) == [CAT.data])
        await reply.show(Done())
        assert scene.status is None


async def test_showing_a_picture_never_waits_for_slack() -> None:
    async with reply_scene() as scene, scene.replies(leaving=0.05).open(scene.question, scene.record) as reply:
        scene.slack.faults.always("*", Silence())
        async with asyncio.timeout(5):
            for _ in range(10):
                await reply.show(CAT)


async def test_a_placeholder_goes_when_the_picture_is_there() -> None:
    async with reply_scene() as scene:
        scene.slack.faults.always(SET_STATUS, Error("unknown_method"))
        scene.slack.faults.always(SET_SESSION, Error("unknown_method"))
        async with scene.replies().open(scene.question, scene.record) as reply:
            await until(lambda: len(scene.answers) == 1)
            await reply.show(CAT)
            await reply.show(Done())
        assert pictures(scene) == [CAT.data]
        assert len(scene.answers) == 1


async def test_words_and_pictures_both_come_and_keep_their_order() -> None:
    async with reply_scene() as scene, scene.replies().open(scene.question, scene.record) as reply:
        await reply.show(TextDelta("Here they are."))
        await until(lambda: words(scene) == ["Here they are."])
        await reply.show(CAT)
        await reply.show(DOG)
        await reply.show(Done())
        assert words(scene) == ["Here they are."]
        assert pictures(scene) == [CAT.data, DOG.data]
        names = [scene.slack.workspace.files[each].name for each in scene.record.messages[1:]]
        assert names == ["picture-1.jpg", "picture-2.png"]
        assert scene.notes == []


async def test_a_chart_and_its_figures_come_under_their_names_and_only_what_can_be_seen_is_described() -> None:
    async with reply_scene() as scene, scene.replies().open(scene.question, scene.record) as reply:
        await reply.show(TextDelta("Here they are."))
        await until(lambda: words(scene) == ["Here they are."])
        for event in (CHART, FIGURES, Done()):
            await reply.show(event)
        assert pictures(scene) == [CHART.data, FIGURES.data]
        assert words(scene) == ["Here they are."]
        chart, figures = (scene.slack.workspace.files[each] for each in scene.record.messages[1:])
        assert (chart.name, chart.title, chart.alt_text) == (CHART.name, *["chart of @\u200bhere.png"] * 2)
        assert (figures.name, figures.title) == ("figures.csv", "figures.csv")
        assert "alt_txt" not in scene.slack.calls.of(ANNOUNCE)[1].arguments
        assert [message["text"] for message in scene.answers if message.get("files")] == ["", ""]
        assert scene.notes == []


async def test_all_files_are_noted_before_the_first_is_shown_and_restored_after_an_end_in_between() -> None:
    async with reply_scene() as scene:
        scene.slack.faults.add(COMPLETE, Silence())
        async with scene.replies(leaving=0.05).open(scene.question, scene.record) as reply:
            await reply.show(CHART)
            await reply.show(FIGURES)
            await until(lambda: scene.slack.calls.count(COMPLETE) == 1)
        assert pictures(scene) == []
        assert len(scene.record.messages) == 2
        assert await scene.replies().restore(scene.question, scene.record)
        assert await scene.replies().restore(scene.question, scene.record)
        assert sorted(pictures(scene)) == sorted([CHART.data, FIGURES.data])
        assert [scene.slack.workspace.files[each].title for each in scene.record.messages] == [CHART.name, FIGURES.name]


async def test_what_becomes_of_a_file_is_said_of_a_file() -> None:
    async with reply_scene() as scene:
        scene.slack.installation.scopes.discard("files:write")
        await show(scene, FIGURES, Done())
        (note,) = scene.notes
        assert note.startswith("I made a file, but the Slack app is not allowed to show it")


@pytest.mark.parametrize(
    ("end", "note"), [(Stopped(StopReason.PERSON), "Stopped."), (Failed("It broke."), "It broke.")]
)
async def test_whatever_the_end_is_the_picture_comes_first(end: ReplyEvent, note: str) -> None:
    async with reply_scene() as scene:
        await show(scene, CAT, end)
        assert pictures(scene) == [CAT.data]
        assert scene.notes == [note]


async def test_the_file_is_noted_before_it_is_shown() -> None:
    class Record(MemoryRecord):
        async def add(self, message_id: str) -> None:
            assert scene.slack.calls.count(COMPLETE) == 0
            await super().add(message_id)

    async with reply_scene() as scene:
        scene.record = Record()
        await show(scene, CAT, Done())
        assert scene.slack.calls.count(COMPLETE) == 1
        assert len(scene.record.messages) == 1


async def test_nothing_is_shown_when_the_lease_is_lost() -> None:
    class LostRecord(MemoryRecord):
        async def add(self, message_id: str) -> None:
            raise LeaseLost

    async with reply_scene() as scene, scene.replies().open(scene.question, LostRecord()) as reply:
        await reply.show(CAT)
        with pytest.raises(LeaseLost):
            await reply.show(Done())
        assert scene.answers == []


TROUBLE = [Reset(), Reset(carried_out=True), HttpError(502), HttpError(500, carried_out=True), RateLimited(1)]


@pytest.mark.parametrize("fault", [*TROUBLE, Html(carried_out=True), Error("internal_error")])
@pytest.mark.parametrize("method", [ANNOUNCE, COMPLETE])
async def test_a_call_that_fails_loses_no_picture_and_doubles_none(method: str, fault: Fault) -> None:
    async with reply_scene() as scene:
        scene.slack.faults.add(method, fault)
        await show(scene, CAT, Done())
        assert pictures(scene) == [CAT.data]
        assert scene.notes == []


@pytest.mark.parametrize("fault", TROUBLE)
async def test_an_upload_that_fails_is_repeated(fault: Fault) -> None:
    async with reply_scene() as scene:
        scene.slack.faults.add(UPLOAD, fault)
        await show(scene, CAT, Done())
        assert pictures(scene) == [CAT.data]
        assert len(scene.answers) == 1
        assert scene.record.messages == (scene.answers[0]["files"][0]["id"],)


@pytest.mark.parametrize("delay", [0.02, 0.2])
async def test_a_picture_whose_message_is_late_is_not_shown_twice(delay: float) -> None:
    async with reply_scene(sharing_delay=delay) as scene:
        scene.slack.faults.add(COMPLETE, Reset(carried_out=True))
        await show(scene, CAT, Done())
        await until(lambda: pictures(scene) == [CAT.data])
        assert scene.slack.calls.count(COMPLETE, error="") == 0, "one was lost, and Slack takes no second one"
        assert scene.notes == []


@pytest.mark.parametrize(
    ("method", "error", "note"),
    [
        (ANNOUNCE, "missing_scope", "not allowed to show it: it lacks the permission files:write"),
        (COMPLETE, "missing_scope", "files:write"),
        (ANNOUNCE, "file_uploads_disabled", "did not take it"),
        (COMPLETE, "restricted_action", "did not take it"),
        (COMPLETE, "file_not_found", "did not take it"),
    ],
)
async def test_a_refusal_is_explained(method: str, error: str, note: str) -> None:
    async with reply_scene() as scene:
        scene.slack.faults.always(method, Error(error))
        await show(scene, CAT, Done())
        assert len(scene.answers) == 1
        assert len(scene.notes) == 1
        assert note in scene.notes[0]
        assert scene.slack.calls.count(method) == 1
        assert scene.status is None


async def test_the_words_stay_above_the_explanation() -> None:
    async with reply_scene() as scene:
        scene.slack.installation.scopes.discard("files:write")
        await show(scene, TextDelta("Here it is."), CAT, Done())
        assert words(scene) == ["Here it is."]
        assert len(scene.notes) == 1


async def test_an_upload_that_never_arrives_ends_with_an_explanation() -> None:
    async with reply_scene() as scene:
        scene.slack.faults.always(UPLOAD, HttpError(503))
        await show(scene, CAT, DOG, Done(), look_after=0.001)
        assert len(scene.notes) == 1
        assert "could not bring it" in scene.notes[0]


async def test_where_nothing_may_go_nothing_is_sent_and_no_second_address_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with reply_scene() as scene:
        monkeypatch.setattr(scene.slack.workspace, "site", "https://files.slack.com.evil.test")
        await show(scene, CAT, Done())
        assert scene.slack.calls.count(ANNOUNCE) == 1
        assert len(scene.notes) == 1
        assert "did not take it" in scene.notes[0]


async def test_a_slack_that_fails_for_ever_to_show_a_picture_is_given_up_soon() -> None:
    async with reply_scene() as scene:
        scene.slack.faults.always(COMPLETE, Error("internal_error"))
        await show(scene, CAT, Done(), look_after=0.02)
        assert scene.slack.calls.count(COMPLETE) == 2
        assert len(scene.notes) == 1
        assert "could not bring it" in scene.notes[0]


async def test_a_picture_that_may_have_arrived_is_not_sent_again_blindly() -> None:
    async with reply_scene(patience=Patience(request=2, total=10, tries=2, pause=0.01)) as scene:
        scene.slack.faults.add(COMPLETE, Reset(carried_out=True))
        scene.slack.faults.always(REPLIES, HttpError(503))
        await show(scene, CAT, Done())
        assert pictures(scene) == [CAT.data]
        assert scene.slack.calls.count(COMPLETE) == 1


async def test_a_picture_without_a_description_has_none() -> None:
    async with reply_scene() as scene:
        await show(scene, replace(CAT, prompt=""), Done())
        assert scene.answers[0]["text"] == ""
        assert "alt_txt" not in scene.slack.calls.of(ANNOUNCE)[0].arguments
        assert scene.slack.workspace.files[scene.record.messages[0]].title == "picture-1.jpg"


async def test_a_picture_of_an_interrupted_attempt_is_left_alone_and_answers() -> None:
    async with reply_scene() as scene:
        await scene.own().post(rendered("Half an answer"), Priority.FIRST)
        await show(scene, CAT)
        await until(lambda: scene.slack.calls.count(SET_STATUS) > 0)
        async with scene.replies().open(scene.question, scene.record) as reply:
            await reply.show(CAT)
            await reply.show(Done())
        before = pictures(scene)
        await show(scene, Done())
        assert pictures(scene) == before != []
        assert words(scene) == []
        assert scene.notes == []
        touched = {call.arguments["ts"] for call in scene.slack.calls.of(UPDATE, DELETE)}
        assert touched.isdisjoint({*scene.record.messages[1:], *(message["ts"] for message in scene.answers)})


async def test_a_file_that_was_noted_and_never_shown_does_not_make_up_for_an_answer() -> None:
    async with reply_scene() as scene:
        scene.record.messages = ("F0NEVER",)
        await show(scene, Done())
        assert len(scene.notes) == 1


async def test_a_lost_post_is_not_mistaken_for_a_picture() -> None:
    async with reply_scene() as scene:
        await show(scene, CAT, Done())
        scene.slack.faults.add(POST, Reset())
        ts = await scene.own(MemoryRecord()).post(rendered("Hello"), Priority.FIRST)
        assert ts not in {message["ts"] for message in scene.answers if message.get("files")}
        assert words(scene) == ["Hello"]


async def test_leaving_in_the_middle_of_an_upload_leaves_no_task() -> None:
    async with reply_scene() as scene:
        scene.slack.faults.always(UPLOAD, Silence())
        async with asyncio.timeout(5), scene.replies(leaving=0.05).open(scene.question, scene.record) as reply:
            await reply.show(CAT)
            await until(lambda: scene.slack.calls.count(ANNOUNCE) == 1)
        assert scene.answers == []
        assert "Reply._write" not in [getattr(task.get_coro(), "__qualname__", "") for task in asyncio.all_tasks()]
