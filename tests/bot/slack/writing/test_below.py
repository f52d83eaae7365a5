"""What stands below an answer in Slack, however it got there."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from bot.domain.reply import Citation, CutReason, Done, Failed, ImageReady, ReplyEvent, Stopped, StopReason, TextDelta
from bot.slack.markup.blocks import FEEDBACK_BLOCK_ID, FOOTER_BLOCK_ID, NOTE_BLOCK_ID, SOURCES_BLOCK_ID
from bot.slack.reading.content import to_markdown
from bot.slack.writing.footer import Footer
from bot.slack.writing.pages import BUTTONS
from bot.slack.writing.reply import Replies, Streaming
from playground.slack.faults import Error
from tests.doubles.lease import MemoryRecord
from tests.doubles.replies import ReplyScene, reply_scene
from tests.doubles.slack import identity_in
from tests.doubles.until import until
from tests.playground.openai.samples import PNG

START, STOP = "chat.startStream", "chat.stopStream"
POST, UPDATE = "chat.postMessage", "chat.update"

ANSWERED = Done(model="gpt-6.1-terra")
SOURCES = (Citation("https://rain.example", "Rain"), Citation("https://snow.example", "Snow"))
TEXT = "It rains, **and** it snows."
ALL = [SOURCES_BLOCK_ID, FOOTER_BLOCK_ID, FEEDBACK_BLOCK_ID]
OURS = frozenset({*ALL, NOTE_BLOCK_ID})

BOTH = pytest.mark.parametrize("streaming", Streaming)


def replies_in(scene: ReplyScene, streaming: Streaming = Streaming.AUTO) -> Replies:
    return replace(scene.replies(streaming), footer=Footer("/settings"), feedback=True)


async def answer(
    scene: ReplyScene,
    replies: Replies,
    end: ReplyEvent = ANSWERED,
    *,
    text: str = TEXT,
    cited: Iterable[Citation] = SOURCES,
    refused: Iterable[tuple[str, str]] = (),
) -> None:
    """An answer that is seen growing; these methods are then refused once each, with these errors."""
    async with replies.open(scene.question, MemoryRecord()) as reply:
        await until(lambda: bool(scene.methods()))
        before = sum(map(len, scene.texts))
        for citation in cited:
            await reply.show(citation)
        await reply.show(TextDelta(text))
        await until(lambda: sum(map(len, scene.texts)) >= before + len(text.strip()))
        for method, error in refused:
            scene.slack.faults.add(method, Error(error))
        await reply.show(end)


def below(scene: ReplyScene, number: int = -1) -> list[str]:
    """Which of our blocks stand in this message, from top to bottom."""
    ids = (block.get("block_id", "") for block in scene.answers[number].get("blocks", ()))
    return [block_id for block_id in ids if block_id in OURS]


def read_back(scene: ReplyScene) -> list[str]:
    """The answers as the thread's history tells them."""
    identity = identity_in(scene.slack.workspace)
    return [to_markdown(message, {}, identity) for message in scene.answers]


@BOTH
async def test_a_complete_answer_has_sources_a_footer_and_buttons(streaming: Streaming) -> None:
    async with reply_scene() as scene:
        await answer(scene, replies_in(scene, streaming))
        assert below(scene) == ALL
        assert scene.texts == [TEXT]
        assert read_back(scene) == [TEXT]
        assert "Sources" not in scene.answers[0]["text"]
        sources, footer = scene.answers[0]["blocks"][-3:-1]
        assert sources["elements"][0]["text"] == "1. <https://rain.example|Rain>\n2. <https://snow.example|Snow>"
        assert footer["elements"][0]["text"] == "gpt-6.1-terra · /settings"
        assert scene.slack.calls.count(STOP if streaming is Streaming.AUTO else UPDATE) == 1


@BOTH
async def test_nothing_stands_below_unless_it_was_wished_for(streaming: Streaming) -> None:
    async with reply_scene() as scene:
        await answer(scene, scene.replies(streaming), cited=())
        assert below(scene) == []


@BOTH
@pytest.mark.parametrize(
    ("end", "shown"),
    [
        (Done(), [SOURCES_BLOCK_ID]),
        (Done(cut=CutReason.LENGTH, model="m"), [SOURCES_BLOCK_ID, NOTE_BLOCK_ID]),
        (Stopped(StopReason.PERSON), [SOURCES_BLOCK_ID, NOTE_BLOCK_ID]),
        (Failed("Please try again."), [SOURCES_BLOCK_ID, NOTE_BLOCK_ID]),
    ],
)
async def test_an_answer_that_is_not_complete_has_its_sources_and_no_more(
    streaming: Streaming, end: ReplyEvent, shown: list[str]
) -> None:
    async with reply_scene() as scene:
        await answer(scene, replies_in(scene, streaming), end)
        assert below(scene) == shown


async def test_an_answer_without_words_has_only_its_note() -> None:
    async with reply_scene() as scene:
        async with replies_in(scene).open(scene.question, scene.record) as reply:
            await reply.show(SOURCES[0])
            await reply.show(ANSWERED)
        assert below(scene) == [NOTE_BLOCK_ID]


