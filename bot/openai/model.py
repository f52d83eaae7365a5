"""Asks OpenAI, or a server that speaks its Responses API, and streams the answer."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import aclosing, suppress
from dataclasses import replace
from functools import partial
from itertools import count
from typing import Final

from openai import APIStatusError, AsyncOpenAI, AsyncStream

from bot.domain.errors import AnswerCutOff, ModelBusy, ModelError, ModelStalled, ModelUnreachable
from bot.domain.line import Line
from bot.domain.models import Action, Decision, ModelInfo, Prompt, Question
from bot.domain.reply import THINKING, Done, ImageReady, ReplyStream, TextDelta
from bot.openai.breaker import Breaker
from bot.openai.call import Call
from bot.openai.choice import choice_in, question_parameters
from bot.openai.containers import Containers
from bot.openai.errors import CannotDraw, ImageModelUnknown, ProviderTrouble, model_error, never_began, our_errors
from bot.openai.lessons import Lessons
from bot.openai.omissions import pictures_in
from bot.openai.patience import Clocks, Patience
from bot.openai.pictures import DRAWINGS_AT_ONCE, Drawn
from bot.openai.refusals import refused_image_model
from bot.openai.request import Parameters, image_model_of, prepared
from bot.openai.responses import streamed, whole
from bot.openai.retries import RetryPolicy, waiting
from bot.openai.rounds import Rounds
from bot.openai.searches import ANYWHERE, Search
from bot.openai.stream import Answer, is_keepalive, usage_of
from bot.ports import NO_METER, Meter

log = logging.getLogger(__name__)

ANSWERS_AT_ONCE = 256
"""Answers side by side; those beyond wait. Each holds one connection."""

_SECONDS_TO_EMPTY_A_STREAM = 0.2

_END: Final = object()

_BREAKS = (AnswerCutOff, ModelBusy, ModelStalled, ModelUnreachable, ProviderTrouble)
"""How an answer ends too soon, whatever it says."""


class OpenAIModel:
    """The `Model` behind one address and key; one for the process, because it remembers what the server takes."""

    def __init__(
        self,
        client: AsyncOpenAI,
        describe: Callable[[str], ModelInfo],
        patience: Patience,
        retries: RetryPolicy,
        meter: Meter = NO_METER,
        *,
        search: Search = ANYWHERE,
        answers: Line | None = None,
        drawings: Line | None = None,
    ) -> None:
        self.client = client
        self._describe = describe
        self._patience = patience
        self._retries = retries
        self._meter = meter
        self._search = search
        self._lessons = Lessons(str(client.base_url))
        self._answers, self._drawings = answers or Line(ANSWERS_AT_ONCE), drawings or Line(DRAWINGS_AT_ONCE)
        self._breaker = Breaker()
        self._containers = Containers(client)

    @property
    def is_up(self) -> bool:
        """False after failures in a row: then only now and then a question is asked."""
        return self._breaker.is_closed

    def left_out(self, model: str) -> frozenset[str]:
        """What requests of this model go without, because its server has refused it: `store`, `tools.web_search`, …"""
        return frozenset(lesson.parameter for lesson in self._lessons.recall(model))

    async def stream(self, prompt: Prompt) -> ReplyStream:
        """The answer while it is written: statuses, text, pictures and files, then one Done. Raises ModelError.

        What the model wants of the prompt's tools is done between the rounds of the answer.

        A failure is mended by asking again, as long as the round that failed has shown no text, begun no picture, run
        no code and called no server's tool; where a picture must be drawn, or a call was approved, only if the request
        never began to be worked on. What breaks off behind a picture is complete, unless words were cut. Closing the
        stream hangs up at once.
        """
        ordered = prompt.must_draw
        with (self._drawings if ordered else self._answers).spot() as spot:
            async for status in spot.statuses():
                yield status
            self._breaker.admit()
            clocks, rounds = Clocks(self._patience, drawing=ordered), Rounds(prompt.tools)
            painter = image_model_of(prompt)
            with Call(prompt.settings.model, self._meter, prompt.charge) as call:
                while True:
                    async with aclosing(self._round(prompt, rounds, clocks, call)) as events:
                        async for event in events:
                            call.note(event)
                            yield replace(event, model=painter) if isinstance(event, ImageReady) else event
                    if not rounds.wanted:
                        return
                    for status in rounds.statuses:
                        yield status
                    with clocks.stopped():
                        async with spot.left():
                            await rounds.do()
                    call.rounds += 1
                    yield THINKING

    async def choose(self, question: Question) -> Decision:
        """One word for each of the question's choices. Raises ModelError; a failure is not mended."""
        parameters = question_parameters(question, self._describe(question.model))
        clocks = Clocks(self._patience)
        with Call(question.model, self._meter) as call, self._breaker.beside(), our_errors():
            sent = await clocks.limit(self._lessons.ask(question.model, parameters, partial(whole, self.client)))
            call.request_id = sent.headers.get("x-request-id", "-")
            response = sent.json()
            chosen = choice_in(response, question.choices)
            usage = usage_of(response)
            call.pay(question.model, usage)
            call.note(Done())
            return Decision(chosen, usage)

    async def _round(self, prompt: Prompt, rounds: Rounds, clocks: Clocks, call: Call) -> ReplyStream:
        """One request with its retries; ends with Done unless the model wants something. Raises ModelError."""
        ordered = prompt.must_draw
        for tries in count(1):
            answer, spoke = Answer(prompt.settings.model, ordered, rounds.cited, rounds.made), False
            try:
                async with aclosing(self._attempt(prompt, rounds, answer, clocks, call)) as events:
                    async for event in events:
                        match event:
                            case Done():
                                call.pay(call.model, answer.usage)
                                call.pay(image_model_of(prompt), answer.drawn_usage)
                                rounds.end(answer)
                                if rounds.wanted:
                                    continue
                                for made in await self._containers.fetch(rounds.made):
                                    yield rounds.joined(made) if isinstance(made, TextDelta) else made
                                yield event
                            case TextDelta():
                                spoke = True
                                yield rounds.joined(event)
                            case _:
                                yield event
            except ModelError as error:
                self._breaker.failed(error)
                failure = error
            else:
                return
            if isinstance(failure, _BREAKS) and answer.drawn and (ordered or not spoke):
                log.warning("%s broke off behind a picture: %s", call.model, failure)
                yield Done(model=call.model)
                return
            began = spoke or answer.acted
            if not began and (told := rounds.without(failure)):
                yield told
                continue
            pause = self._retries.pause(failure, tries)
            final = began or ((ordered or rounds.approved) and not never_began(failure))
            if final or pause is None or not clocks.leave(pause):
                raise failure
            call.note_retry(failure, pause)
            yield waiting(failure, pause)
            await asyncio.sleep(pause)
            yield THINKING

    async def _attempt(self, prompt: Prompt, rounds: Rounds, answer: Answer, clocks: Clocks, call: Call) -> ReplyStream:
        ordered = answer.ordered
        clocks.progressed()
        with our_errors():
            async with await clocks.limit(self._open(prompt, rounds, answer, call)) as stream:
                self._breaker.succeeded()
                call.request_id = stream.response.headers.get("x-request-id", "-")
                while not answer.done:
                    event = await clocks.limit(anext(stream, _END))
                    if event is _END:
                        answer.end()
                    if not is_keepalive(event):
                        clocks.progressed()
                    reply_events = answer.take(event)
                    clocks.drawing = ordered or answer.drawing
                    for reply_event in reply_events:
                        if isinstance(reply_event, Done):
                            await _read_to_end(stream)
                        yield await reply_event.developed() if isinstance(reply_event, Drawn) else reply_event

    async def _open(self, prompt: Prompt, rounds: Rounds, answer: Answer, call: Call) -> AsyncStream[object]:
        """Begin a response, without the parameters that the server does not take."""
        model = prompt.settings.model

        async def begin(parameters: Parameters) -> AsyncStream[object]:
            if prompt.drawing and prompt.drawing.must:
                check_can_draw(parameters, prompt.drawing.action)
            try:
                stream = await streamed(self.client, parameters)
            except APIStatusError as error:
                if name := refused_image_model(error, parameters):
                    unknown = ImageModelUnknown(name, str(model_error(error)))
                    if prompt.must_draw:
                        raise unknown from error
                    log.warning("%s answers without drawing: %s", model, unknown)
                raise
            call.asked(parameters, answer)
            return stream

        first = await prepared(replace(prompt, tools=rounds.toolbox), self._describe(model), self._search)
        return await self._lessons.ask(model, rounds.request(first), begin)


def check_can_draw(parameters: Parameters, action: Action) -> None:
    """Raises CannotDraw when a request that must bring a picture has lost what that takes."""
    if not {"tools", "tool_choice"} <= parameters.keys():
        raise CannotDraw("the model or the server has no image tool, OPENAI_IMAGE_BACKEND=images may help")
    if action is Action.EDIT and not pictures_in(parameters):
        raise CannotDraw("the model or the server takes no pictures, OPENAI_IMAGE_BACKEND=images may help")


async def _read_to_end(stream: AsyncStream[object]) -> None:
    """Only a connection whose response was read to its end is used again."""
    with suppress(Exception):
        async with asyncio.timeout(_SECONDS_TO_EMPTY_A_STREAM):
            async for _ in stream:
                pass
