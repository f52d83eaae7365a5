"""How the small model is asked, and what becomes of its answers."""

import asyncio
import json
from dataclasses import dataclass, field, replace

import pytest

from bot.domain.conversation import Attachment, AttachmentKind, Conversation, Message, Turn
from bot.domain.errors import ModelBusy
from bot.domain.intent import Intent, Route, Source
from bot.domain.models import Decision, Question
from bot.domain.settings import Settings
from bot.domain.usage import Usage
from bot.turns.classifier import CHOICES, LONGEST, Classifier, fitting
from bot.turns.scene import Scene
from tests.doubles.clock import run_virtually, virtual_now
from tests.doubles.messages import bot_writes, person_writes

PICTURE = Attachment("F1", "cat.png", "image/png", 10)
USAGE = Usage(300, 0, 20)
EDIT = {"intent": "image_edit", "confidence": "high", "picture": "attached"}


@dataclass
class SmallModel:
    """Chooses the same each time, after `seconds`; remembers what it was asked."""

    chosen: dict[str, str] = field(default_factory=lambda: dict(EDIT))
    seconds: float = 0.0
    failure: Exception | None = None
    questions: list[Question] = field(default_factory=list)
    cancelled: int = 0

    async def choose(self, question: Question) -> Decision:
        self.questions.append(question)
        try:
            await asyncio.sleep(self.seconds)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if self.failure:
            raise self.failure
        return Decision(self.chosen, USAGE)


def classifier(model: SmallModel, *, draws: bool = True) -> Classifier:
    return Classifier(model.choose, "small", "Sort.", lambda _: draws)


def turn_of(*messages: Message) -> Turn:
    return Turn(Conversation(messages), Settings())


def with_picture(message: Message) -> Message:
    return replace(message, attachments=(PICTURE,))


async def route(model: SmallModel, turn: Turn, *, draws: bool = True) -> Route:
    async with classifier(model, draws=draws).begin(turn.message) as route_of:
        return await route_of(turn)


async def test_certain_cases_cost_nothing() -> None:
    model = SmallModel()
    assert await route(model, turn_of(person_writes(1, "Hello"))) == Route(Intent.TEXT)
    assert await route(model, turn_of(with_picture(person_writes(1, "What is this?")))) == Route(Intent.VISION)
    assert model.questions == []


async def test_the_rest_is_asked_once() -> None:
    model = SmallModel()
    assert await route(model, turn_of(with_picture(person_writes(1, "Make it blue")))) == Route(
        Intent.IMAGE, Source.ATTACHED
    )
    assert len(model.questions) == 1


async def test_what_a_question_costs_is_told() -> None:
    model, charged = SmallModel(), list[tuple[str, Usage]]()
    turn = turn_of(with_picture(person_writes(1, "Make it blue")))
    async with classifier(model).begin(turn.message, lambda *cost: charged.append(cost)) as route_of:
        await route_of(turn)
    assert charged == [("small", USAGE)]


async def test_the_question_shows_the_newest_message_and_flags_and_nothing_else() -> None:
    model = SmallModel()
    secret = "the secret of the thread"
    drawn = replace(bot_writes(2, secret), attachments=(PICTURE,))
    await route(model, turn_of(person_writes(1, secret), drawn, person_writes(3, 'Make it "blue" ' + "x" * 1_500)))
    (question,) = model.questions
    assert json.loads(question.text) == {
        "message": 'Make it "blue" ' + "x" * 1_500,
        "attached": [],
        "earlier_picture": True,
    }
    assert question.instructions == "Sort."
    assert question.choices == CHOICES
    assert secret not in str(question)


async def test_what_is_not_known_of_the_thread_yet_is_not_denied() -> None:
    model = SmallModel()
    await route(model, turn_of(person_writes(1, "Hi"), with_picture(person_writes(2, "Put it on the one above"))))
    await route(model, turn_of(with_picture(person_writes(1, "Make it blue"))))
    assert [json.loads(question.text)["earlier_picture"] for question in model.questions] == [None, False]


