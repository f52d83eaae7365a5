"""Turns recordings into text."""

import asyncio
import logging
import math
import time
from dataclasses import dataclass, field

from openai import APIStatusError, AsyncOpenAI

from bot.domain.errors import ConversationTooLong, FileUnusable, ModelError, ModelStalled, ModelUnknown, RequestRejected
from bot.domain.files import Flaw
from bot.domain.usage import Charge, Usage, free
from bot.openai.errors import never_began, our_errors
from bot.openai.fields import field_of, number_of, text_of
from bot.openai.retries import RetryPolicy
from bot.ports import NO_METER, Meter

log = logging.getLogger(__name__)

LARGEST = 25 * 1024 * 1024
"""Bytes; the limit of `POST /v1/audio/transcriptions`."""

_SECONDS = 120.0

_AT_ONCE = 8
"""Recordings side by side; those beyond wait, each with up to 25 MB."""

_MEDIA_TYPES = {
    "flac": "audio/flac",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "mp4": "audio/mp4",
    "mpeg": "audio/mpeg",
    "mpga": "audio/mpeg",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "wav": "audio/wav",
    "webm": "audio/webm",
}
"""What the service hears, by the ending of the name, which it goes by."""

_SIGNATURES = (
    (0, b"fLaC", "flac"),
    (0, b"ID3", "mp3"),
    (0, b"OggS", "ogg"),
    (0, b"\x1a\x45\xdf\xa3", "webm"),
    (4, b"ftyp", "mp4"),
    (8, b"WAVE", "wav"),
)
"""Where in a file which bytes tell what it is: names lie more often."""

_FLAWS: dict[type[ModelError], Flaw] = {
    ConversationTooLong: Flaw.TOO_LARGE,
    # The server has no such endpoint, or not this model.
    ModelUnknown: Flaw.UNHEARABLE,
    RequestRejected: Flaw.BROKEN,
}


@dataclass(frozen=True, slots=True)
class Transcriber:
    """`Transcribe` by one model of the service. Asked again once, when it was turned away or met a 5xx."""

    client: AsyncOpenAI
    model: str
    seconds: float = _SECONDS
    retries: RetryPolicy = RetryPolicy(tries=2)
    meter: Meter = NO_METER
    _slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))

    async def __call__(self, name: str, data: bytes, charge: Charge = free) -> str:
        """What is said in a recording. Raises ModelError, FileUnusable."""
        if not data:
            raise FileUnusable(Flaw.EMPTY)
        if len(data) > LARGEST:
            raise FileUnusable(Flaw.TOO_LARGE)
        ending = ending_of(name, data)
        async with self._slots:
            began = time.monotonic()
            try:
                async with asyncio.timeout(self.seconds):
                    heard = await self._hear(ending, data)
            except TimeoutError:
                raise ModelStalled("the time limit for a recording has passed") from None
            except ModelError as error:
                log.warning("a recording of %d bytes was not heard: %s: %s", len(data), type(error).__name__, error)
                if flaw := _FLAWS.get(type(error)):
                    raise FileUnusable(flaw) from error
                raise
            usage, took = usage_of(heard), time.monotonic() - began
            log.info("a recording of %d bytes was heard in %.1f s", len(data), took)
        charge(self.model, usage)
        self.meter.model_call(self.model, "answered", took, None, [(self.model, usage)])
        if not (text := text_of(heard, "text").strip()):
            raise FileUnusable(Flaw.NOT_HEARD)
        return text

    async def _hear(self, ending: str, data: bytes) -> object:
        tries = 1
        while True:
            try:
                with our_errors():
                    # Under a name of ours: what people call their files stays with them.
                    file = (f"recording.{ending}", data, _MEDIA_TYPES[ending])
                    return await self.client.audio.transcriptions.create(model=self.model, file=file)
            except ModelError as error:
                pause = self.retries.pause(error, tries)
                if pause is None or not _may_be_mended(error):
                    raise
                await asyncio.sleep(pause)
                tries += 1


def _may_be_mended(error: ModelError) -> bool:
    """True where another try costs nothing, or next to nothing: a recording is cheap, unlike a picture."""
    cause = error.__cause__
    return never_began(error) or (isinstance(cause, APIStatusError) and cause.status_code >= 500)


def usage_of(heard: object) -> Usage:
    """What the service says about the cost: seconds, or tokens, by the model (openai.types.audio.transcription)."""
    usage = field_of(heard, "usage")
    seconds = field_of(usage, "seconds")
    return Usage(
        input_tokens=number_of(usage, "input_tokens"),
        output_tokens=number_of(usage, "output_tokens"),
        seconds=max(0.0, seconds) if isinstance(seconds, int | float) and math.isfinite(seconds) else 0.0,
    )


def ending_of(name: str, data: bytes) -> str:
    """The ending by which the service knows this kind of recording. Raises FileUnusable where there is none."""
    for offset, signature, ending in _SIGNATURES:
        if data.startswith(signature, offset):
            return ending
    ending = name.rpartition(".")[2].lower()
    if ending not in _MEDIA_TYPES:
        raise FileUnusable(Flaw.UNKNOWN_KIND)
    return ending
