"""What every model promises: text, then one Done; errors of ours; and an end as soon as nobody listens."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass

import pytest

from bot.domain.errors import ModelError, QuotaExhausted
from bot.domain.models import ModelInfo, Prompt, PromptMessage, Role
from bot.domain.reply import Done, ReplyEvent, StatusChange, TextDelta
from bot.domain.settings import Settings
from bot.openai.model import OpenAIModel
from bot.openai.patience import Patience
from bot.openai.retries import RetryPolicy
from bot.ports import Model
from playground.openai import faults, scripts
from playground.openai.model import API_KEY
from playground.openai.model import ScriptedModel as ScriptedServer
from playground.openai.server import serve_openai
from tests.doubles.model import ScriptedModel
from tests.doubles.until import until

PROMPT = Prompt(Settings(), "Be kind.", (PromptMessage(Role.USER, "Ann: Hello"),), "T1/C1/1", "T1/U1")


@dataclass
class Study:
    """A model, and the ways to tell it what to do next."""

    model: Model
    say: Callable[[str], None]
    say_and_wait: Callable[[str], None]
    exhaust: Callable[[], None]
    hung_up: Callable[[], bool]


@asynccontextmanager
async def scripted() -> AsyncIterator[Study]:
    model = ScriptedModel()

    def follow(*script: ReplyEvent | Exception | None) -> None:
        model.script = script

    yield Study(
        model,
        say=lambda text: follow(*(TextDelta(word) for word in scripts.pieces_of(text)), Done()),
        say_and_wait=lambda text: follow(TextDelta(text), None),
        exhaust=lambda: follow(QuotaExhausted("insufficient_quota")),
        hung_up=lambda: model.hung_up > 0,
    )


@asynccontextmanager
async def openai() -> AsyncIterator[Study]:
    server = ScriptedServer()
    async with serve_openai(server) as address:
        model = OpenAIModel(API_KEY, address.base_url, ModelInfo, Patience(), RetryPolicy())

        def say(text: str) -> None:
            server.script = scripts.say(text)

        def say_and_wait(text: str) -> None:
            server.script = scripts.say_pieces(text, " and more")
            server.hold(after=1)

        yield Study(
            model,
            say=say,
            say_and_wait=say_and_wait,
            exhaust=lambda: server.fail(faults.quota_exhausted()),
            hung_up=lambda: server.requests[-1].disconnected_at is not None,
        )
        await model.close()


@pytest.fixture(params=[scripted, openai], ids=["scripted", "openai"])
async def study(request: pytest.FixtureRequest) -> AsyncIterator[Study]:
    async with request.param() as study:
        yield study


async def events_of(study: Study) -> list[ReplyEvent]:
    return [event async for event in study.model.stream(PROMPT)]


async def test_an_answer_is_text_and_then_one_done(study: Study) -> None:
    study.say("Hello Ann, how are you?")
    events = await events_of(study)
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == "Hello Ann, how are you?"
    assert isinstance(events[-1], Done)
    assert sum(isinstance(event, Done) for event in events) == 1
    assert all(isinstance(event, StatusChange | TextDelta) for event in events[:-1])


async def test_what_goes_wrong_is_one_of_our_errors(study: Study) -> None:
    study.exhaust()
    with pytest.raises(ModelError) as caught:
        await events_of(study)
    assert isinstance(caught.value, QuotaExhausted)
    assert caught.value.explanation


async def test_closing_the_stream_hangs_up(study: Study) -> None:
    study.say_and_wait("Half an answer")
    async with aclosing(study.model.stream(PROMPT)) as events:
        async for event in events:
            if isinstance(event, TextDelta):
                break
    await until(study.hung_up)


async def test_cancelling_whoever_listens_hangs_up(study: Study) -> None:
    study.say_and_wait("Half an answer")
    begun = asyncio.Event()

    async def listen() -> None:
        async with aclosing(study.model.stream(PROMPT)) as events:
            async for event in events:
                if isinstance(event, TextDelta):
                    begun.set()

    listening = asyncio.create_task(listen())
    await begun.wait()
    listening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await listening
    await until(study.hung_up)


async def test_answers_run_side_by_side(study: Study) -> None:
    study.say("Hello")
    answers = await asyncio.gather(*(events_of(study) for _ in range(10)))
    assert all(isinstance(events[-1], Done) for events in answers)
