"""`POST /v1/images/generations` and `POST /v1/images/edits`; neither streams here.

Parameters and their rules: `openai.types.image_generate_params` and `openai.types.image_edit_params`.
"""

import asyncio
import base64
import time
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from playground.openai.calls import Call, Kind
from playground.openai.data_urls import check_is
from playground.openai.drawings import Commission, carry_out, moderation_error, usage_of
from playground.openai.errors import ApiError, invalid, missing_parameter, unknown_parameter, unsupported_parameter
from playground.openai.fields import a_string, an_integer, an_object
from playground.openai.forms import Form, Upload, read_form
from playground.openai.image_models import IMAGE_MODELS
from playground.openai.image_options import OPTIONS, PREVIEWS, parse_options
from playground.openai.model import ScriptedModel
from playground.openai.requests import rough_tokens
from playground.openai.serving import MODEL, fault_met, read_json, remembered, shown_headers

_FIELDS = {"prompt", "n", "stream", "user", "safety_identifier", *OPTIONS, *PREVIEWS}
_NUMBERS = ("n", "output_compression", "partial_images")
_LONGEST_PROMPT = 32_000
_MOST_SOURCES = 16
_LARGEST_SOURCE, _LARGEST_MASK = 50_000_000, 4_000_000
_SOURCE_TYPES = ("image/png", "image/webp", "image/jpeg")


async def generate_images(http: web.Request) -> web.Response:
    """Draw pictures from a prompt."""
    model = http.app[MODEL]
    call = Call(await read_json(http), shown_headers(http), Kind.GENERATION)
    with remembered(model, call):
        fields = an_object(call.body, "body")
        if "input_fidelity" in fields:
            raise unknown_parameter("input_fidelity")
        return await _draw(http, model, call, fields)


async def edit_images(http: web.Request) -> web.Response:
    """Draw pictures from a prompt and from other pictures."""
    model = http.app[MODEL]
    form = await read_form(http)
    call = Call(form.fields(_NUMBERS), shown_headers(http), Kind.EDIT)
    with remembered(model, call):
        call.pictures = _check_sources(form)
        return await _draw(http, model, call, call.body)


async def _draw(http: web.Request, model: ScriptedModel, call: Call, fields: Mapping[str, Any]) -> web.Response:
    commission, count = _commission(fields, call.pictures)
    if replaced := await fault_met(http, model, call):
        return replaced
    drawings = [model.draw(commission) for _ in range(count)]
    works = tuple([await asyncio.to_thread(carry_out, drawing, commission) for drawing in drawings])
    call.drawn = tuple(work.image for work in works if work.image is not None)
    for work in works:
        if work.image is None:
            error = moderation_error(work.drawing.blocked)
            raise ApiError(400, error["message"], error["code"], kind=error["type"])
    call.status = 200
    data = [{"b64_json": base64.b64encode(image).decode("ascii")} for image in call.drawn]
    usage = usage_of(works, rough_tokens(commission.prompt))
    return web.json_response(
        {"created": int(time.time()), "data": data, "usage": usage, **commission.options.described}
    )


def _commission(fields: Mapping[str, Any], sources: tuple[bytes, ...]) -> tuple[Commission, int]:
    """What is to be drawn, and how often. Raises ApiError."""
    for name in fields:
        if name not in _FIELDS:
            raise unknown_parameter(name)
    for name in ("prompt", "model"):
        if fields.get(name) is None:
            raise missing_parameter(name)
    if fields.get("stream") not in (None, False, "false"):
        raise unsupported_parameter("stream")
    for name in ("user", "safety_identifier"):
        if fields.get(name) is not None:
            a_string(fields[name], name)
    prompt = a_string(fields["prompt"], "prompt", _LONGEST_PROMPT)
    if not prompt:
        raise invalid("prompt", "string too short. Expected a string with minimum length 1.", "string_below_min_length")
    count = 1 if fields.get("n") is None else an_integer(fields["n"], "n", 1, 10)
    options = parse_options(fields)
    if options.partial_images:
        raise invalid("partial_images", "only allowed when 'stream' is enabled.")
    return Commission(prompt, options, sources), count


def _check_sources(form: Form) -> tuple[bytes, ...]:
    form.check_files(("image", "mask", "markup"))
    images = form.files.get("image", ())
    if not images:
        raise missing_parameter("image")
    if len(images) > _MOST_SOURCES:
        reason = f"array too long. Expected at most {_MOST_SOURCES} images, but got {len(images)} instead."
        raise invalid("image", reason, "array_above_max_length")
    for image in images:
        _check_picture(image, "image", _SOURCE_TYPES, _LARGEST_SOURCE)
    overlays = [name for name in ("mask", "markup") if name in form.files]
    for name in overlays:
        _check_picture(form.files[name][0], name, ("image/png",), _LARGEST_MASK)
    if len(overlays) == 2:
        raise ApiError(400, "Mutually exclusive parameters: 'mask' and 'markup'.", "mutually_exclusive_parameters")
    card = IMAGE_MODELS.get(form.texts.get("model", ("",))[-1])
    if "markup" in overlays and card is not None and not card.markup:
        raise unsupported_parameter("markup")
    return tuple(image.content for image in images)


def _check_picture(upload: Upload, param: str, types: tuple[str, ...], largest: int) -> None:
    if upload.media_type not in types:
        message = f"Invalid file '{param}': unsupported mimetype ('{upload.media_type}'). Supported: {list(types)}."
        raise ApiError(400, message, "unsupported_file_mimetype", param)
    if not upload.content:
        raise ApiError(400, "The image file is empty.", "empty_image_file", param)
    if len(upload.content) > largest:
        raise ApiError(400, f"Image file is too large. Maximum is {largest} bytes.", "image_file_too_large", param)
    check_is(upload.content, upload.media_type, param)
