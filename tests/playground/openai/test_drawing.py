"""Pictures from the image tool, as the real client receives them."""

import asyncio
import base64
import io
from typing import Any

import openai
import pytest
from openai import AsyncOpenAI
from openai.types.responses import Response
from openai.types.responses.response_output_item import ImageGenerationCall
from PIL import Image

from playground.openai import faults
from playground.openai.drawings import Drawing
from playground.openai.model import ScriptedModel
from playground.openai.scripts import Answer, Pace, draw, refuse_to_draw, say
from tests.playground.openai.samples import OTHER_PNG, PNG, alike, with_pictures

TOOL: dict[str, Any] = {"type": "image_generation", "output_format": "jpeg"}
ASK: dict[str, Any] = {"model": "gpt-6-luna", "input": "A red kite", "reasoning": {"effort": "none"}, "tools": [TOOL]}
FORCED = {**ASK, "tool_choice": {"type": "image_generation"}}
CALL = "response.image_generation_call"
BEFORE = ["response.created", "response.in_progress"]
DRAWN = ["response.output_item.added", f"{CALL}.in_progress", f"{CALL}.generating"]
AFTER = [f"{CALL}.completed", "response.output_item.done", "response.completed"]


async def read(client: AsyncOpenAI, **changes: Any) -> list[Any]:
    async with await client.responses.create(**{**FORCED, **changes}, stream=True) as stream:
        return [event async for event in stream]


def kinds(events: list[Any]) -> list[str]:
    return [event.type for event in events]


def drawings(response: Response) -> list[ImageGenerationCall]:
    return [item for item in response.output if item.type == "image_generation_call"]


def picture(call: ImageGenerationCall) -> bytes:
    assert call.result is not None
    return base64.b64decode(call.result)


async def one(client: AsyncOpenAI, **changes: Any) -> ImageGenerationCall:
    """The one drawing of an answer that does not stream."""
    response: Response = await client.responses.create(**{**FORCED, **changes})
    [call] = drawings(response)
    return call


async def test_a_drawing_comes_in_the_order_of_the_api(client: AsyncOpenAI) -> None:
    assert kinds(await read(client)) == [*BEFORE, *DRAWN, *AFTER]


async def test_the_result_comes_with_the_item_and_once_more_at_the_end(
    model: ScriptedModel, client: AsyncOpenAI
) -> None:
    *_, done, completed = await read(client)
    [again] = drawings(completed.response)
    assert done.item.result == again.result
    assert model.requests[0].drawn == (picture(again),)
    assert (again.status, again.action, again.output_format) == ("completed", "generate", "jpeg")
    assert (again.size, again.quality, again.background) == ("1024x1024", "medium", "opaque")
    assert again.revised_prompt == "An illustration: A red kite"


@pytest.mark.parametrize("output_format", ["png", "jpeg", "webp"])
async def test_a_picture_is_real_and_in_the_format_that_was_asked_for(client: AsyncOpenAI, output_format: str) -> None:
    call = await one(client, tools=[{**TOOL, "output_format": output_format, "size": "1536x1024"}])
    with Image.open(io.BytesIO(picture(call))) as image:
        image.load()
        assert (image.format, image.width * 2, call.size) == (output_format.upper(), image.height * 3, "1536x1024")


async def test_partial_pictures_come_before_and_become_finer(client: AsyncOpenAI) -> None:
    events = await read(client, tools=[{**TOOL, "partial_images": 3}])
    assert kinds(events) == [*BEFORE, *DRAWN, *[f"{CALL}.partial_image"] * 3, *AFTER]
    partials = [event for event in events if event.type == f"{CALL}.partial_image"]
    assert [event.partial_image_index for event in partials] == [0, 1, 2]
    widths = [Image.open(io.BytesIO(base64.b64decode(event.partial_image_b64))).width for event in partials]
    assert widths == sorted(set(widths))


