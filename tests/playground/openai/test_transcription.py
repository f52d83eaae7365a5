"""Transcription, as the real client meets it."""

from typing import Any

import openai
import pytest
from openai import AsyncOpenAI

from playground.openai import faults
from playground.openai.calls import Kind
from playground.openai.model import ScriptedModel
from playground.openai.recordings import recording
from playground.openai.transcription import LARGEST

ASK: dict[str, Any] = {"model": "gpt-transcribe", "file": ("clip.wav", recording("Bring the ladder"), "audio/wav")}


async def test_says_what_is_said(model: ScriptedModel, client: AsyncOpenAI) -> None:
    transcription = await client.audio.transcriptions.create(
        **ASK, languages=["en", "de"], keywords=["ladder"], prompt="At the works"
    )
    assert transcription.text == "Bring the ladder"
    assert transcription.usage is not None
    assert transcription.usage.type == "duration"
    [call] = model.of(Kind.TRANSCRIPTION)
    assert call.recording == ("clip.wav", recording("Bring the ladder"))
    assert call.body["languages"] == ["en", "de"]
    assert (call.status, model.requests) == (200, [])


async def test_what_is_said_can_be_told_to_the_model(model: ScriptedModel, client: AsyncOpenAI) -> None:
    model.transcribe = lambda name, content: f"{name} has {len(content)} bytes"
    file = ("Clip.M4A", b"noise", "audio/mp4")
    assert (await client.audio.transcriptions.create(**{**ASK, "file": file})).text == "Clip.M4A has 5 bytes"


async def test_text_is_text_and_old_models_are_paid_by_tokens(client: AsyncOpenAI) -> None:
    text: Any = await client.audio.transcriptions.create(**ASK, response_format="text")
    assert text == "Bring the ladder\n"
    old = await client.audio.transcriptions.create(**{**ASK, "model": "gpt-4o-transcribe"}, language="en")
    assert old.usage is not None
    assert old.usage.type == "tokens"


@pytest.mark.parametrize(
    ("changes", "status", "code", "param"),
    [
        ({"model": "gpt-6-luna"}, 404, "model_not_found", "model"),
        ({"file": ("clip.txt", b"noise")}, 400, "invalid_value", "file"),
        ({"file": ("clip", b"noise")}, 400, "invalid_value", "file"),
        ({"file": ("clip.wav", b"")}, 400, "invalid_value", "file"),
        ({"file": ("clip.wav", bytes(LARGEST + 1))}, 413, None, None),
        ({"model": "whisper-1", "languages": ["en"]}, 400, "unsupported_parameter", "languages"),
        ({"languages": ["English"]}, 400, "invalid_language_format", "language"),
        ({"language": "1"}, 400, "invalid_language_format", "language"),
        ({"temperature": 2}, 400, "invalid_value", "temperature"),
        ({"response_format": "yaml"}, 400, "invalid_value", "response_format"),
        ({"response_format": "srt"}, 400, "unsupported_value", "response_format"),
        ({"model": "gpt-4o-transcribe", "response_format": "text"}, 400, "unsupported_value", "response_format"),
        ({"stream": True}, 400, "unsupported_parameter", "stream"),
        ({"extra_body": {"style": "loud"}}, 400, "unknown_parameter", "style"),
    ],
)
async def test_refuses_other_recordings_and_wishes(
    client: AsyncOpenAI, changes: dict[str, Any], status: int, code: str | None, param: str | None
) -> None:
    with pytest.raises(openai.APIStatusError) as refusal:
        await client.audio.transcriptions.create(**{**ASK, **changes})
    assert (refusal.value.status_code, refusal.value.code, refusal.value.param) == (status, code, param)


async def test_faults_apply(model: ScriptedModel, client: AsyncOpenAI) -> None:
    model.fail(faults.rate_limited(), kind=Kind.TRANSCRIPTION)
    with pytest.raises(openai.RateLimitError):
        await client.audio.transcriptions.create(**ASK)
    assert (await client.audio.transcriptions.create(**ASK)).text == "Bring the ladder"
