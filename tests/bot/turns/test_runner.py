"""How a reply is held back, and what follows once it is written."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest

from bot.domain.conversation import Attachment, Conversation, Message, Turn
from bot.domain.errors import AnswerTooOld, BotError, LeaseLost, LineClosed, ModelBusy, TooManyAttempts, TooManyTurns
from bot.domain.files import Document
from bot.domain.intent import Intent
from bot.domain.language import Voice, say
from bot.domain.models import ModelInfo, Prompt
from bot.domain.records import Expense
from bot.domain.reply import (
    THINKING,
    CutReason,
    Done,
    Outcome,
    ReplyEvent,
    ReplyStream,
    StatusChange,
    Stopped,
    StopReason,
    TextDelta,
)
from bot.domain.settings import Language, Settings
from bot.domain.usage import Unfinished, Usage
from bot.ports import ReplyRecord
from bot.turns.classifier import Classifier
from bot.turns.expenses import Expenses
from bot.turns.files import Files
from bot.turns.memory import Memory
from bot.turns.notices import Asides
from bot.turns.preferences import Preferences
from bot.turns.runner import Runner
from tests.doubles.lease import MemoryLease
from tests.doubles.messages import THREAD, person_writes
from tests.doubles.meter import MemoryMeter
from tests.doubles.model import PICTURE, Script, ScriptedModel
from tests.doubles.platform import MemoryPlatform, MemoryReply
from tests.doubles.records import MemoryNotices, MemorySettings, MemoryUsage
from tests.doubles.until import until
from tests.doubles.voices import speaking_german

QUESTION = person_writes(1, "What is it?", to_bot=True)
DONE = Done(model="gpt")
USED = Usage(10, 0, 5)
GERMAN = {"You can choose the model and more with {command}.": "Mehr mit {command}.", "Hello.": "Hallo."}


@dataclass(slots=True)
class SlowUsage(MemoryUsage):
    """Waits with each note until it may go on."""

    asked: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)

    async def note(self, *expenses: Expense) -> None:
        self.asked.set()
        await self.go.wait()
        await MemoryUsage.note(self, *expenses)


class NoReader:
    async def read(self, name: str, content: bytes) -> Document:
        raise AssertionError("there are no files in these tests")


@dataclass
class Workshop:
    """A runner with doubles around it, in which every message gets the model's script for an answer."""

    script: Script = (StatusChange("thinking"), TextDelta("It is "), TextDelta("a lighthouse."), USED, DONE)
    settings: Settings = field(default_factory=Settings)
    usage: MemoryUsage = field(default_factory=MemoryUsage)
    platform: MemoryPlatform = field(default_factory=MemoryPlatform)
    lease: MemoryLease = field(default_factory=lambda: MemoryLease(THREAD, ()))
    meter: MemoryMeter = field(default_factory=MemoryMeter)

    def __post_init__(self) -> None:
        async def no_picture(_address: str) -> bytes:
            raise AssertionError("there are no links in these tests")

        def answer(turn: Turn) -> ReplyStream:
            return self.model.stream(Prompt(turn.settings, "", (), "", "", charge=turn.charge))

        self.model = ScriptedModel(self.script)
        preferences = Preferences(MemorySettings(), self.settings, ModelInfo, lambda: 0.0)
        self.runner = Runner(
            self.platform,
            Classifier(self.model.choose, "small", "Sort.", lambda _: True),
            Files(self.platform, NoReader(), no_picture, None, Memory(1_000)),
            dict.fromkeys(Intent, answer),
            Expenses(self.usage, ModelInfo, lambda: 0.0),
            Asides(self.platform, MemoryNotices(), preferences, "/settings", lambda _thread: True, lambda: 0.0),
            lambda: Voice({Language.DE: GERMAN}),
            meter=self.meter,
        )

    async def run(self) -> None:
        async def prepare() -> Turn:
            return Turn(Conversation((QUESTION,)), self.settings)

        await self.runner.run(QUESTION, self.lease, prepare)

    async def run_until(self, moment: asyncio.Event) -> asyncio.Task[None]:
        running = asyncio.create_task(self.run())
        async with asyncio.timeout(30):
            await moment.wait()
        return running

    def stop(self, running: asyncio.Task[None], reason: StopReason = StopReason.PERSON) -> None:
        self.lease.stop_reason = reason
        running.cancel()

    @property
    def seen(self) -> list[ReplyEvent]:
        return self.platform.replies[0].seen


async def test_an_answer_is_shown_while_it_is_written() -> None:
    shop = Workshop()
    await shop.run()
    assert shop.seen == [event for event in shop.script if event != USED]


async def test_an_answer_of_which_the_platform_tells_that_it_was_stopped_ends_and_hangs_up() -> None:
    class Stopping(MemoryPlatform):
        @asynccontextmanager
        async def open_reply(self, to: Message, record: ReplyRecord) -> AsyncIterator[MemoryReply]:
            async with MemoryPlatform.open_reply(self, to, record) as reply:
                reply.stopped_at = len("It is ")
                yield reply

    shop = Workshop(platform=Stopping())
    await shop.run()
    assert shop.seen == [StatusChange("thinking"), TextDelta("It is "), Stopped(StopReason.PERSON)]
    assert shop.model.hung_up == 1


