"""Asks a model for little, to see whether it has an ability: an answer, a look, a choice, a picture, a recording."""

import binascii
import io
import wave
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace

from bot.domain.errors import FileUnusable, ModelError
from bot.domain.files import Flaw
from bot.domain.findings import Finding, ok, problem, warning
from bot.domain.models import Action, Drawing, Order, Part, PicturePart, Prompt, PromptMessage, Question, Role
from bot.domain.reply import ImageReady, ReplyStream
from bot.domain.settings import ImageQuality, Settings
from bot.openai.model import OpenAIModel
from bot.openai.omissions import PICTURES
from bot.openai.transcription import Transcriber
from bot.openai.troubles import trouble, within
from bot.ports import ImageBackend

_SECONDS, _SECONDS_TO_DRAW = 60.0, 300.0
"""How long one question may take, and one picture."""

_FEWEST_TOKENS = 16
"""The shortest answer that one may ask the API for: that it comes is the question, not what it says."""

_SCHEMA, _IMAGE_TOOL = frozenset({"text.format", "text"}), frozenset({"tools.image_generation", "tools"})
"""Without any of these, there is no schema and no tool; servers refuse the part or the whole."""

_MEANT: Mapping[str, str] = {
    PICTURES: "it is not shown pictures, and says so",
    "text.format": "it is asked to choose in words alone, which it may get wrong",
    "tools": "it neither draws, where OPENAI_IMAGE_BACKEND=images may help, nor searches the web",
    "tools.image_generation": "it does not draw; OPENAI_IMAGE_BACKEND=images may help",
    "tools.web_search": "it does not search the web",
    "store": "whether answers are kept is up to the server",
}
"""What people notice of something that is left out; of the rest they notice nothing, or little."""

_SQUARE = binascii.a2b_base64(
    "iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAAAAACPAi4CAAAAKUlEQVR42u3MQREAAAwCIKMb3RD77SAA6VEEAoFAIBAIBAKBQCAQfA8G320AeXC6"
    "efoAAAAASUVORK5CYII="
)
"""A PNG of 64 grey pixels by 64."""

_CHOICES = {"kind": ("animal", "plant")}


