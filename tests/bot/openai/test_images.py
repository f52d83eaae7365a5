"""Ordered pictures, by the image tool and by the Images API."""

import asyncio
import io
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import pytest
from openai import AsyncOpenAI
from PIL import Image

from bot.domain.errors import AnswerCutOff, AnswerRefused, ModelBusy, ModelError, ModelStalled, RequestRejected
from bot.domain.files import Picture
from bot.domain.models import Action, Drawing, Order, PicturePart, Prompt, PromptMessage, Role, TextPart
from bot.domain.reply import DRAWING, Done, ImageReady, ReplyEvent, StatusChange
from bot.domain.settings import Detail, ImageBackground
from bot.domain.usage import Unfinished, Usage
from bot.openai.errors import ImageModelUnknown, NobodyDraws, PictureFailed, ProviderTrouble
from bot.openai.images import ImagesBackend, ToolBackend, drawing_prompt, drawn_in, images_parameters
from bot.openai.patience import Patience
from bot.openai.pictures import DRAWINGS_AT_ONCE
from bot.openai.retries import RetryPolicy
from playground.openai import drawings, faults
from playground.openai.calls import Kind
from playground.openai.faults import Fault, HttpFault
from playground.openai.model import ScriptedModel
from tests.doubles.model import PICTURE
from tests.doubles.model import ScriptedModel as ModelDouble

HURRY = RetryPolicy(first_pause=0.01)
USER, ASSISTANT = Role.USER, Role.ASSISTANT


def picture(colour: str, name: str = "a secret name.png") -> Picture:
    file = io.BytesIO()
    Image.new("RGB", (32, 32), colour).save(file, "PNG")
    return Picture(name, "image/png", file.getvalue(), 32, 32)


RED, BLUE = picture("red"), picture("blue")


@pytest.fixture
def order(prompt: Prompt) -> Order:
    return Order(prompt, Action.GENERATE, "a lighthouse")


@pytest.fixture
def edit(prompt: Prompt) -> Order:
    return Order(prompt, Action.EDIT, "bluer", (RED, BLUE))


async def read(backend: ImagesBackend | ToolBackend, order: Order) -> list[ReplyEvent]:
    async with asyncio.timeout(60), aclosing(backend.draw(order)) as events:
        return [event async for event in events]


def part(source: Picture) -> PicturePart:
    return PicturePart(source.data, "image/png", Detail.HIGH)


async def test_the_tool_is_asked_for_one_picture(order: Order) -> None:
    model = ModelDouble((DRAWING, PICTURE, Done()))
    assert await read(ToolBackend(model), order) == [DRAWING, PICTURE, Done()]
    assert model.prompts == [replace(order.prompt, drawing=Drawing(Action.GENERATE, must=True))]


def test_the_model_sees_the_sources_in_the_newest_message(edit: Order) -> None:
    prompt = drawing_prompt(edit)
    assert prompt.drawing == Drawing(Action.EDIT, must=True)
    assert prompt.messages[:-1] == edit.prompt.messages[:-1]
    assert prompt.messages[-1] == replace(edit.prompt.messages[-1], parts=(part(RED), part(BLUE)))


FILE = TextPart("a file")


@pytest.mark.parametrize(
    ("messages", "newest"),
    [
        ((PromptMessage(USER, "Bluer", (FILE,)),), PromptMessage(USER, "Bluer", (FILE, part(RED)))),
        ((PromptMessage(ASSISTANT, "Here"),), PromptMessage(USER, "", (part(RED),))),
        ((), PromptMessage(USER, "", (part(RED),))),
    ],
)
def test_sources_stand_after_all_else(
    prompt: Prompt, messages: tuple[PromptMessage, ...], newest: PromptMessage
) -> None:
    order = Order(replace(prompt, messages=messages), Action.EDIT, "bluer", (RED,))
    assert drawing_prompt(order).messages[-1] == newest