def test_only_the_beginning_of_a_message_is_read() -> None:
    question = classifier(SmallModel()).question(Scene("x" * 9_000), person_writes(1, "x"))
    assert len(json.loads(question.text)["message"]) == LONGEST


def test_it_is_asked_while_the_thread_is_being_read() -> None:
    async def story() -> None:
        model = SmallModel(seconds=1)
        turn = turn_of(with_picture(person_writes(1, "Make it blue")))
        async with classifier(model).begin(turn.message) as route_of:
            await asyncio.sleep(1)  # the thread is read
            assert await route_of(turn) == Route(Intent.IMAGE, Source.ATTACHED)
        assert virtual_now() == pytest.approx(1)

    run_virtually(story())


def test_four_seconds_are_the_most_that_people_wait_for_it() -> None:
    async def story() -> None:
        model = SmallModel(seconds=60)
        assert await route(model, turn_of(with_picture(person_writes(1, "Make it blue")))) == Route(Intent.VISION)
        assert virtual_now() == pytest.approx(4)
        assert model.cancelled == 1

    run_virtually(story())


def test_a_turn_that_is_stopped_takes_the_question_with_it() -> None:
    async def story() -> None:
        model = SmallModel(seconds=60)
        with pytest.raises(LookupError):
            async with classifier(model).begin(with_picture(person_writes(1, "Make it blue"))):
                await asyncio.sleep(1)
                raise LookupError
        assert model.cancelled == 1

    run_virtually(story())


async def test_trouble_leads_to_words() -> None:
    model = SmallModel(failure=ModelBusy("busy"))
    assert await route(model, turn_of(with_picture(person_writes(1, "Make it blue")))) == Route(Intent.VISION)
    assert await route(model, turn_of(person_writes(1, "Draw a cat")), draws=False) == Route(Intent.TEXT)


PICTURE_KIND = AttachmentKind.PICTURE


@pytest.mark.parametrize(
    ("chosen", "scene", "route"),
    [
        (("image_generate", "high", "none"), Scene("x", earlier_picture=True), Route(Intent.IMAGE)),
        (("image_generate", "low", "none"), Scene("x", earlier_picture=True), Route(Intent.TEXT)),
        (("image_edit", "high", "earlier"), Scene("x", earlier_picture=True), Route(Intent.IMAGE, Source.EARLIER)),
        (("image_edit", "high", "attached"), Scene("x", earlier_picture=True), Route(Intent.IMAGE, Source.EARLIER)),
        (("image_edit", "high", "first"), Scene("x", earlier_picture=True), Route(Intent.IMAGE, Source.FIRST)),
        (("image_edit", "high", "several"), Scene("x", (PICTURE_KIND,)), Route(Intent.IMAGE, Source.SEVERAL)),
        (("image_edit", "high", "none"), Scene("x", (PICTURE_KIND,)), Route(Intent.IMAGE, Source.ATTACHED)),
        (("image_edit", "high", "earlier"), Scene("x", (PICTURE_KIND,), True), Route(Intent.IMAGE, Source.EARLIER)),
        (("image_edit", "low", "attached"), Scene("x", (PICTURE_KIND,)), Route(Intent.VISION)),
        (("vision", "low", "earlier"), Scene("x", earlier_picture=True), Route(Intent.VISION)),
        (("vision", "high", "none"), Scene("x", draws=False), Route(Intent.TEXT)),
        (("text", "high", "none"), Scene("x", earlier_picture=True), Route(Intent.TEXT)),
        (("document", "high", "none"), Scene("x", earlier_picture=True, earlier_document=True), Route(Intent.DOCUMENT)),
        (("nonsense", "high", "none"), Scene("x", (PICTURE_KIND,)), Route(Intent.VISION)),
    ],
)
def test_an_answer_counts_as_far_as_it_fits(chosen: tuple[str, str, str], scene: Scene, route: Route) -> None:
    assert fitting(dict(zip(CHOICES, chosen, strict=True)), scene) == route
