"""Draws the pictures that people order: with the image tool of a model, or with the Images API."""

import asyncio
from dataclasses import dataclass, replace
from itertools import count

from openai import APIStatusError, AsyncOpenAI
from openai.types import ImagesResponse

from bot.domain.errors import KeyRejected, ModelError, ModelUnknown
from bot.domain.files import Picture
from bot.domain.line import Line
from bot.domain.models import Action, Drawing, Order, PicturePart, Prompt, PromptMessage, Role
from bot.domain.reply import DRAWING, Done, ReplyStream
from bot.domain.settings import Detail
from bot.openai.breaker import Breaker
from bot.openai.call import Call
from bot.openai.errors import ImageModelUnknown, NobodyDraws, PictureFailed, model_error, never_began, our_errors
from bot.openai.fields import field_of, list_of, text_of
from bot.openai.lessons import Lessons
from bot.openai.patience import Clocks, Patience
from bot.openai.pictures import DRAWINGS_AT_ONCE, Drawn, picture_options
from bot.openai.refusals import mentions
from bot.openai.request import Parameters, fingerprint
from bot.openai.retries import RetryPolicy, waiting
from bot.openai.stream import usage_of
from bot.ports import NO_METER, Meter, Model

_LONGEST_PROMPT = 32_000
"""In characters; the limit of the Images API (openai.types.image_generate_params)."""

_MOST_SOURCES = 16
"""Pictures that one edit takes (openai.types.image_edit_params)."""


@dataclass(frozen=True, slots=True)
class ToolBackend:
    """The `ImageBackend` that leaves it to a model: it reads the whole prompt, sees the sources, and uses its tool."""

    model: Model

    def draw(self, order: Order) -> ReplyStream:
        return self.model.stream(drawing_prompt(order))


def drawing_prompt(order: Order) -> Prompt:
    """The order's prompt with the sources in sight of the model, which must draw."""
    sources = tuple(PicturePart(source.data, source.media_type, Detail.HIGH) for source in order.sources)
    messages = list(order.prompt.messages)
    if not messages or messages[-1].role is not Role.USER:
        messages.append(PromptMessage(Role.USER, ""))
    messages[-1] = replace(messages[-1], parts=(*messages[-1].parts, *sources))
    return replace(order.prompt, messages=tuple(messages), drawing=Drawing(order.action, must=True))


class ImagesBackend:
    """The `ImageBackend` of the Images API, for servers without the image tool: it is told nothing but the wish."""

    def __init__(
        self,
        client: AsyncOpenAI,
        patience: Patience,
        retries: RetryPolicy,
        meter: Meter = NO_METER,
        *,
        drawings: Line | None = None,
    ) -> None:
        self._client = client
        self._patience = patience
        self._retries = retries
        self._meter = meter
        self._lessons = Lessons(str(client.base_url))
        self._drawings, self._breaker = drawings or Line(DRAWINGS_AT_ONCE), Breaker()

    async def draw(self, order: Order) -> ReplyStream:
        """Statuses, the picture, then one Done. Asked again only if the request never began to be worked on."""
        with self._drawings.spot() as spot:
            async for status in spot.statuses(DRAWING):
                yield status
            self._breaker.admit()
            yield DRAWING
            parameters = images_parameters(order)
            clocks = Clocks(self._patience, drawing=True)
            with Call(parameters["model"], self._meter, order.prompt.charge) as call:
                for tries in count(1):
                    try:
                        response = await clocks.limit(self._ask(parameters, order.sources))
                    except ModelError as error:
                        self._breaker.failed(error)
                        failure = error
                    else:
                        self._breaker.succeeded()
                        call.request_id = getattr(response, "_request_id", None) or "-"
                        picture = await drawn_in(response, parameters["prompt"]).developed()
                        yield replace(picture, model=parameters["model"])
                        call.pay(parameters["model"], usage_of(response))
                        done = Done(model=parameters["model"])
                        call.note(done)
                        yield done
                        return
                    pause = self._retries.pause(failure, tries)
                    if not never_began(failure) or pause is None or not clocks.leave(pause):
                        raise failure
                    call.note_retry(failure, pause)
                    yield waiting(failure, pause)
                    await asyncio.sleep(pause)
                    yield DRAWING

    async def _ask(self, parameters: Parameters, sources: tuple[Picture, ...]) -> ImagesResponse:
        async def send(taken: Parameters) -> ImagesResponse:
            response: ImagesResponse
            if sources:
                response = await self._client.images.edit(image=_uploads(sources), **taken)
            else:
                response = await self._client.images.generate(**taken)
            return response

        with our_errors():
            try:
                return await self._lessons.ask(parameters["model"], parameters, send)
            except APIStatusError as error:
                raise images_error(error, parameters["model"]) from error


def images_parameters(order: Order) -> Parameters:
    """What both calls of the Images API are told: what was asked for last, and the settings.

    `response_format` is not sent: the models of today refuse it, and always answer with base64.
    """
    return {
        "prompt": order.wish[:_LONGEST_PROMPT],
        "safety_identifier": fingerprint("person", order.prompt.asker),
        **picture_options(order.prompt.settings, edits=order.action is Action.EDIT),
    }


def images_error(error: APIStatusError, model: str) -> ModelError:
    """Our error for a refusal of the Images API, which tells a model that is missing from an API that is.

    A server without the API has never heard of the model, so that its 404 does not name it.
    """
    ours = model_error(error)
    by_code = error.code == "model_not_found" or (error.code == "invalid_value" and error.param == "model")
    if by_code or (type(ours) in (KeyRejected, ModelUnknown) and mentions(error, model)):
        return ImageModelUnknown(model, str(ours))
    if error.status_code in (404, 405, 501):
        return NobodyDraws(f"the server has no Images API, OPENAI_IMAGE_BACKEND=tool may help: {ours}")
    return ours


def drawn_in(response: object, prompt: str) -> Drawn:
    """The picture in an answer of the Images API. Raises PictureFailed where there is none."""
    image = next(iter(list_of(response, "data")), None)
    base64 = field_of(image, "b64_json")
    if isinstance(base64, str) and base64:
        return Drawn(base64, text_of(image, "revised_prompt") or prompt)
    if field_of(image, "url"):
        # Nothing is fetched from an address that a server made up.
        raise PictureFailed("the server sent an address instead of the picture")
    raise PictureFailed("the response has no picture")


def _uploads(sources: tuple[Picture, ...]) -> list[tuple[str, bytes, str]]:
    """The newest sources, under names of ours: what people call their files stays with them."""
    return [
        (f"{number}.{source.media_type.removeprefix('image/')}", source.data, source.media_type)
        for number, source in enumerate(sources[-_MOST_SOURCES:], start=1)
    ]