async def test_other_words_make_another_picture_and_the_same_words_the_same(client: AsyncOpenAI) -> None:
    first, same, other = [await one(client, input=text) for text in ("A red kite", "A red kite", "A blue kite")]
    assert picture(first) == picture(same)
    assert picture(first) != picture(other)


async def test_an_edit_depends_on_the_picture_that_it_began_with(model: ScriptedModel, client: AsyncOpenAI) -> None:
    edits = [await one(client, input=with_pictures("Bluer", source)) for source in (PNG, OTHER_PNG)]
    assert [call.action for call in edits] == ["edit", "edit"]
    assert picture(edits[0]) != picture(edits[1])
    assert [call.pictures for call in model.requests] == [(PNG,), (OTHER_PNG,)]


async def test_a_second_edit_can_be_seen_to_begin_with_the_first_one(model: ScriptedModel, client: AsyncOpenAI) -> None:
    png = {**TOOL, "output_format": "png"}
    first = picture(await one(client, tools=[png]))
    await one(client, tools=[png], input=with_pictures("Bluer", first))
    assert model.requests[1].pictures == model.requests[0].drawn


async def test_a_picture_is_known_again_in_another_format_and_size(client: AsyncOpenAI) -> None:
    formats = ("png", "jpeg", "webp")
    first, *others = [
        picture(await one(client, tools=[{**TOOL, "output_format": name, "size": size}]))
        for name, size in zip(formats, ("1024x1024", "2048x2048", "1536x1024"), strict=True)
    ]
    assert all(alike(first, other) for other in others)
    assert not alike(first, picture(await one(client, input="A blue kite")))


async def test_a_new_picture_takes_nothing_from_those_in_sight(client: AsyncOpenAI) -> None:
    tools = [{**TOOL, "action": "generate"}]
    calls = [await one(client, tools=tools, input=with_pictures("A kite", source)) for source in (PNG, OTHER_PNG)]
    assert [call.action for call in calls] == ["generate", "generate"]
    assert picture(calls[0]) == picture(calls[1])


async def test_a_model_left_to_itself_may_draw_anew_as_well(model: ScriptedModel, client: AsyncOpenAI) -> None:
    model.script = lambda _request: Answer((), drawings=(Drawing(action="generate"),))
    assert (await one(client, input=with_pictures("A kite", PNG))).action == "generate"


async def test_words_may_stand_around_a_picture(model: ScriptedModel, client: AsyncOpenAI) -> None:
    model.script = draw("A kite in the wind", before="Here it is: ", after="Do you like it?")
    response = await client.responses.create(**ASK)
    assert [item.type for item in response.output] == ["message", "image_generation_call", "message"]
    assert response.output_text == "Here it is: Do you like it?"
    assert drawings(response)[0].revised_prompt == "A kite in the wind"


async def test_an_answer_may_have_several_pictures_up_to_the_limit_of_calls(
    model: ScriptedModel, client: AsyncOpenAI
) -> None:
    model.script = lambda _request: Answer((), drawings=(Drawing("One"), Drawing("Two"), Drawing("Three")))
    for limit, count in ((2, 2), (1, 1), (None, 3)):
        response: Response = await client.responses.create(**ASK, max_tool_calls=limit)
        assert len(drawings(response)) == count
        assert len({item.id for item in response.output}) == count


async def test_moderation_ends_in_a_failed_item(model: ScriptedModel, client: AsyncOpenAI) -> None:
    model.script = refuse_to_draw("violence", "self-harm", after="I can't draw that.")
    events = await read(client)
    assert f"{CALL}.completed" not in kinds(events)
    response = events[-1].response
    [call] = drawings(response)
    assert (call.status, call.result) == ("failed", None)
    assert call.error is not None
    assert call.error.code == "moderation_blocked"
    assert call.error.moderation_details is not None
    assert call.error.moderation_details.categories == ["violence", "self-harm"]
    assert (response.status, response.output_text) == ("completed", "I can't draw that.")
    assert response.tool_usage.image_gen.total_tokens == 0


