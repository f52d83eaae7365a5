"""`POST /v1/audio/transcriptions`; it does not stream here.

Parameters and their rules: `openai.types.audio.transcription_create_params`.
"""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from aiohttp import web

from playground.openai.calls import Call, Kind
from playground.openai.catalog import ListedModel, listed_model
from playground.openai.errors import (
    ApiError,
    invalid,
    missing_parameter,
    model_not_found,
    unknown_parameter,
    unsupported_parameter,
    unsupported_value,
)
from playground.openai.fields import one_of
from playground.openai.forms import Form, Upload, read_form
from playground.openai.requests import rough_tokens
from playground.openai.serving import MODEL, fault_met, remembered, shown_headers

NEWEST = "gpt-transcribe"
_OLD = ("gpt-4o-transcribe", "gpt-4o-mini-transcribe", "gpt-4o-mini-transcribe-2025-12-15")

AUDIO_MODELS: Mapping[str, ListedModel] = {
    model.id: model
    for model in (
        listed_model(NEWEST, "2026-08-26"),
        listed_model("whisper-1", "2023-03-01", "2027-02-26"),
        *(listed_model(name, "2025-03-20", "2027-02-26") for name in _OLD),
    )
}

EXTENSIONS = ("flac", "m4a", "mp3", "mp4", "mpeg", "mpga", "oga", "ogg", "wav", "webm")
LARGEST = 25 * 1024 * 1024

_FIELDS = ("model", "language", "languages", "keywords", "prompt", "response_format", "temperature", "stream")
_LISTS = ("languages", "keywords")
_FORMATS = ("json", "text", "srt", "verbose_json", "vtt")
_BYTES_A_SECOND = 8_000


async def transcribe(http: web.Request) -> web.Response:
    """Say what is said in a recording."""
    model = http.app[MODEL]
    form = await read_form(http)
    call = Call(form.fields(lists=_LISTS), shown_headers(http), Kind.TRANSCRIPTION)
    with remembered(model, call):
        response_format = _check_fields(call.body)
        file = _check_file(form)
        call.recording = (file.name, file.content)
        if replaced := await fault_met(http, model, call):
            return replaced
        text = model.transcribe(file.name, file.content)
        call.status = 200
        if response_format == "text":
            return web.Response(text=f"{text}\n")
        return web.json_response({"text": text, "usage": _usage(call.body["model"], file, text)})


def _check_fields(fields: Mapping[str, Any]) -> str:
    """The format of the answer. Raises ApiError."""
    for name in fields:
        if name not in _FIELDS:
            raise unknown_parameter(name)
    if "model" not in fields:
        raise missing_parameter("model")
    name = fields["model"]
    if name not in AUDIO_MODELS:
        raise model_not_found(name)
    for option in _LISTS:
        if option in fields and name != NEWEST:
            raise unsupported_parameter(option)
    for language in (*fields.get("languages", ()), *([fields["language"]] if "language" in fields else ())):
        if not (language.isascii() and language.isalpha() and len(language) in (2, 3)):
            raise invalid("language", f"'{language}' is not a language in ISO-639-1 format.", "invalid_language_format")
    if fields.get("stream", "false") != "false":
        raise unsupported_parameter("stream")
    _check_temperature(fields.get("temperature", "0"))
    given = one_of(fields.get("response_format", "json"), "response_format", _FORMATS)
    supported = ("json",) if name in _OLD else ("json", "text")
    if given not in supported:
        raise unsupported_value("response_format", given, supported)
    return given


def _check_temperature(text: str) -> None:
    try:
        fits = 0 <= float(text) <= 1
    except ValueError:
        fits = False
    if not fits:
        raise invalid("temperature", "expected a decimal between 0 and 1.")


def _check_file(form: Form) -> Upload:
    form.check_files(("file",))
    if "file" not in form.files:
        raise missing_parameter("file")
    file = form.files["file"][0]
    if len(file.content) > LARGEST:
        message = f"Maximum content size limit ({LARGEST}) exceeded ({len(file.content)} bytes read)"
        raise ApiError(413, message, None, None)
    if PurePath(file.name).suffix.lower().lstrip(".") not in EXTENSIONS:
        raise ApiError(400, f"Unrecognized file format. Supported formats: {list(EXTENSIONS)}", "invalid_value", "file")
    if not file.content:
        raise ApiError(400, "Audio file might be corrupted or unsupported.", "invalid_value", "file")
    return file


def _usage(model: str, file: Upload, text: str) -> dict[str, Any]:
    """The newest model and the oldest one are paid by time, those between by tokens."""
    if model not in _OLD:
        return {"type": "duration", "seconds": max(1, len(file.content) // _BYTES_A_SECOND)}
    heard, written = max(1, len(file.content) // 1_000), rough_tokens(text)
    return {"type": "tokens", "input_tokens": heard, "output_tokens": written, "total_tokens": heard + written}
