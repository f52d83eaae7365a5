"""The Images API, as the real client meets it."""

import asyncio
import base64
import io
from typing import Any

import openai
import pytest
from aiohttp import ClientSession
from openai import AsyncOpenAI
from openai.types import ImagesResponse
from PIL import Image

from playground.openai import faults
from playground.openai.calls import Kind
from playground.openai.drawings import Drawing
from playground.openai.model import API_KEY, ScriptedModel
from playground.openai.server import OpenAIServer
from tests.playground.openai.samples import JPEG, PNG, WEBP

ASK: dict[str, Any] = {"model": "gpt-image-2.5-flare", "prompt": "A red kite"}
EDIT: dict[str, Any] = {**ASK, "image": ("a.png", PNG, "image/png")}


def pictures(response: ImagesResponse) -> list[bytes]:
    return [base64.b64decode(image.b64_json or "") for image in response.data or ()]


async def test_draws_as_many_pictures_as_asked_for(model: ScriptedModel, client: AsyncOpenAI) -> None:
    response = await client.images.generate(**ASK, n=3, size="1536x1024", output_format="jpeg", quality="xhigh")
    assert len(pictures(response)) == 3
    assert (response.size, response.quality, response.output_format) == ("1536x1024", "xhigh", "jpeg")
    assert response.usage is not None
    assert response.usage.total_tokens == response.usage.input_tokens + response.usage.output_tokens
    with Image.open(io.BytesIO(pictures(response)[0])) as image:
        assert (image.format, image.width * 2) == ("JPEG", image.height * 3)
    [call] = model.of(Kind.GENERATION)
    assert (list(call.drawn), call.status, model.requests) == (pictures(response), 200, [])


async def test_an_edit_brings_its_pictures_in_order(model: ScriptedModel, client: AsyncOpenAI) -> None:
    sources = [("a.png", PNG, "image/png"), ("b.jpg", JPEG, "image/jpeg"), ("c.webp", WEBP, "image/webp")]
    one = await client.images.edit(**EDIT)
    several = await client.images.edit(**{**EDIT, "image": sources}, n=1, mask=("m.png", PNG, "image/png"))
    assert [call.pictures for call in model.of(Kind.EDIT)] == [(PNG,), (PNG, JPEG, WEBP)]
    assert model.of(Kind.EDIT)[0].body == ASK
    assert pictures(one) != pictures(several)
    assert pictures(one) != pictures(await client.images.generate(**ASK))


@pytest.mark.parametrize(
    ("changes", "code", "param"),
    [
        ({"model": openai.omit}, "missing_required_parameter", "model"),
        ({"prompt": ""}, "string_below_min_length", "prompt"),
        ({"prompt": "x" * 32_001}, "string_above_max_length", "prompt"),
        ({"model": "dall-e-3"}, "invalid_value", "model"),
        ({"model": "gpt-image-1"}, "invalid_value", "model"),
        ({"n": 0}, "integer_below_min_value", "n"),
        ({"n": 11}, "integer_above_max_value", "n"),
        ({"size": "100x100"}, "invalid_value", "size"),
        ({"quality": "hd"}, "invalid_value", "quality"),
        ({"response_format": "b64_json"}, "unknown_parameter", "response_format"),
        ({"style": "vivid"}, "unknown_parameter", "style"),
        ({"extra_body": {"input_fidelity": "high"}}, "unknown_parameter", "input_fidelity"),
        ({"partial_images": 1}, "invalid_value", "partial_images"),
        ({"stream": True}, "unsupported_parameter", "stream"),
    ],
)
async def test_refuses_other_generations(client: AsyncOpenAI, changes: dict[str, Any], code: str, param: str) -> None:
    with pytest.raises(openai.BadRequestError) as refusal:
        await client.images.generate(**{**ASK, **changes})
    assert (refusal.value.code, refusal.value.param) == (code, param)