@BOTH
async def test_only_the_last_message_of_a_long_answer_has_something_below(streaming: Streaming) -> None:
    text = "\n\n".join(f"Paragraph {number}. " + "word " * 100 for number in range(60))
    async with reply_scene() as scene:
        async with replies_in(scene, streaming).open(scene.question, scene.record) as reply:
            for start in range(0, len(text), 3_000):
                await reply.show(TextDelta(text[start : start + 3_000]))
            await reply.show(ANSWERED)
        assert len(scene.answers) >= 3
        assert [below(scene, number) for number in range(len(scene.answers))][:-1] == [[]] * (len(scene.answers) - 1)
        assert below(scene) == [FOOTER_BLOCK_ID, FEEDBACK_BLOCK_ID]


def refusals(streaming: Streaming, error: str) -> list[tuple[str, str]]:
    """What refuses the end of an answer once: an end in a stream is then tried as an edit."""
    return [(STOP, error), (UPDATE, error)] if streaming is Streaming.AUTO else [(UPDATE, error)]


@BOTH
@pytest.mark.parametrize("error", ["invalid_blocks", "invalid_blocks_format"])
async def test_refused_buttons_cost_nothing_else_and_are_not_tried_again(streaming: Streaming, error: str) -> None:
    async with reply_scene() as scene:
        replies = replies_in(scene, streaming)
        await answer(scene, replies, refused=refusals(streaming, error))
        assert below(scene) == [SOURCES_BLOCK_ID, FOOTER_BLOCK_ID]
        assert scene.texts == [TEXT]
        assert replies.refusals.known(BUTTONS, scene.channel.id)
        assert not replies.refusals.known(BUTTONS, "C0ELSEWHERE")
        calls = len(scene.methods())
        await answer(scene, replies)
        assert below(scene) == [SOURCES_BLOCK_ID, FOOTER_BLOCK_ID]
        assert scene.texts == [TEXT, TEXT]
        assert scene.methods()[calls:].count(UPDATE) == (0 if streaming is Streaming.AUTO else 1)


@BOTH
async def test_an_answer_keeps_its_form_when_nothing_is_taken_below_it(streaming: Streaming) -> None:
    async with reply_scene() as scene:
        refused = [*refusals(streaming, "invalid_blocks"), (UPDATE, "invalid_blocks")]
        await answer(scene, replies_in(scene, streaming), refused=refused)
        assert below(scene) == []
        assert read_back(scene) == [TEXT]


@BOTH
async def test_a_note_survives_what_stands_around_it(streaming: Streaming) -> None:
    async with reply_scene() as scene:
        await answer(
            scene, replies_in(scene, streaming), Failed("Try again."), refused=refusals(streaming, "invalid_blocks")
        )
        assert below(scene) == [NOTE_BLOCK_ID]
        assert scene.notes == ["Try again."]


@BOTH
async def test_what_a_message_has_no_room_for_stands_in_one_of_its_own(streaming: Streaming) -> None:
    async with reply_scene() as scene:
        replies = replies_in(scene, streaming)
        await answer(scene, replies, refused=refusals(streaming, "msg_blocks_too_long"))
        assert [below(scene, 0), below(scene, 1)] == [[], ALL]
        assert read_back(scene) == [TEXT, ""]
        assert not replies.refusals.known(BUTTONS, scene.channel.id)


async def test_text_without_blocks_has_nothing_below() -> None:
    async with reply_scene() as scene:
        refused = [(UPDATE, "invalid_blocks")] * 3
        # While it grew, the last word was shown in bold: the end is another text.
        await answer(scene, replies_in(scene, Streaming.EDITS), text="It **rains", refused=refused)
        assert scene.answers[0]["text"] == "It **rains"
        assert "blocks" not in scene.answers[0]
        assert len(scene.answers) == 1


async def test_an_answer_whose_stream_ended_early_gets_the_rest_with_an_edit() -> None:
    async with reply_scene() as scene:
        rhythm = replace(scene.rhythm, stream_ages=(0.1, 0.12, 0.14, 0.16))
        replies = replace(replies_in(scene), rhythm=rhythm)
        async with replies.open(scene.question, scene.record) as reply:
            await until(lambda: bool(scene.methods()))
            await reply.show(TextDelta(TEXT))
            await until(lambda: scene.slack.calls.count(START) == 1 and not scene.slack.streams.running())
            await reply.show(ANSWERED)
        assert scene.texts == [TEXT]
        assert below(scene) == [FOOTER_BLOCK_ID, FEEDBACK_BLOCK_ID]


async def test_a_picture_alone_has_nothing_below() -> None:
    async with reply_scene() as scene:
        async with replies_in(scene).open(scene.question, scene.record) as reply:
            await reply.show(ImageReady(PNG, "image/png", "A cat"))
            await reply.show(ANSWERED)
        assert [below(scene, number) for number in range(len(scene.answers))] == [[]]
        assert len(scene.answers[0]["files"]) == 1
