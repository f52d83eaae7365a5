"""Pictures in an answer: what people see, and what is never paid for twice."""

import asyncio
import base64
import logging
from collections.abc import Callable
from contextlib import aclosing, nullcontext
from dataclasses import replace

import pytest

from bot.domain.errors import AnswerCutOff, AnswerRefused, ModelError, ModelStalled, QuotaExhausted, RequestRejected
from bot.domain.models import Action, Drawing, PicturePart, Prompt, PromptMessage, Role
from bot.domain.reply import DRAWING, THINKING, Done, ImageReady, ReplyEvent, StatusChange, TextDelta
from bot.domain.settings import Detail
from bot.openai.errors import CannotDraw, ImageModelUnknown, PictureFailed
from bot.openai.model import OpenAIModel
from bot.openai.patience import Patience
from bot.openai.pictures import DRAWINGS_AT_ONCE
from playground.openai import faults, scripts
from playground.openai.drawing_events import COMPLETED, GENERATING
from playground.openai.faults import Ending, Fault, Point, StreamFault
from playground.openai.model import ScriptedModel

Connect = Callable[..., OpenAIModel]

OFFERED = Drawing()
ORDERED = Drawing(Action.GENERATE, must=True)
BOTH = pytest.mark.parametrize("drawing", [OFFERED, ORDERED], ids=["offered", "ordered"])


async def read(model: OpenAIModel, prompt: Prompt, into: list[ReplyEvent] | None = None) -> list[ReplyEvent]:
    """The whole reply; what came before an error stands in `into`."""
    reply: list[ReplyEvent] = [] if into is None else into
    async with asyncio.timeout(60), aclosing(model.stream(prompt)) as events:
        async for event in events:
            reply.append(event)  # noqa: PERF401 - what came before an exception is kept
    return reply


def pictures_in(reply: list[ReplyEvent]) -> list[ImageReady]:
    return [event for event in reply if isinstance(event, ImageReady)]


def text_of(reply: list[ReplyEvent]) -> str:
    return "".join(event.text for event in reply if isinstance(event, TextDelta))


@BOTH
async def test_a_picture_is_an_answer(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel, drawing: Drawing
) -> None:
    scripted.script = scripts.draw("a lighthouse at dusk")
    reply = await read(connect(), replace(prompt, drawing=drawing))
    picture = next(iter(pictures_in(reply)))
    assert [event for event in reply if event != THINKING] == [DRAWING, picture, reply[-1]]
    assert isinstance(reply[-1], Done)
    assert picture.media_type == "image/jpeg"
    assert picture.data.startswith(b"\xff\xd8")
    assert picture.prompt == "a lighthouse at dusk"


async def test_words_stand_around_a_picture(connect: Connect, prompt: Prompt, scripted: ScriptedModel) -> None:
    scripted.script = scripts.draw(before="Here it is:", after="Do you like it?")
    reply = await read(connect(), replace(prompt, drawing=OFFERED))
    assert text_of(reply) == "Here it is:\n\nDo you like it?"
    places = [type(event) for event in reply]
    assert places.index(TextDelta) < places.index(ImageReady) < len(places) - 2
    assert len(pictures_in(reply)) == 1


async def test_an_ordered_picture_is_forced_and_is_the_only_one(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel
) -> None:
    assert len(await read_picture(connect(), prompt, scripted)) == 1
    body = scripted.requests[0].body
    assert body["tool_choice"] == {"type": "image_generation"}
    assert body["max_tool_calls"] == 1


async def read_picture(model: OpenAIModel, prompt: Prompt, scripted: ScriptedModel) -> list[ImageReady]:
    scripted.script = scripts.draw()
    return pictures_in(await read(model, replace(prompt, drawing=ORDERED)))


@BOTH
async def test_a_forbidden_picture_is_refused_kindly(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel, drawing: Drawing
) -> None:
    scripted.script = scripts.refuse_to_draw("violence")
    with pytest.raises(AnswerRefused) as raised:
        await read(connect(), replace(prompt, drawing=drawing))
    assert "picture" in raised.value.explanation
    assert len(scripted.requests) == 1