async def test_what_the_drawing_cost_is_told_apart_from_the_model(client: AsyncOpenAI) -> None:
    costs = []
    for size, partials in (("1024x1024", 0), ("1024x1024", 2), ("2048x1024", 0)):
        tool = {**TOOL, "size": size, "quality": "high", "partial_images": partials}
        response = (await read(client, tools=[tool]))[-1].response
        costs.append(response.tool_usage.image_gen.output_tokens)
    assert costs == [1757, 1957, 3514]
    edit = await client.responses.create(**{**FORCED, "input": with_pictures("Bluer", PNG)})
    assert edit.tool_usage is not None
    assert edit.tool_usage.image_gen.input_tokens_details.image_tokens > 0
    plain = await client.responses.create(model="gpt-6-luna", input="Hello")
    assert plain.tool_usage is None


async def test_a_long_drawing_keeps_the_line_alive(model: ScriptedModel, client: AsyncOpenAI) -> None:
    model.script = draw(keepalives=3, pace=Pace(drawing=0.02))
    started = asyncio.get_running_loop().time()
    events = await read(client)
    assert asyncio.get_running_loop().time() - started >= 4 * 0.02
    assert kinds(events) == [*BEFORE, *DRAWN, *["keepalive"] * 3, *AFTER]


async def test_a_drawing_can_be_held(model: ScriptedModel, client: AsyncOpenAI) -> None:
    hold = model.hold(event=f"{CALL}.generating")
    reading = asyncio.create_task(read(client))
    await asyncio.wait_for(hold.reached.wait(), 30)
    assert not reading.done()
    hold.release()
    assert kinds(await reading) == [*BEFORE, *DRAWN, *AFTER]


async def test_the_line_can_break_in_the_middle_of_a_drawing(model: ScriptedModel, client: AsyncOpenAI) -> None:
    model.fail(faults.at(f"{CALL}.partial_image", faults.reset(), after=1))
    with pytest.raises(openai.APIConnectionError):
        await read(client, tools=[{**TOOL, "partial_images": 2}])
    assert model.requests[0].events == 6


async def test_an_answer_that_is_cut_off_has_no_picture(model: ScriptedModel, client: AsyncOpenAI) -> None:
    model.script = draw(before="Here it is")
    model.fail(faults.incomplete("max_output_tokens", after=1))
    response = (await read(client))[-1].response
    assert (response.status, drawings(response)) == ("incomplete", [])


async def test_a_model_that_is_not_forced_may_answer_in_words(model: ScriptedModel, client: AsyncOpenAI) -> None:
    assert (await client.responses.create(**ASK)).output_text == "A red kite"
    model.script = say("I would rather not.")
    assert (await client.responses.create(**FORCED)).output_text == "I would rather not."


async def test_required_forces_the_only_tool(client: AsyncOpenAI) -> None:
    assert len(drawings(await client.responses.create(**ASK, tool_choice="required"))) == 1


@pytest.mark.parametrize(
    "changes",
    [{"tools": []}, {"tools": [TOOL], "tool_choice": "none"}],
)
async def test_a_script_cannot_draw_without_the_tool(
    model: ScriptedModel, client: AsyncOpenAI, changes: dict[str, Any]
) -> None:
    model.script = draw()
    with pytest.raises(openai.InternalServerError):
        await client.responses.create(**{**ASK, **changes})


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"tools": [{"type": "web_search"}]}, "tool_choice"),
        ({"model": "gpt-5.4-mini"}, "tools"),
        ({"tools": [{**TOOL, "action": "edit"}]}, "tools"),
        ({"tools": [{**TOOL, "model": "gpt-image-1"}]}, "tools[0].model"),
        ({"max_tool_calls": 0}, "max_tool_calls"),
    ],
)
async def test_refuses_what_cannot_be_drawn(client: AsyncOpenAI, changes: dict[str, Any], param: str) -> None:
    with pytest.raises(openai.BadRequestError) as refusal:
        await client.responses.create(**{**FORCED, **changes})
    assert (refusal.value.param, refusal.value.type) == (param, "invalid_request_error")
