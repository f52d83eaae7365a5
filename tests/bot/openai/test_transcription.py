"""Recordings: what is sent, what comes back, and what people are told when nothing does."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass, field

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai import AsyncOpenAI

from bot.domain.errors import (
    AnswerCutOff,
    FileUnusable,
    KeyRejected,
    ModelBusy,
    ModelError,
    ModelStalled,
    ModelUnreachable,
)
from bot.domain.files import Flaw
from bot.domain.usage import Unfinished, Usage
from bot.openai.client import connect
from bot.openai.errors import ProviderTrouble
from bot.openai.patience import Patience
from bot.openai.retries import RetryPolicy
from bot.openai.transcription import LARGEST, Transcriber, ending_of, usage_of
from playground.openai import faults
from playground.openai.calls import Kind
from playground.openai.faults import Fault
from playground.openai.model import API_KEY, ScriptedModel
from playground.openai.recordings import recording
from playground.openai.server import serve_openai
from tests.doubles.meter import MemoryMeter

CLIP = recording("the merger with Acme")
HURRY = RetryPolicy(tries=2, first_pause=0.01)


@pytest.fixture
def transcribe(client: AsyncOpenAI) -> Transcriber:
    return Transcriber(client, "gpt-transcribe", retries=HURRY)


async def test_what_is_said_is_heard(transcribe: Transcriber) -> None:
    assert await transcribe("clip.wav", CLIP) == "the merger with Acme"


@pytest.mark.parametrize("name", ["gpt-transcribe", "gpt-4o-transcribe"])
async def test_what_a_recording_costs_is_told_in_seconds_or_tokens(client: AsyncOpenAI, name: str) -> None:
    told: list[tuple[str, Usage | Unfinished]] = []
    meter = MemoryMeter()
    await Transcriber(client, name, meter=meter)("clip.wav", CLIP, lambda model, usage: told.append((model, usage)))
    ((model, usage),) = told
    assert isinstance(usage, Usage)
    assert (usage.seconds > 0, usage.input_tokens > 0) == (name == "gpt-transcribe", name != "gpt-transcribe")
    assert meter.model_calls == [(model, "answered", False, [(name, usage)])]


@pytest.mark.parametrize("seconds", [None, "9", -1, float("nan"), float("inf")])
def test_seconds_that_make_no_sense_are_none(seconds: object) -> None:
    assert usage_of({"usage": {"seconds": seconds}}) == Usage()


async def test_the_name_that_is_sent_is_ours_and_has_the_right_ending(
    transcribe: Transcriber, scripted: ScriptedModel
) -> None:
    await transcribe("Plan for Acme.m4a", CLIP)
    assert scripted.calls[0].recording == ("recording.wav", CLIP)


@pytest.mark.parametrize(
    ("name", "data", "ending"),
    [
        ("clip", b"\x00\x00\x00\x20ftypM4A ", "mp4"),
        ("clip.mp3", b"\x1a\x45\xdf\xa3", "webm"),
        ("clip", b"OggS", "ogg"),
        ("clip", b"fLaC", "flac"),
        ("clip", b"ID3\x04", "mp3"),
        ("CLIP.MP3", b"\xff\xfb\x90", "mp3"),
        ("clip.m4a", b"?", "m4a"),
        ("m4a", b"?", "m4a"),
    ],
)
def test_a_recording_is_known_by_its_content_and_then_by_its_name(name: str, data: bytes, ending: str) -> None:
    assert ending_of(name, data) == ending


@given(st.text(max_size=20), st.binary(max_size=20))
def test_anything_else_is_an_unknown_kind(name: str, data: bytes) -> None:
    with suppress(FileUnusable):
        assert ending_of(name, data) in {"flac", "m4a", "mp3", "mp4", "mpeg", "mpga", "oga", "ogg", "wav", "webm"}


@pytest.mark.parametrize(
    ("name", "data", "flaw"),
    [
        ("clip.aiff", b"FORM", Flaw.UNKNOWN_KIND),
        ("clip.wav", b"", Flaw.EMPTY),
        ("clip.wav", bytes(LARGEST + 1), Flaw.TOO_LARGE),
    ],
)
async def test_what_cannot_be_heard_is_not_sent(
    transcribe: Transcriber, scripted: ScriptedModel, name: str, data: bytes, flaw: Flaw
) -> None:
    with pytest.raises(FileUnusable) as raised:
        await transcribe(name, data)
    assert raised.value.flaw is flaw
    assert not scripted.calls


@pytest.mark.parametrize("text", ["", "  \n"])
async def test_silence_is_not_heard(transcribe: Transcriber, scripted: ScriptedModel, text: str) -> None:
    scripted.transcribe = lambda _name, _content: text
    with pytest.raises(FileUnusable) as raised:
        await transcribe("clip.wav", CLIP)
    assert raised.value.flaw is Flaw.NOT_HEARD


@pytest.mark.parametrize(
    ("fault", "flaw"),
    [
        (faults.bad_request("invalid_value", "file"), Flaw.BROKEN),
        (faults.model_gone("gpt-transcribe"), Flaw.UNHEARABLE),
        (faults.HttpFault(413, b"{}"), Flaw.TOO_LARGE),
        (faults.HttpFault(404, b"Not Found", "text/plain"), Flaw.UNHEARABLE),
    ],
)
async def test_a_refused_recording_has_its_flaw(
    transcribe: Transcriber, scripted: ScriptedModel, fault: Fault, flaw: Flaw
) -> None:
    scripted.fail(fault, kind=Kind.TRANSCRIPTION)
    with pytest.raises(FileUnusable) as raised:
        await transcribe("clip.wav", CLIP)
    assert raised.value.flaw is flaw
    assert len(scripted.calls) == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (faults.key_rejected(), KeyRejected),
        (faults.reset(), AnswerCutOff),
    ],
)
async def test_other_troubles_are_the_model_s_and_told_at_once(
    transcribe: Transcriber, scripted: ScriptedModel, fault: Fault, error: type[ModelError]
) -> None:
    scripted.fail(fault, kind=Kind.TRANSCRIPTION)
    with pytest.raises(error):
        await transcribe("clip.wav", CLIP)
    assert len(scripted.calls) == 1


PASSING = pytest.mark.parametrize("fault", [faults.rate_limited(), faults.server_error(), faults.overloaded()])


@PASSING
async def test_a_passing_trouble_is_waited_out(transcribe: Transcriber, scripted: ScriptedModel, fault: Fault) -> None:
    scripted.fail(fault, kind=Kind.TRANSCRIPTION)
    assert await transcribe("clip.wav", CLIP) == "the merger with Acme"
    assert len(scripted.calls) == 2


@PASSING
async def test_one_that_stays_is_waited_for_once(
    transcribe: Transcriber, scripted: ScriptedModel, fault: Fault
) -> None:
    scripted.fail(fault, times=3, kind=Kind.TRANSCRIPTION)
    with pytest.raises((ModelBusy, ProviderTrouble)):
        await transcribe("clip.wav", CLIP)
    assert len(scripted.calls) == 2


async def test_a_server_that_is_not_there_cannot_be_reached() -> None:
    async with serve_openai(ScriptedModel()) as gone:
        pass
    async with connect(API_KEY, gone.base_url, Patience()) as client:
        with pytest.raises(ModelUnreachable):
            await Transcriber(client, "gpt-transcribe", retries=HURRY)("clip.wav", CLIP)


@dataclass
class Silence:
    """A server that takes everything and never says anything."""

    asked: asyncio.Event = field(default_factory=asyncio.Event)
    hung_up: bool = False

    async def __call__(self, _request: httpx2.Request) -> httpx2.Response:
        self.asked.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.hung_up = True
        raise AssertionError("it has spoken")

    def client(self) -> AsyncOpenAI:
        transport = httpx2.MockTransport(self)
        return AsyncOpenAI(api_key=API_KEY, http_client=httpx2.AsyncClient(transport=transport))


async def test_a_recording_has_its_time_limit() -> None:
    async with (silence := Silence()).client() as client:
        with pytest.raises(ModelStalled):
            await Transcriber(client, "gpt-transcribe", seconds=0.1)("clip.wav", CLIP)
    assert silence.hung_up


async def test_cancelling_hangs_up() -> None:
    async with (silence := Silence()).client() as client:
        hearing = asyncio.create_task(Transcriber(client, "gpt-transcribe")("clip.wav", CLIP))
        await silence.asked.wait()
        hearing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hearing
    assert silence.hung_up


async def test_the_log_tells_sizes_and_seconds_but_no_words_and_no_names(
    transcribe: Transcriber, scripted: ScriptedModel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.openai")
    await transcribe("Plan for Acme.wav", CLIP)
    scripted.fail(faults.bad_request("invalid_value", "file", "Acme"), kind=Kind.TRANSCRIPTION)
    with pytest.raises(FileUnusable):
        await transcribe("Plan for Acme.wav", CLIP)
    heard, failed = (record.getMessage() for record in caplog.records if record.name.startswith("bot."))
    assert f"{len(CLIP)} bytes was heard in" in heard
    assert "not heard: RequestRejected: HTTP 400" in failed
    assert "Acme" not in caplog.text