async def test_a_model_may_say_itself_that_it_must_not_draw(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel
) -> None:
    scripted.script = scripts.refuse_to_draw(after="I may not draw that.")
    reply = await read(connect(), replace(prompt, drawing=OFFERED))
    assert text_of(reply) == "I may not draw that."
    assert isinstance(reply[-1], Done)


@BOTH
@pytest.mark.parametrize("ending", [Ending.CLEAN_END, Ending.SILENCE])
async def test_a_picture_that_was_begun_is_not_asked_for_again(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel, drawing: Drawing, ending: Ending
) -> None:
    scripted.script = scripts.draw()
    scripted.fail(StreamFault(Point(0, COMPLETED), ending))
    # Short only where a stall is wanted, because a busy machine can be silent, too.
    patience = Patience(idle=1, drawing=1) if ending is Ending.SILENCE else Patience()
    with pytest.raises(ModelStalled if ending is Ending.SILENCE else AnswerCutOff):
        await read(connect(patience=patience), replace(prompt, drawing=drawing))
    assert len(scripted.requests) == 1


END = "response.completed"
STALL = faults.at(END, faults.stall())


@BOTH
@pytest.mark.parametrize(
    "fault",
    [
        faults.at(END, faults.clean_end()),
        faults.at(END, faults.truncated_chunk()),
        faults.at(END, faults.half_json()),
        STALL,
        faults.at(END, faults.failed("server_error")),
        faults.at(END, faults.nested_error("rate_limit_exceeded")),
    ],
)
async def test_what_breaks_off_behind_a_picture_is_complete(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel, drawing: Drawing, fault: Fault
) -> None:
    scripted.script = scripts.draw()
    scripted.fail(fault)
    # Short only where a stall is wanted, because a busy machine can be silent, too.
    patience = Patience(idle=2, drawing=2) if fault == STALL else Patience()
    reply = await read(connect(patience=patience), replace(prompt, drawing=drawing))
    assert [picture.data for picture in pictures_in(reply)] == list(scripted.requests[0].drawn)
    assert reply[-1] == Done(model="gpt-6.1-terra")
    assert len(scripted.requests) == 1


@pytest.mark.parametrize(("drawing", "complete"), [(OFFERED, False), (ORDERED, True)])
async def test_half_a_text_before_a_picture_is_only_enough_where_the_picture_was_ordered(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel, drawing: Drawing, *, complete: bool
) -> None:
    scripted.script = scripts.draw(before="Here it is:")
    scripted.fail(faults.at(END, faults.clean_end()))
    reply: list[ReplyEvent] = []
    with nullcontext() if complete else pytest.raises(AnswerCutOff):
        await read(connect(), replace(prompt, drawing=drawing), into=reply)
    assert len(pictures_in(reply)) == 1
    assert isinstance(reply[-1], Done) is complete


async def test_a_lasting_trouble_behind_a_picture_is_told(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel
) -> None:
    scripted.script = scripts.draw()
    scripted.fail(faults.at(END, faults.failed("insufficient_quota")))
    with pytest.raises(QuotaExhausted):
        await read(connect(), replace(prompt, drawing=ORDERED))


@pytest.mark.parametrize(
    "fault",
    [
        faults.server_error(),
        faults.overloaded(),
        faults.at(GENERATING, faults.reset()),
        faults.at(GENERATING, faults.clean_end()),
        faults.html_page(),
        faults.at(GENERATING, faults.nested_error("server_error")),
        faults.at(GENERATING, faults.failed("rate_limit_exceeded")),
    ],
)
async def test_an_order_that_may_have_been_paid_for_is_not_repeated(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel, fault: Fault
) -> None:
    scripted.fail(fault)
    with pytest.raises(ModelError):
        await read_picture(connect(), prompt, scripted)
    assert len(scripted.requests) == 1