@pytest.mark.parametrize(
    ("changes", "code", "param"),
    [
        ({"image": []}, "missing_required_parameter", "image"),
        ({"image": [("a.png", PNG, "image/png")] * 17}, "array_above_max_length", "image"),
        ({"image": ("a.gif", b"GIF89a", "image/gif")}, "unsupported_file_mimetype", "image"),
        ({"image": ("a", PNG)}, "unsupported_file_mimetype", "image"),
        ({"image": ("a.png", b"", "image/png")}, "empty_image_file", "image"),
        ({"image": ("a.png", JPEG, "image/png")}, "image_parse_error", "image"),
        ({"mask": ("m.jpg", JPEG, "image/jpeg")}, "unsupported_file_mimetype", "mask"),
        ({"mask": ("m.png", PNG + bytes(4_000_000), "image/png")}, "image_file_too_large", "mask"),
        ({"model": "gpt-image-2", "markup": ("m.png", PNG, "image/png")}, "unsupported_parameter", "markup"),
        (
            {"mask": ("m.png", PNG, "image/png"), "markup": ("m.png", PNG, "image/png")},
            "mutually_exclusive_parameters",
            None,
        ),
        ({"input_fidelity": "high"}, "unsupported_parameter", "input_fidelity"),
        ({"n": 11}, "integer_above_max_value", "n"),
        ({"extra_body": {"n": "many"}}, "invalid_type", "n"),
        ({"extra_body": {"style": "vivid"}}, "unknown_parameter", "style"),
    ],
)
async def test_refuses_other_edits(
    model: ScriptedModel, client: AsyncOpenAI, changes: dict[str, Any], code: str, param: str | None
) -> None:
    with pytest.raises(openai.BadRequestError) as refusal:
        await client.images.edit(**{**EDIT, **changes})
    assert (refusal.value.code, refusal.value.param) == (code, param)
    assert model.of(Kind.EDIT)[0].status == 400


async def test_moderation_refuses_the_whole_request(model: ScriptedModel, client: AsyncOpenAI) -> None:
    model.draw = lambda commission: Drawing(blocked=("violence",) if "blood" in commission.prompt else ())
    with pytest.raises(openai.BadRequestError) as refusal:
        await client.images.generate(**{**ASK, "prompt": "blood"})
    assert (refusal.value.code, refusal.value.type) == ("moderation_blocked", "image_generation_user_error")
    assert len(pictures(await client.images.generate(**ASK))) == 1


async def test_faults_are_ordered_for_one_kind_of_call(model: ScriptedModel, client: AsyncOpenAI) -> None:
    model.fail(faults.overloaded(), kind=Kind.EDIT)
    await client.images.generate(**ASK)
    with pytest.raises(openai.InternalServerError) as failure:
        await client.images.edit(**EDIT)
    assert failure.value.code == "server_is_overloaded"
    assert [call.status for call in model.calls] == [200, 503]
    model.fail(faults.reset(), kind=Kind.GENERATION)
    with pytest.raises(openai.APIConnectionError):
        await client.images.generate(**ASK)


async def test_a_picture_can_be_held_and_the_client_can_hang_up(model: ScriptedModel, client: AsyncOpenAI) -> None:
    hold = model.hold(kind=Kind.GENERATION)
    drawing = asyncio.create_task(client.images.generate(**ASK))
    await asyncio.wait_for(hold.reached.wait(), 30)
    drawing.cancel()
    await model.wait_for(lambda _: model.calls[0].disconnected_at is not None, timeout=30)
    assert model.calls[0].ended_at is None


async def test_an_edit_is_a_form(server: OpenAIServer) -> None:
    headers = {"authorization": f"Bearer {API_KEY}"}
    url = f"{server.base_url}/images/edits"
    async with ClientSession(headers=headers) as session:
        async with session.post(url, json=ASK) as response:
            assert (response.status, (await response.json())["error"]["code"]) == (400, "unsupported_content_type")
        broken = {"content-type": "multipart/form-data; boundary=x"}
        async with session.post(url, data=b"--y\r\n", headers=broken) as response:
            assert (response.status, (await response.json())["error"]["type"]) == (400, "invalid_request_error")