async def test_the_images_api_draws(client: AsyncOpenAI, scripted: ScriptedModel, order: Order) -> None:
    told: list[tuple[str, Usage | Unfinished]] = []
    paying = replace(order, prompt=replace(order.prompt, charge=lambda model, usage: told.append((model, usage))))
    status, image, done = await read(ImagesBackend(client, Patience(), HURRY), paying)
    assert status == DRAWING
    assert isinstance(image, ImageReady)
    assert image.data == scripted.calls[0].drawn[0]
    assert image.media_type == "image/jpeg"
    assert image.prompt == "a lighthouse"
    assert isinstance(done, Done)
    ((painter, usage),) = told
    assert isinstance(usage, Usage)
    assert usage.output_tokens > 0
    assert painter == image.model
    assert image.model == done.model == "gpt-image-2.5-flare"
    body = scripted.calls[0].body
    assert body["model"] == "gpt-image-2.5-flare"
    assert body["prompt"] == "a lighthouse"
    assert "response_format" not in body


async def test_the_images_api_changes_pictures(client: AsyncOpenAI, scripted: ScriptedModel, edit: Order) -> None:
    assert any(isinstance(event, ImageReady) for event in await read(ImagesBackend(client, Patience(), HURRY), edit))
    call = scripted.calls[0]
    assert call.kind is Kind.EDIT
    assert call.pictures == (RED.data, BLUE.data)
    assert call.body["model"] == "gpt-image-2.5-sunburst"


async def test_only_the_newest_sources_fit(client: AsyncOpenAI, scripted: ScriptedModel, edit: Order) -> None:
    await read(ImagesBackend(client, Patience(), HURRY), replace(edit, sources=(RED,) * 10 + (BLUE,) * 16))
    assert scripted.calls[0].pictures == (BLUE.data,) * 16


async def test_a_forbidden_picture_is_refused(client: AsyncOpenAI, scripted: ScriptedModel, order: Order) -> None:
    scripted.draw = lambda _commission: drawings.Drawing(blocked=("violence",))
    with pytest.raises(AnswerRefused) as raised:
        await read(ImagesBackend(client, Patience(), HURRY), order)
    assert "picture" in raised.value.explanation
    assert len(scripted.calls) == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (faults.server_error(), ProviderTrouble),
        (faults.overloaded(), ModelBusy),
        (faults.html_page(), PictureFailed),
        (faults.error_with_200(), PictureFailed),
        (faults.reset(), AnswerCutOff),
    ],
)
async def test_what_may_have_been_paid_for_is_not_asked_again(
    client: AsyncOpenAI, scripted: ScriptedModel, order: Order, fault: Fault, error: type[ModelError]
) -> None:
    scripted.fail(fault, kind=Kind.GENERATION)
    with pytest.raises(error):
        await read(ImagesBackend(client, Patience(), HURRY), order)
    assert len(scripted.calls) == 1


async def test_what_the_rate_limit_turned_away_is_asked_again(
    client: AsyncOpenAI, scripted: ScriptedModel, order: Order
) -> None:
    scripted.fail(faults.rate_limited(), kind=Kind.GENERATION)
    reply = await read(ImagesBackend(client, Patience(), HURRY), order)
    waiting = StatusChange("waiting 1 second because OpenAI is busy")
    assert reply[:3] == [DRAWING, waiting, DRAWING]
    assert len(scripted.calls) == 2


async def test_the_images_api_has_its_time_limit(client: AsyncOpenAI, scripted: ScriptedModel, order: Order) -> None:
    scripted.hold(kind=Kind.GENERATION)
    with pytest.raises(ModelStalled):
        await read(ImagesBackend(client, Patience(idle=0.05, drawing=0.2), HURRY), order)


async def test_only_so_many_are_drawn_at_a_time(client: AsyncOpenAI, scripted: ScriptedModel, order: Order) -> None:
    backend = ImagesBackend(client, Patience(), HURRY)
    holds = [scripted.hold(kind=Kind.GENERATION) for _ in range(DRAWINGS_AT_ONCE)]
    drawing = [asyncio.create_task(read(backend, order)) for _ in holds]
    await asyncio.gather(*(hold.reached.wait() for hold in holds))
    waiting = asyncio.create_task(read(backend, order))
    for hold in holds:
        hold.release()
    await asyncio.gather(*drawing)
    assert (await waiting)[:2] == [StatusChange("waiting: you are number 1 in line"), DRAWING]