@dataclass(frozen=True, slots=True)
class Probes:
    """Asks as the bot does, with the organisation's settings; each probe tells one thing, and what is left out for it.

    The answers of all are short, so that they cost little.
    """

    model: OpenAIModel
    settings: Settings

    async def answers(self, variable: str, name: str, *, offers_tool: bool) -> AsyncIterator[Finding]:
        """Whether it streams an answer; the image tool may be offered, and is not used."""
        # A picture would need more tokens than the answer may have.
        prompt = self._prompt(name, "Answer with the word: yes", drawing=Drawing() if offers_tool else None)
        left_out, failure = await self._tried(name, _ended(self.model.stream(prompt)))
        if failure:
            yield trouble(variable, name, failure)
            return
        yield ok(f"{variable}: {name} streams an answer.")
        if offers_tool and not _IMAGE_TOOL & left_out:
            yield ok(f"{variable}: {name} takes the image tool.")
        for finding in omissions(variable, name, left_out):
            yield finding

    async def sees(self, variable: str, name: str) -> AsyncIterator[Finding]:
        """Whether it looks at a picture."""
        picture = PicturePart(_SQUARE, "image/png", self.settings.vision_detail)
        prompt = self._prompt(name, "Is this grey? Yes or no.", picture)
        left_out, failure = await self._tried(name, _ended(self.model.stream(prompt)))
        if failure:
            yield trouble(variable, name, failure)
            return
        if PICTURES not in left_out:
            yield ok(f"{variable}: {name} looks at a picture.")
        for finding in omissions(variable, name, left_out):
            yield finding

    async def chooses(self, variable: str, name: str) -> AsyncIterator[Finding]:
        """Whether it sorts a message, by a JSON schema or without."""
        question = Question("check", name, "Say what the message names.", '{"message": "a dog"}', _CHOICES, "check")
        left_out, failure = await self._tried(name, self.model.choose(question))
        if failure is None and not _SCHEMA & left_out:
            yield ok(f"{variable}: {name} chooses by a JSON schema.")
        for finding in omissions(variable, name, left_out):
            yield finding
        if failure is not None:
            yield _misunderstood(variable, name) if failure.__cause__ is None else trouble(variable, name, failure)

    async def draws(self, images: ImageBackend, name: str) -> Finding:
        """Whether a picture is drawn, of low quality, which costs money; `name` is the model that orders it."""
        wish = "A grey circle on white, nothing else."
        prompt = replace(
            self._prompt(name, wish),
            settings=replace(self.settings, model=name, image_quality=ImageQuality.LOW),
        )
        try:
            drawn = await within(_SECONDS_TO_DRAW, _ended(images.draw(Order(prompt, Action.GENERATE, wish))))
        except ModelError as error:
            return trouble("GPT_IMAGE_MODEL", self.settings.image_model, error)
        if drawn is None:
            return problem("GPT_IMAGE_MODEL: nothing was drawn.", "Choose another model, or OPENAI_IMAGE_BACKEND.")
        return ok(f"GPT_IMAGE_MODEL: {self.settings.image_model} has drawn a picture.")

    async def hears(self, transcribe: Transcriber) -> Finding:
        """Whether a recording is listened to: a second in which nothing is said."""
        try:
            await transcribe("silence.wav", silence())
        except FileUnusable as error:
            if error.flaw is not Flaw.NOT_HEARD:
                return problem(
                    f"TRANSCRIPTION_MODEL: {transcribe.model} takes no recordings.",
                    "Choose another model, or TRANSCRIPTION_MODEL=off.",
                )
        except ModelError as error:
            return trouble("TRANSCRIPTION_MODEL", transcribe.model, error)
        return ok(f"TRANSCRIPTION_MODEL: {transcribe.model} listens to a recording.")

    async def _tried(self, name: str, step: Coroutine[None, None, object]) -> tuple[frozenset[str], ModelError | None]:
        """What this model is asked without since this step, and what went wrong."""
        before, failure = self.model.left_out(name), None
        try:
            await within(_SECONDS, step)
        except ModelError as error:
            failure = error
        return self.model.left_out(name) - before, failure

    def _prompt(self, name: str, text: str, *parts: Part, drawing: Drawing | None = None) -> Prompt:
        settings = replace(self.settings, model=name, max_output_tokens=_FEWEST_TOKENS)
        return Prompt(settings, "Be brief.", (PromptMessage(Role.USER, text, parts),), "check", "check", drawing)


def omissions(variable: str, name: str, left_out: frozenset[str]) -> list[Finding]:
    """What it means that requests of a model go without these parameters, because its server refuses them."""
    felt = [
        warning(f"{variable}: {name} is asked without {parameter}: {_MEANT[parameter]}.")
        for parameter in sorted(left_out & _MEANT.keys())
    ]
    if unfelt := ", ".join(sorted(left_out - _MEANT.keys())):
        felt.append(warning(f"{variable}: {name} is asked without {unfelt}, which its server refuses."))
    return felt


def _misunderstood(variable: str, name: str) -> Finding:
    return warning(
        f"{variable}: {name} was asked to choose one of two words, and chose none.",
        "Choose a model that takes JSON schemas: this one cannot tell words from pictures that are wanted.",
    )


def silence(seconds: int = 1) -> bytes:
    """A recording in which nothing is said, as a WAV file of one channel at 8 kHz."""
    file = io.BytesIO()
    with wave.open(file, "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(2)
        recording.setframerate(8_000)
        recording.writeframes(bytes(2 * 8_000 * seconds))
    return file.getvalue()


async def _ended(stream: ReplyStream) -> ImageReady | None:
    """The last picture of a reply, once it is complete."""
    picture = None
    async with aclosing(stream) as events:
        async for event in events:
            if isinstance(event, ImageReady):
                picture = event
    return picture