async def test_where_people_want_it_an_answer_is_shown_in_one_piece() -> None:
    script = (StatusChange("thinking"), TextDelta("It "), StatusChange("searching"), TextDelta("is."), PICTURE, DONE)
    shop = Workshop(script, Settings(streaming=False))
    await shop.run()
    assert shop.seen == [StatusChange("thinking"), StatusChange("searching"), PICTURE, TextDelta("It is."), DONE]
    assert shop.model.hung_up == 1


async def test_where_there_is_no_text_none_is_shown_in_one_piece() -> None:
    shop = Workshop((PICTURE, DONE), Settings(streaming=False))
    await shop.run()
    assert shop.seen == [PICTURE, DONE]


async def test_an_answer_that_is_held_back_is_not_shown_when_it_is_stopped() -> None:
    shop = Workshop((TextDelta("It "), None), Settings(streaming=False))
    running = await shop.run_until(shop.model.waits)
    shop.stop(running)
    await running
    assert shop.seen == [Stopped(StopReason.PERSON)]
    assert shop.model.hung_up == 1


FIRST_IN_LINE = StatusChange("waiting: you are number 1 in line")


@pytest.mark.parametrize("streaming", [True, False])
async def test_who_waits_in_line_sees_their_number_before_anything_is_begun(*, streaming: bool) -> None:
    shop = Workshop((TextDelta("Here."), DONE), Settings(streaming=streaming))
    with shop.runner.line.spot():
        running = asyncio.create_task(shop.run())
        await until(lambda: shop.runner.line.waiting == 1)
        assert (shop.seen, shop.model.prompts) == ([FIRST_IN_LINE], [])
        assert shop.lease.rests == [True]
    await running
    assert shop.seen == [FIRST_IN_LINE, THINKING, TextDelta("Here."), DONE]
    assert shop.lease.rests == [True, False]


@pytest.mark.parametrize("reason", StopReason)
async def test_who_is_stopped_in_line_gets_the_usual_note_and_leaves_it(reason: StopReason) -> None:
    shop = Workshop()
    with shop.runner.line.spot():
        running = asyncio.create_task(shop.run())
        await until(lambda: shop.runner.line.waiting == 1)
        shop.stop(running, reason)
        await running
        assert shop.runner.line.waiting == 0
    assert shop.seen == [FIRST_IN_LINE, Stopped(reason)]


async def test_while_a_limit_is_waited_for_nothing_is_tried() -> None:
    busy = StatusChange("waiting 10 s because OpenAI is busy", waiting=True)
    shop = Workshop((TextDelta("Look: "), busy, None))
    running = await shop.run_until(shop.model.waits)
    assert shop.lease.rests == [True]
    shop.stop(running)
    await running
    assert shop.lease.rests == [True]


class LostLease(MemoryLease):
    """Is lost as soon as something is shown."""

    async def begin(self) -> None:
        self.rests.append(False)
        if len(self.rests) > 1:
            raise LeaseLost


async def test_a_lease_that_is_lost_while_files_are_read_is_told_as_such(caplog: pytest.LogCaptureFixture) -> None:
    shop = Workshop(lease=LostLease(THREAD, ()))
    file = Attachment("F1", "plan.pdf", "application/pdf", 8)

    async def prepare() -> Turn:
        return Turn(Conversation((replace(QUESTION, attachments=(file,)),)), shop.settings)

    with pytest.raises(LeaseLost):
        await shop.runner.run(QUESTION, shop.lease, prepare)
    assert shop.meter.turns == [(None, Outcome.INTERRUPTED, False)]
    assert "unexpectedly" not in caplog.text


async def test_a_turn_that_still_waits_in_line_when_the_process_ends_is_left_to_the_next() -> None:
    shop = Workshop()
    with shop.runner.line.spot():
        running = asyncio.create_task(shop.run())
        await until(lambda: shop.runner.line.waiting == 1)
        shop.runner.line.close()
        with pytest.raises(LineClosed):
            await running
    assert shop.seen == [FIRST_IN_LINE]
    assert shop.meter.turns == [(None, Outcome.INTERRUPTED, False)]


async def test_an_expense_is_noted_when_the_answer_is_shown_and_not_before() -> None:
    usage = SlowUsage()
    shop = Workshop(usage=usage)
    running = await shop.run_until(usage.asked)
    assert shop.platform.replies[0].final
    assert shop.platform.replies[0].text == "It is a lighthouse."
    usage.go.set()
    await running
    assert [(each.user, each.model, each.usage) for each in usage.expenses] == [("A", "gpt", USED)]


@pytest.mark.parametrize("reason", StopReason)
async def test_it_is_too_late_to_stop_an_answer_whose_expense_is_being_noted(reason: StopReason) -> None:
    usage = SlowUsage()
    shop = Workshop(usage=usage)
    running = await shop.run_until(usage.asked)
    shop.stop(running, reason)
    await running
    assert shop.seen == [event for event in shop.script if event != USED]