async def test_a_quality_that_the_server_does_not_know_is_left_out_from_then_on(
    client: AsyncOpenAI, scripted: ScriptedModel, order: Order
) -> None:
    backend = ImagesBackend(client, Patience(), HURRY)
    scripted.fail(faults.bad_request("unknown_parameter", "quality"), kind=Kind.GENERATION)
    await read(backend, order)
    await read(backend, order)
    assert ["quality" in call.body for call in scripted.calls] == [True, False, False]


async def test_a_rejected_order_is_told(client: AsyncOpenAI, scripted: ScriptedModel, order: Order) -> None:
    scripted.fail(faults.bad_request("invalid_value", "prompt"), times=2, kind=Kind.GENERATION)
    with pytest.raises(RequestRejected):
        await read(ImagesBackend(client, Patience(), HURRY), order)


@pytest.mark.parametrize(
    "fault",
    [
        HttpFault(404, b"404 page not found", "text/plain"),
        HttpFault(404, b'{"detail": "Not Found"}'),
        HttpFault(404, b'{"error": {"code": 404, "message": "File Not Found", "type": "not_found_error"}}'),
        HttpFault(405, b'{"detail": "Method Not Allowed"}'),
        HttpFault(501, b"Not Implemented", "text/plain"),
    ],
)
async def test_a_server_without_the_images_api_is_no_matter_of_the_model(
    client: AsyncOpenAI, scripted: ScriptedModel, order: Order, fault: Fault
) -> None:
    scripted.fail(fault, kind=Kind.GENERATION)
    with pytest.raises(NobodyDraws) as raised:
        await read(ImagesBackend(client, Patience(), HURRY), order)
    assert "choose" not in raised.value.explanation
    assert "OPENAI_IMAGE_BACKEND" in str(raised.value)


@pytest.mark.parametrize(
    "fault",
    [
        faults.model_gone("gpt-image-2.5-flare"),
        faults.bad_request("invalid_value", "model"),
        faults.forbidden(),
        HttpFault(404, b'{"error": {"message": "model \'gpt-image-2.5-flare\' not found"}}'),
        HttpFault(403, b'{"error": {"message": "Verify your organization to use gpt-image-2.5-flare."}}'),
    ],
)
async def test_a_model_that_the_images_api_does_not_have_is_named(
    client: AsyncOpenAI, scripted: ScriptedModel, order: Order, fault: Fault
) -> None:
    scripted.fail(fault, kind=Kind.GENERATION)
    with pytest.raises(ImageModelUnknown, match="GPT_IMAGE_MODEL") as raised:
        await read(ImagesBackend(client, Patience(), HURRY), order)
    assert "(gpt-image-2.5-flare) is not available" in raised.value.explanation
    assert len(scripted.calls) == 1


def test_an_order_has_the_wish_and_the_settings(prompt: Prompt) -> None:
    settings = replace(prompt.settings, image_size="1024x1536", image_background=ImageBackground.TRANSPARENT)
    wish = "a cat" + "!" * 40_000
    parameters = images_parameters(Order(replace(prompt, settings=settings), Action.GENERATE, wish))
    assert parameters.pop("prompt") == wish[:32_000]
    assert "U1" not in parameters.pop("safety_identifier")
    assert parameters == {
        "model": "gpt-image-2.5-flare",
        "size": "1024x1536",
        "quality": "medium",
        "background": "transparent",
        "output_format": "png",
    }


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"data": [{"url": "https://example.com/cat.png"}]}, "an address"),
        ({"data": []}, "no picture"),
        ({"data": None}, "no picture"),
        ({"data": [{"b64_json": ""}]}, "no picture"),
        ({}, "no picture"),
        ("<html>", "no picture"),
    ],
)
def test_an_answer_without_a_picture_is_an_error(answer: Any, reason: str) -> None:
    with pytest.raises(PictureFailed, match=reason):
        drawn_in(answer, "a cat")