async def test_an_order_that_the_rate_limit_turned_away_is_made_again(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel
) -> None:
    scripted.fail(faults.rate_limited(), times=2)
    assert len(await read_picture(connect(), prompt, scripted)) == 1
    assert len(scripted.requests) == 3


async def test_an_offer_that_was_not_taken_up_may_be_repeated(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel
) -> None:
    scripted.fail(faults.server_error())
    assert text_of(await read(connect(), replace(prompt, drawing=OFFERED))) == "One two three four five."
    assert len(scripted.requests) == 2


@BOTH
async def test_a_drawing_may_take_its_time(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel, drawing: Drawing
) -> None:
    scripted.script = scripts.draw()
    hold = scripted.hold(event=COMPLETED)
    reading = asyncio.create_task(read(connect(patience=Patience(idle=0.3)), replace(prompt, drawing=drawing)))
    await hold.reached.wait()
    await asyncio.wait({reading}, timeout=0.6)
    assert not reading.done()
    hold.release()
    assert len(pictures_in(await reading)) == 1


async def test_a_drawing_does_not_take_for_ever(connect: Connect, prompt: Prompt, scripted: ScriptedModel) -> None:
    scripted.hold(event=COMPLETED)
    with pytest.raises(ModelStalled):
        await read_picture(connect(patience=Patience(idle=0.1, drawing=0.5)), prompt, scripted)


async def test_after_the_drawing_a_silence_is_a_stall_again(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel
) -> None:
    scripted.script = scripts.draw(before="Look:", after="Nice?")
    scripted.hold(after=1)
    reply: list[ReplyEvent] = []
    with pytest.raises(ModelStalled, match="idle"):
        await read(connect(patience=Patience(idle=2)), replace(prompt, drawing=OFFERED), into=reply)
    assert len(pictures_in(reply)) == 1


async def test_only_so_many_pictures_are_drawn_at_a_time(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel
) -> None:
    scripted.script = scripts.echo
    model = connect()
    holds = [scripted.hold(event=GENERATING) for _ in range(DRAWINGS_AT_ONCE)]
    order = replace(prompt, drawing=ORDERED)
    drawing = [asyncio.create_task(read(model, order)) for _ in holds]
    await asyncio.gather(*(hold.reached.wait() for hold in holds))
    async with aclosing(model.stream(order)) as events:
        assert await anext(events) == StatusChange("waiting: you are number 1 in line")
        assert text_of(await read(model, prompt)) == "Ada: And a lock?"
        assert len(scripted.requests) == DRAWINGS_AT_ONCE + 1
        holds[0].release()
        rest = [event async for event in events]
    assert rest[0] == THINKING
    assert len(pictures_in(rest)) == 1
    for hold in holds:
        hold.release()
    assert all(len(pictures_in(reply)) == 1 for reply in await asyncio.gather(*drawing))


async def test_a_server_without_the_tool_answers_without_it_from_then_on(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel
) -> None:
    scripted.refused = ("tools",)
    model = connect()
    for _ in range(2):
        assert text_of(await read(model, replace(prompt, drawing=OFFERED)))
    assert ["tools" in call.body for call in scripted.requests] == [True, False, False]


@pytest.mark.parametrize("refused", ["tools", "tool_choice"])
async def test_an_order_that_a_server_cannot_draw_is_told_and_the_operator_reads_what_may_help(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel, refused: str
) -> None:
    scripted.refused = (refused,)
    with pytest.raises(CannotDraw, match="OPENAI_IMAGE_BACKEND=images") as raised:
        await read_picture(connect(), prompt, scripted)
    assert "I cannot draw" in raised.value.explanation
    assert len(scripted.requests) == 1


NO_SUCH_MODEL = faults.bad_request("invalid_value", "tools[0].model", "Invalid value: 'gpt-image-2.5-flare'.")


async def test_an_order_for_an_image_model_that_there_is_not_says_so_and_teaches_nothing(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel
) -> None:
    model = connect()
    scripted.fail(NO_SUCH_MODEL)
    with pytest.raises(ImageModelUnknown, match="GPT_IMAGE_MODEL") as raised:
        await read_picture(model, prompt, scripted)
    assert "(gpt-image-2.5-flare) is not available" in raised.value.explanation
    assert len(scripted.requests) == 1
    assert len(await read_picture(model, prompt, scripted)) == 1