async def test_an_end_that_nobody_wished_for_is_passed_on() -> None:
    usage = SlowUsage()
    running = await Workshop(usage=usage).run_until(usage.asked)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_the_words_of_an_answer_that_is_stopped_are_paid_for() -> None:
    shop = Workshop((TextDelta("It "), Unfinished(("What is it?",), "It "), None))
    running = await shop.run_until(shop.model.waits)
    shop.stop(running)
    await running
    assert [(each.usage, each.answers) for each in shop.usage.expenses] == [(Usage(4, 0, 1), 0)]


async def test_a_picture_costs_money_even_if_its_answer_is_stopped() -> None:
    shop = Workshop((PICTURE, None))
    running = await shop.run_until(shop.model.waits)
    shop.stop(running)
    await running
    assert [each.pictures for each in shop.usage.expenses] == [1]


async def test_only_who_was_answered_is_told_more() -> None:
    answered, failed = Workshop(), Workshop((TextDelta("It "), ModelBusy()))
    await answered.run()
    await failed.run()
    assert answered.platform.whispers == [("A", "You can choose the model and more with /settings.")]
    assert failed.platform.whispers == []


async def test_a_reply_speaks_the_language_of_its_settings_and_the_next_one_its_own() -> None:
    german, english = Workshop(settings=Settings(language=Language.DE)), Workshop()

    async def greet(_turn: Turn) -> ReplyStream:
        yield TextDelta(say("Hello."))
        yield DONE

    for shop in (german, english):
        shop.runner = replace(shop.runner, handlers=dict.fromkeys(Intent, greet))
        await shop.run()
    assert [shop.platform.replies[0].text for shop in (german, english)] == ["Hallo.", "Hello."]
    assert german.platform.whispers == [("A", "Mehr mit /settings.")]


@pytest.mark.parametrize(
    ("script", "outcome", "has_text"),
    [
        ((TextDelta("It "), DONE), Outcome.ANSWERED, True),
        ((PICTURE, DONE), Outcome.ANSWERED, False),
        ((TextDelta("It "), replace(DONE, cut=CutReason.LENGTH)), Outcome.CUT, True),
        ((ModelBusy(),), Outcome.FAILED, False),
        ((TextDelta("It "), RuntimeError("a bug")), Outcome.FAILED, True),
    ],
)
async def test_a_turn_is_counted_by_what_became_of_it(script: Script, outcome: Outcome, has_text: bool) -> None:
    shop = Workshop(script)
    await shop.run()
    assert shop.meter.turns == [(Intent.TEXT, outcome, has_text)]


async def test_a_turn_that_is_stopped_is_counted_so() -> None:
    shop = Workshop((TextDelta("It "), None))
    running = await shop.run_until(shop.model.waits)
    shop.stop(running)
    await running
    assert shop.meter.turns == [(Intent.TEXT, Outcome.STOPPED, True)]


async def test_a_turn_that_must_be_had_again_is_interrupted() -> None:
    shop = Workshop((LeaseLost("taken over"),))
    with pytest.raises(LeaseLost):
        await shop.run()
    assert shop.meter.turns == [(Intent.TEXT, Outcome.INTERRUPTED, False)]


async def test_a_turn_without_anything_to_answer_is_not_counted() -> None:
    shop = Workshop()

    async def prepare() -> None:
        return None

    await shop.runner.run(QUESTION, shop.lease, prepare)
    assert shop.meter.turns == []


async def test_why_there_is_no_answer_is_said_in_the_language_of_the_thread() -> None:
    heard: list[str] = []

    class Listening(MemoryPlatform):
        @asynccontextmanager
        async def open_reply(self, to: Message, record: ReplyRecord) -> AsyncIterator[MemoryReply]:
            heard.append(say("Hello."))
            async with MemoryPlatform.open_reply(self, to, record) as reply:
                yield reply

    for language in (Language.DE, Language.EN):
        shop = Workshop(platform=Listening())
        await shop.runner.explain(QUESTION, shop.lease, TooManyAttempts(), language)
    assert heard == ["Hallo.", "Hello."]


async def test_what_is_told_aside_is_told_in_the_language_of_who_hears_it() -> None:
    shop = Workshop(settings=Settings(language=Language.EN))
    own = speaking_german({"You can choose the model and more with {command}.": "Nur für dich: {command}."})
    shop.runner = replace(shop.runner, asides=replace(shop.runner.asides, speaking_to=own))
    await shop.run()
    assert shop.platform.whispers == [("A", "Nur für dich: /settings.")]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (TooManyTurns(20, 3), Outcome.DECLINED),
        (TooManyAttempts(), Outcome.GIVEN_UP),
        (AnswerTooOld(), Outcome.GIVEN_UP),
    ],
)
async def test_what_is_not_answered_is_counted_by_whose_wish_that_was(error: BotError, outcome: Outcome) -> None:
    shop = Workshop()
    await shop.runner.explain(QUESTION, shop.lease, error, Language.EN)
    assert shop.meter.turns == [(None, outcome, False)]
