"""What every model, and everyone who draws, promises: text or pictures, then one Done; errors of ours; and an end as
soon as nobody listens."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace

import pytest

from bot.domain.errors import AnswerRefused, ModelBusy, ModelError, QuotaExhausted
from bot.domain.models import Action, Drawing, ModelInfo, Order, Prompt, PromptMessage, Question, Role
from bot.domain.reply import DRAWING, Done, ImageReady, ReplyEvent, StatusChange, TextDelta
from bot.domain.settings import Settings
from bot.domain.usage import Unfinished, Usage
from bot.openai.client import connect
from bot.openai.errors import PictureRefused
from bot.openai.images import ImagesBackend, ToolBackend
from bot.openai.model import OpenAIModel
from bot.openai.patience import Patience
from bot.openai.retries import RetryPolicy
from bot.ports import ImageBackend, Model
from playground.openai import drawings, faults, scripts
from playground.openai.calls import Kind
from playground.openai.decisions import always
from playground.openai.drawing_events import GENERATING
from playground.openai.faults import Ending, Point, StreamFault
from playground.openai.model import API_KEY
from playground.openai.model import ScriptedModel as ScriptedServer
from playground.openai.server import serve_openai
from tests.doubles.model import PICTURE, ScriptedDrawer, ScriptedModel
from tests.doubles.until import until

PROMPT = Prompt(Settings(), "Be kind.", (PromptMessage(Role.USER, "Ann: Hello"),), "T1/C1/1", "T1/U1")
MAY_DRAW = replace(PROMPT, drawing=Drawing())
ORDER = Order(PROMPT, Action.GENERATE, "a lighthouse")
QUESTION = Question(
    "intent", "gpt-6-luna", "Decide.", "{}", {"intent": ("text", "image"), "sure": ("yes", "no")}, "T1/U1"
)


@dataclass
class Study:
    """A model, and the ways to tell it what to do next; `asked` counts the requests that it made or got."""

    model: Model
    say: Callable[[str], None]
    say_and_wait: Callable[[str], None]
    draw: Callable[[], None]
    break_while_drawing: Callable[[], None]
    choose: Callable[[str], None]
    exhaust: Callable[[], None]
    hung_up: Callable[[], bool]
    asked: Callable[[], int]


@asynccontextmanager
async def scripted() -> AsyncIterator[Study]:
    model = ScriptedModel()

    def follow(*script: ReplyEvent | Usage | Unfinished | Exception | None) -> None:
        model.script = script

    def exhaust() -> None:
        model.script = (QuotaExhausted("insufficient_quota"),)
        model.choice = QuotaExhausted("insufficient_quota")

    def choose(intent: str) -> None:
        model.choice = {"intent": intent}

    yield Study(
        model,
        say=lambda text: follow(*(TextDelta(word) for word in scripts.pieces_of(text)), Usage(20, 0, 5), Done()),
        say_and_wait=lambda text: follow(Unfinished(("Hello",), text), TextDelta(text), None),
        draw=lambda: follow(DRAWING, PICTURE, Done()),
        break_while_drawing=lambda: follow(DRAWING, ModelBusy("server_error")),
        choose=choose,
        exhaust=exhaust,
        hung_up=lambda: model.hung_up > 0,
        asked=lambda: len(model.prompts) + len(model.questions),
    )


def capable(name: str) -> ModelInfo:
    return ModelInfo(name, image_tool=True)


@asynccontextmanager
async def openai() -> AsyncIterator[Study]:
    server = ScriptedServer()
    async with serve_openai(server) as address, connect(API_KEY, address.base_url, Patience()) as client:
        model = OpenAIModel(client, capable, Patience(), RetryPolicy())

        def follow(script: scripts.Script) -> None:
            server.script = script

        def say_and_wait(text: str) -> None:
            server.script = scripts.say_pieces(text, " and more")
            server.hold(after=1)

        def break_while_drawing() -> None:
            server.script = scripts.draw()
            server.fail(StreamFault(Point(0, GENERATING), Ending.CLEAN_END))

        def choose(intent: str) -> None:
            server.decide = always(intent=intent)

        def exhaust() -> None:
            for kind in (Kind.ANSWER, Kind.DECISION):
                server.fail(faults.quota_exhausted(), kind=kind)

        yield Study(
            model,
            say=lambda text: follow(scripts.say(text)),
            say_and_wait=say_and_wait,
            draw=lambda: follow(scripts.draw()),
            break_while_drawing=break_while_drawing,
            choose=choose,
            exhaust=exhaust,
            hung_up=lambda: server.requests[-1].disconnected_at is not None,
            asked=lambda: len(server.calls),
        )


@pytest.fixture(params=[scripted, openai], ids=["scripted", "openai"])
async def study(request: pytest.FixtureRequest) -> AsyncIterator[Study]:
    async with request.param() as study:
        yield study


async def events_of(study: Study, prompt: Prompt = PROMPT) -> list[ReplyEvent]:
    return [event async for event in study.model.stream(prompt)]


async def test_an_answer_is_text_and_then_one_done(study: Study) -> None:
    study.say("Hello Ann, how are you?")
    events = await events_of(study)
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == "Hello Ann, how are you?"
    assert isinstance(events[-1], Done)
    assert sum(isinstance(event, Done) for event in events) == 1
    assert all(isinstance(event, StatusChange | TextDelta) for event in events[:-1])


async def test_what_an_answer_costs_is_told_once_however_it_ends(study: Study) -> None:
    told: list[Usage | Unfinished] = []
    paid = replace(PROMPT, charge=lambda _model, usage: told.append(usage))
    study.say("Hello Ann, how are you?")
    await events_of(study, paid)
    (usage,) = told
    assert isinstance(usage, Usage)
    assert min(usage.input_tokens, usage.output_tokens) > 0
    told.clear()
    study.say_and_wait("Half an answer")
    async with aclosing(study.model.stream(paid)) as events:
        async for event in events:
            if isinstance(event, TextDelta):
                break
    (left,) = told
    assert isinstance(left, Unfinished)
    assert "Half an answer" in left.written
    told.clear()
    study.exhaust()
    with pytest.raises(ModelError):
        await events_of(study, paid)
    assert told == []


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


async def test_a_picture_is_an_answer(study: Study) -> None:
    study.draw()
    events = await events_of(study, MAY_DRAW)
    assert [type(event) for event in events if not isinstance(event, StatusChange)] == [ImageReady, Done]
    assert DRAWING in events


async def test_a_drawing_that_was_begun_is_not_asked_for_again(study: Study) -> None:
    study.break_while_drawing()
    with pytest.raises(ModelError):
        await events_of(study, MAY_DRAW)
    assert study.asked() == 1


async def test_a_choice_is_one_word_of_each_list(study: Study) -> None:
    study.choose("image")
    decision = await study.model.choose(QUESTION)
    assert decision.words == {"intent": "image", "sure": "yes"}
    assert decision.usage.input_tokens > 0
    assert decision.usage.output_tokens > 0


async def test_a_choice_that_fails_is_one_of_our_errors_and_not_asked_for_again(study: Study) -> None:
    study.exhaust()
    with pytest.raises(QuotaExhausted):
        await study.model.choose(QUESTION)
    assert study.asked() == 1


@dataclass
class Studio:
    """Somebody who draws, and the ways to tell them what comes next."""

    backend: ImageBackend
    forbid: Callable[[], None]
    fail: Callable[[], None]
    asked: Callable[[], int]


@asynccontextmanager
async def scripted_drawer() -> AsyncIterator[Studio]:
    drawer = ScriptedDrawer()

    def follow(*script: ReplyEvent | Usage | Unfinished | Exception | None) -> None:
        drawer.script = script

    yield Studio(
        drawer,
        forbid=lambda: follow(DRAWING, PictureRefused("moderation_blocked")),
        fail=lambda: follow(DRAWING, ModelBusy("server_error")),
        asked=lambda: len(drawer.orders),
    )


@asynccontextmanager
async def image_tool() -> AsyncIterator[Studio]:
    server = ScriptedServer()
    async with serve_openai(server) as address, connect(API_KEY, address.base_url, Patience()) as client:

        def forbid() -> None:
            server.script = scripts.refuse_to_draw()

        yield Studio(
            ToolBackend(OpenAIModel(client, capable, Patience(), RetryPolicy())),
            forbid=forbid,
            fail=lambda: server.fail(faults.server_error()),
            asked=lambda: len(server.calls),
        )


@asynccontextmanager
async def images_api() -> AsyncIterator[Studio]:
    server = ScriptedServer()
    async with serve_openai(server) as address, connect(API_KEY, address.base_url, Patience()) as client:

        def forbid() -> None:
            server.draw = lambda _commission: drawings.Drawing(blocked=("violence",))

        yield Studio(
            ImagesBackend(client, Patience(), RetryPolicy()),
            forbid=forbid,
            fail=lambda: server.fail(faults.server_error(), kind=Kind.GENERATION),
            asked=lambda: len(server.calls),
        )


@pytest.fixture(params=[scripted_drawer, image_tool, images_api], ids=["scripted", "tool", "images"])
async def studio(request: pytest.FixtureRequest) -> AsyncIterator[Studio]:
    async with request.param() as studio:
        yield studio


async def drawn_by(studio: Studio) -> list[ReplyEvent]:
    return [event async for event in studio.backend.draw(ORDER)]


async def test_an_order_brings_one_picture_and_then_one_done(studio: Studio) -> None:
    events = await drawn_by(studio)
    assert [type(event) for event in events if not isinstance(event, StatusChange)] == [ImageReady, Done]
    assert DRAWING in events


async def test_a_forbidden_order_is_refused_in_words_about_pictures(studio: Studio) -> None:
    studio.forbid()
    with pytest.raises(AnswerRefused) as raised:
        await drawn_by(studio)
    assert "picture" in raised.value.explanation
    assert studio.asked() == 1


async def test_an_order_that_failed_is_not_made_again(studio: Studio) -> None:
    studio.fail()
    with pytest.raises(ModelError):
        await drawn_by(studio)
    assert studio.asked() == 1