async def test_an_offer_with_an_image_model_that_there_is_not_is_answered_in_words_this_time(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel, caplog: pytest.LogCaptureFixture
) -> None:
    model = connect()
    scripted.fail(NO_SUCH_MODEL)
    for _ in range(2):
        assert text_of(await read(model, replace(prompt, drawing=OFFERED))) == "One two three four five."
    assert ["tools" in call.body for call in scripted.requests] == [True, False, True]
    warnings = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert sum("GPT_IMAGE_MODEL and GPT_IMAGE_EDIT_MODEL" in warning for warning in warnings) == 1


async def test_a_change_of_a_picture_is_not_ordered_from_a_server_that_takes_none(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel
) -> None:
    scripted.fail(faults.bad_request("odd", message="input_image is not supported"))
    shown = PromptMessage(Role.USER, "Bluer", (PicturePart(b"\xff\xd8\xff", "image/jpeg", Detail.HIGH),))
    order = replace(prompt, messages=(shown,), drawing=Drawing(Action.EDIT, must=True))
    with pytest.raises(CannotDraw, match="takes no pictures"):
        await read(connect(), order)
    assert len(scripted.requests) == 1


async def test_an_order_to_a_model_without_the_tool_is_not_sent(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel
) -> None:
    with pytest.raises(RequestRejected, match="no image tool"):
        await read_picture(connect(image_tool=False), prompt, scripted)
    assert not scripted.requests


async def test_an_order_does_without_a_limit_that_the_server_does_not_know(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel
) -> None:
    scripted.refused = ("max_tool_calls",)
    assert len(await read_picture(connect(), prompt, scripted)) == 1


async def test_a_damaged_picture_is_an_error_and_not_drawn_again(
    connect: Connect, prompt: Prompt, scripted: ScriptedModel
) -> None:
    item = {"id": "ig_x", "type": "image_generation_call", "status": "completed", "result": "iVBORw0KGgo"}
    event = {"type": "response.output_item.done", "output_index": 0, "item": item}
    scripted.fail(StreamFault(Point(0, GENERATING), Ending.CLEAN_END, lambda _response: (dict(event),)))
    with pytest.raises(PictureFailed, match="damaged"):
        await read_picture(connect(), prompt, scripted)
    assert len(scripted.requests) == 1


async def test_a_large_picture_arrives_whole(connect: Connect, prompt: Prompt, scripted: ScriptedModel) -> None:
    data = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8_000
    result = base64.b64encode(data).decode()
    item = {"id": "ig_x", "type": "image_generation_call", "status": "completed", "result": result}
    event = {"type": "response.output_item.done", "output_index": 9, "item": item}
    scripted.fail(StreamFault(Point(), Ending.GO_ON, lambda _response: (dict(event),)))
    reply = await read(connect(), replace(prompt, drawing=OFFERED))
    assert [picture.data for picture in pictures_in(reply)] == [data]


async def test_stopping_hangs_up_on_a_drawing(connect: Connect, prompt: Prompt, scripted: ScriptedModel) -> None:
    scripted.script = scripts.draw()
    hold = scripted.hold(event=COMPLETED)
    reading = asyncio.create_task(read(connect(), replace(prompt, drawing=ORDERED)))
    await hold.reached.wait()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    await scripted.wait_for(lambda calls: calls[0].disconnected_at is not None)


async def test_statuses_come_only_before_the_text(connect: Connect, prompt: Prompt, scripted: ScriptedModel) -> None:
    scripted.script = scripts.draw(before="Look:")
    reply = await read(connect(), replace(prompt, drawing=OFFERED))
    begins = next(index for index, event in enumerate(reply) if isinstance(event, TextDelta))
    assert not any(isinstance(event, StatusChange) for event in reply[begins:])
