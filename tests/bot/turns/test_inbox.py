"""Which messages are answered, together with which, and what is finished when."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from bot.domain.conversation import Attachment, Conversation, Message, ThreadKey
from bot.domain.errors import AnswerTooOld, PlatformError, PlatformUnavailable, ThreadUnreadable, TooManyAttempts
from bot.domain.files import Document, Section, Unit
from bot.domain.models import ModelInfo
from bot.domain.reply import Done, StopReason, TextDelta
from bot.domain.settings import Settings
from bot.domain.tokens import estimate
from bot.domain.usage import Usage
from bot.handlers import routing_table
from bot.handlers.words import Words
from bot.turns.admission import Admission
from bot.turns.classifier import Classifier
from bot.turns.context import Context
from bot.turns.expenses import Expenses
from bot.turns.files import Files
from bot.turns.inbox import ThreadInbox
from bot.turns.memory import Memory
from bot.turns.notices import Asides
from bot.turns.preferences import Preferences
from bot.turns.recovery import Recovery
from bot.turns.runner import DRAWINGS, Runner
from bot.turns.unnoted import Unnoted
from tests.doubles.door import open_door
from tests.doubles.lease import AcceptingEngine, MemoryLease, MemoryRecord
from tests.doubles.messages import THREAD, bot_writes, person_writes, reference_to
from tests.doubles.model import PICTURE, ScriptedDrawer, ScriptedModel
from tests.doubles.platform import MemoryPlatform
from tests.doubles.records import MemoryNotices, MemorySettings, MemoryUsage

NOW = 1700000100.0


class PlainReader:
    """Every file is a text."""

    async def read(self, name: str, content: bytes) -> Document:
        return Document(name, "text", Unit.PART, 1, (Section(1, content.decode()),))


@dataclass
class House:
    """An inbox with doubles around it."""

    platform: MemoryPlatform = field(default_factory=MemoryPlatform)
    model: ScriptedModel = field(default_factory=ScriptedModel)
    drawer: ScriptedDrawer = field(default_factory=ScriptedDrawer)
    reader: PlainReader = field(default_factory=PlainReader)
    engine: AcceptingEngine = field(default_factory=AcceptingEngine)
    usage: MemoryUsage = field(default_factory=MemoryUsage)
    door: Admission | None = None

    def __post_init__(self) -> None:
        self.preferences = Preferences(MemorySettings(), Settings(), ModelInfo, lambda: NOW)
        door = self.door or open_door(self.platform)
        self.inbox = ThreadInbox(
            engine=self.engine,
            platform=self.platform,
            context=Context(self.preferences, budget=10_000, count_tokens=len, describe=ModelInfo),
            runner=self._runner(),
            recovery=Recovery(max_age=600, max_attempts=3, began=NOW),
            admission=door,
            unnoted=Unnoted(self.platform, door),
        )

    def _runner(self) -> Runner:
        async def no_picture(_address: str) -> bytes:
            raise AssertionError("there are no links in these tests")

        files = Files(self.platform, self.reader, no_picture, None, Memory(1_000_000))
        words = Words(self.model, "Be kind.", 10_000, sees=lambda _: True, draws=lambda _: True)
        handlers = routing_table(
            words, self.drawer, introduction="I am the bot.", drawing="Draw.", driver=lambda settings: settings.model
        )
        classifier = Classifier(self.model.choose, "small", "Sort.", lambda _: True)
        expenses = Expenses(self.usage, ModelInfo, lambda: NOW)
        asides = Asides(
            self.platform, MemoryNotices(), self.preferences, "/settings", lambda thread: False, lambda: NOW
        )
        return Runner(self.platform, classifier, files, handlers, expenses, asides)

    async def receives(self, *messages: Message) -> None:
        for message in messages:
            self.platform.write(message)
            await self.inbox.receive(message, f"Ev{message.id}")

    def lease(self, *messages: Message, attempt: int = 1, half_written: tuple[str, ...] = ()) -> MemoryLease:
        references = tuple(reference_to(message) for message in messages)
        return MemoryLease(messages[0].thread, references, attempt=attempt, reply=MemoryRecord(half_written))

    def asked(self) -> list[str]:
        return [message.text for message in self.model.prompts[-1].messages]


async def test_a_message_to_the_bot_is_answered_and_finished() -> None:
    house = House()
    question = person_writes(1, "What is up?", to_bot=True)
    await house.receives(question)
    lease = house.lease(question)
    await house.inbox.work(lease)
    assert [reply.text for reply in house.platform.replies] == ["Hello"]
    assert house.asked() == ["Ann: What is up?"]
    assert lease.finished == [(reference_to(question),)]


async def test_a_message_with_nothing_but_a_mention_gets_an_introduction_without_the_model() -> None:
    house = House()
    mention = person_writes(1, "", to_bot=True)
    await house.receives(mention)
    await house.inbox.work(house.lease(mention))
    assert house.platform.replies[0].text == "I am the bot."
    assert house.model.prompts == []


async def test_messages_that_wait_together_are_answered_by_one_turn() -> None:
    house = House()
    first, second = person_writes(1, "One", to_bot=True), person_writes(2, "Two", who="Ben")
    await house.receives(first, second)
    lease = house.lease(first, second)
    await house.inbox.work(lease)
    assert len(house.platform.replies) == 1
    assert house.platform.replies[0].to.id == second.id
    assert house.asked() == ["Ann: One", "Ben: Two"]
    assert len(lease.finished[0]) == 2


async def test_a_reply_in_a_thread_with_the_bot_needs_no_mention() -> None:
    house = House()
    await house.receives(person_writes(1, "Hi", to_bot=True))
    house.platform.write(bot_writes(2, "Hello"))
    follow_up = person_writes(3, "And now?")
    await house.receives(follow_up)
    await house.inbox.work(house.lease(follow_up))
    assert house.asked() == ["Ann: Hi", "Hello", "Ann: And now?"]


async def test_a_reply_in_a_thread_whose_first_message_mentioned_the_bot_needs_no_mention() -> None:
    house = House()
    await house.receives(person_writes(1, "Hi", to_bot=True))
    follow_up = person_writes(2, "Are you there?")
    await house.receives(follow_up)
    await house.inbox.work(house.lease(follow_up))
    assert len(house.platform.replies) == 1


async def test_people_who_talk_among_themselves_are_left_alone() -> None:
    house = House()
    await house.receives(person_writes(1, "Lunch?"))
    reply = person_writes(2, "Yes!")
    await house.receives(reply)
    lease = house.lease(reply)
    await house.inbox.work(lease)
    assert house.platform.replies == []
    assert lease.finished == [(reference_to(reply),)]


async def test_a_thread_without_the_bot_is_looked_at_once() -> None:
    house = House()
    overheard = person_writes(2, "Yes!")
    await house.receives(person_writes(1, "Lunch?"), overheard)
    await house.inbox.work(house.lease(overheard))
    before = len(house.engine.accepted)
    await house.receives(person_writes(3, "One o'clock?"))
    assert len(house.engine.accepted) == before


async def test_a_mention_in_a_thread_without_the_bot_brings_the_bot_in() -> None:
    house = House()
    overheard = person_writes(2, "Yes!")
    await house.receives(person_writes(1, "Lunch?"), overheard)
    await house.inbox.work(house.lease(overheard))
    mention = person_writes(3, "What do you think?", to_bot=True)
    await house.receives(mention)
    await house.inbox.work(house.lease(mention))
    assert house.asked() == ["Ann: Lunch?", "Ann: Yes!", "Ann: What do you think?"]
    before = len(house.engine.accepted)
    await house.receives(person_writes(4, "Thanks!"))
    assert len(house.engine.accepted) == before + 1


async def test_a_mention_that_comes_while_a_thread_is_read_is_not_forgotten() -> None:
    house = House()
    overheard, mention = person_writes(2, "Yes!"), person_writes(3, "What do you think?", to_bot=True)
    await house.receives(person_writes(1, "Lunch?"), overheard)
    # It reaches us at a moment at which the history does not show it yet.
    await house.inbox.receive(mention, "Ev3")
    await house.inbox.work(house.lease(overheard))
    before = len(house.engine.accepted)
    await house.receives(person_writes(4, "Thanks!"))
    assert len(house.engine.accepted) == before + 1


async def test_talk_from_before_the_bot_was_mentioned_is_left_alone_however_late_it_arrives() -> None:
    house = House()
    talk, mention = person_writes(2, "Yes!"), person_writes(3, "What do you think?", to_bot=True)
    await house.receives(person_writes(1, "Lunch?"), mention)
    await house.inbox.work(house.lease(mention))
    await house.receives(talk)
    await house.inbox.work(house.lease(talk))
    assert len(house.platform.replies) == 1
    before = len(house.engine.accepted)
    await house.receives(person_writes(9, "Thanks!"))
    assert len(house.engine.accepted) == before + 1


async def test_what_people_write_later_is_left_to_the_next_turn() -> None:
    house = House()
    question, later = person_writes(1, "One", to_bot=True), person_writes(5, "Two", to_bot=True)
    await house.receives(question, later)
    await house.inbox.work(house.lease(question))
    assert house.asked() == ["Ann: One"]


async def test_an_answer_that_ended_below_the_question_is_part_of_the_context() -> None:
    house = House()
    await house.receives(person_writes(1, "One", to_bot=True))
    house.platform.write(bot_writes(2, "First part"))
    question = person_writes(3, "Two", to_bot=True)
    await house.receives(question)
    house.platform.write(bot_writes(4, "second part"))
    await house.inbox.work(house.lease(question))
    assert house.asked() == ["Ann: One", "First part\n\nsecond part", "Ann: Two"]


async def test_a_thread_that_cannot_be_read_is_answered_from_the_message_alone() -> None:
    house = House(platform=MemoryPlatform(unreadable=ThreadUnreadable("missing_scope")))
    question = person_writes(1, "Hi", to_bot=True)
    await house.receives(question)
    await house.inbox.work(house.lease(question))
    assert house.platform.replies[0].text == "Hello"


async def test_a_message_that_the_history_does_not_show_yet_is_answered_all_the_same() -> None:
    house = House()
    question = person_writes(1, "Hi", to_bot=True)
    await house.inbox.receive(question, "Ev1")
    await house.inbox.work(house.lease(question))
    assert house.asked() == ["Ann: Hi"]


async def test_after_a_restart_the_half_written_reply_is_taken_over() -> None:
    house = House()
    question = house.platform.write(person_writes(1, "Hi", to_bot=True))
    house.platform.half_written("1700000002.000000", THREAD, "Hel")
    lease = house.lease(question, attempt=2, half_written=("1700000002.000000",))
    await house.inbox.work(lease)
    assert [reply.id for reply in house.platform.replies] == ["1700000002.000000"]
    assert house.asked() == ["Ann: Hi"]
    assert lease.finished


async def test_what_a_process_was_writing_when_it_died_is_paid_for_once() -> None:
    house = House(model=ScriptedModel((TextDelta("Hello"), Usage(90, 64, 7), Done(model="gpt"))))
    question = house.platform.write(person_writes(1, "Hi", to_bot=True))
    house.platform.half_written("1700000002.000000", THREAD, "Hel")
    for attempt in (2, 3):
        await house.inbox.work(house.lease(question, attempt=attempt, half_written=("1700000002.000000",)))
    answer = Usage(90, 64, 7)
    assert [each.usage for each in house.usage.expenses if each.answers] == [
        answer + Usage(90, 0, estimate("Hel")),
        answer,
    ]


async def test_after_a_restart_a_message_that_was_posted_but_not_noted_is_taken_over() -> None:
    house = House()
    question = house.platform.write(person_writes(1, "Hi", to_bot=True))
    house.platform.half_written("1700000002.000000", THREAD, "Hel")
    lease = house.lease(question, attempt=2)
    await house.inbox.work(lease)
    assert [reply.id for reply in house.platform.replies] == ["1700000002.000000"]
    assert house.asked() == ["Ann: Hi"]


async def test_after_a_restart_the_end_of_an_earlier_answer_is_no_stranger() -> None:
    house = House()
    house.platform.write(person_writes(1, "One", to_bot=True))
    question = house.platform.write(person_writes(3, "Two", to_bot=True))
    house.platform.half_written("1700000004.000000", THREAD, "the end of the first answer")
    lease = house.lease(question, attempt=2)
    lease.known = ("1700000004.000000",)
    await house.inbox.work(lease)
    assert house.platform.replies[0].id != "1700000004.000000"
    assert "the end of the first answer" in house.asked()


@pytest.mark.parametrize("noted", [("1700000002.000000",), ()], ids=["noted", "posted but not noted"])
async def test_what_was_written_below_a_half_written_reply_waits_for_its_own_turn(noted: tuple[str, ...]) -> None:
    house = House()
    first = house.platform.write(person_writes(1, "One", to_bot=True))
    house.platform.half_written("1700000002.000000", THREAD, "Hel")
    second = house.platform.write(person_writes(3, "Two", to_bot=True))
    lease = house.lease(first, second, attempt=2, half_written=noted)
    await house.inbox.work(lease)
    assert lease.finished == [(reference_to(first),)]
    assert house.asked() == ["Ann: One"]


async def test_a_question_deleted_while_the_bot_was_down_is_finished_without_an_answer() -> None:
    house = House()
    gone = person_writes(2, "Never mind", to_bot=True)
    house.platform.write(person_writes(1, "Hi"))
    lease = house.lease(gone, attempt=2)
    await house.inbox.work(lease)
    assert house.model.prompts == []
    assert lease.finished == [(reference_to(gone),)]


async def test_an_old_interrupted_answer_ends_in_an_honest_note() -> None:
    house = House()
    question = person_writes(1, "Hi", to_bot=True)
    house.platform.write(question)
    house.inbox.recovery = Recovery(max_age=10, max_attempts=3, began=NOW)
    await house.inbox.work(house.lease(question, attempt=2))
    assert house.platform.replies[0].note == AnswerTooOld.explanation
    assert house.model.prompts == []


async def test_a_message_that_kills_every_attempt_ends_in_a_note() -> None:
    house = House()
    question = house.platform.write(person_writes(1, "Hi", to_bot=True))
    await house.inbox.work(house.lease(question, attempt=4))
    assert house.platform.replies[0].note == TooManyAttempts.explanation


async def test_the_second_attempt_counts_from_where_the_answer_begins() -> None:
    house = House()
    question = house.platform.write(person_writes(80, "Hi", to_bot=True))
    lease = house.lease(question, attempt=2)
    await house.inbox.work(lease)
    assert house.platform.replies[0].text == "Hello"
    assert lease.rests == [True, False]


@pytest.mark.parametrize("trouble", [PlatformUnavailable("503"), PlatformError("token_revoked")])
async def test_a_platform_that_does_not_let_us_read_leaves_the_message_unfinished_and_costs_nothing(
    trouble: PlatformError,
) -> None:
    house = House(platform=MemoryPlatform(unreadable=trouble))
    question = person_writes(1, "Hi", to_bot=True)
    lease = house.lease(question, attempt=2)
    with pytest.raises(type(trouble)):
        await house.inbox.work(lease)
    assert house.model.prompts == []
    assert lease.finished == []
    assert lease.rests == [True]


async def test_a_stopped_answer_keeps_its_text_hangs_up_and_is_finished() -> None:
    house = House(model=ScriptedModel(script=(TextDelta("Half"), None)))
    question = person_writes(1, "Hi", to_bot=True)
    await house.receives(question)
    lease = house.lease(question)
    work = asyncio.create_task(house.inbox.work(lease))
    await house.model.waits.wait()
    lease.stop_reason = StopReason.PERSON
    work.cancel()
    await work
    assert house.platform.replies[0].text == "Half"
    assert house.platform.replies[0].note == "stopped: person"
    assert house.model.hung_up == 1
    assert lease.finished == [(reference_to(question),)]


async def test_a_handler_that_ends_without_done_is_told_as_a_cut_off_answer() -> None:
    house = House(model=ScriptedModel(script=(TextDelta("Half"),)))
    question = person_writes(1, "Hi", to_bot=True)
    await house.receives(question)
    await house.inbox.work(house.lease(question))
    assert house.platform.replies[0].text == "Half"
    assert "broke before the answer was complete" in (house.platform.replies[0].note or "")


async def test_an_unexpected_error_shows_no_details() -> None:
    house = House(model=ScriptedModel(script=(ValueError("secret detail"),)))
    question = person_writes(1, "Hi", to_bot=True)
    await house.receives(question)
    await house.inbox.work(house.lease(question))
    assert house.platform.replies[0].note
    assert "secret detail" not in house.platform.replies[0].note


async def test_nothing_follows_done() -> None:
    house = House(model=ScriptedModel(script=(TextDelta("A"), Done(), TextDelta("B"))))
    question = person_writes(1, "Hi", to_bot=True)
    await house.receives(question)
    await house.inbox.work(house.lease(question))
    assert house.platform.replies[0].text == "A"


async def test_a_message_is_routed_while_its_files_are_read() -> None:
    house = House(platform=MemoryPlatform(files={"F1": b"the plan"}))
    question = replace(
        person_writes(1, "Sum it up", to_bot=True), attachments=(Attachment("F1", "plan.txt", "text/plain", 8),)
    )
    await house.receives(question)
    await house.inbox.work(house.lease(question))
    (part,) = house.model.prompts[-1].messages[-1].parts
    assert "the plan" in getattr(part, "text", "")


async def test_a_wish_for_a_picture_is_drawn() -> None:
    house = House()
    question = person_writes(1, "!draw a lighthouse", to_bot=True)
    await house.receives(question)
    await house.inbox.work(house.lease(question))
    assert house.platform.replies[0].pictures == [PICTURE]
    assert house.model.prompts == []


@pytest.mark.parametrize(("attempt", "orders"), [(DRAWINGS, 1), (DRAWINGS + 1, 0)])
async def test_a_picture_is_not_paid_for_again_and_again(attempt: int, orders: int) -> None:
    house = House()
    house.inbox.recovery = Recovery(max_age=600, max_attempts=attempt, began=NOW)
    question = house.platform.write(person_writes(80, "!draw a lighthouse", to_bot=True))
    await house.inbox.work(house.lease(question, attempt=attempt))
    assert len(house.drawer.orders) == orders
    assert house.platform.replies[0].note == (None if orders else TooManyAttempts.explanation)


def drawn_before(house: House, lease: MemoryLease, number: int) -> None:
    """An interrupted attempt has put a picture into the thread, as the message with this number."""
    picture = replace(bot_writes(number, "a lighthouse"), attachments=(Attachment("F9", "1.png", "image/png", 8),))
    house.platform.files["F9"] = b"picture"
    house.platform.write(picture)
    lease.reply.messages = (*lease.reply.messages, "F9")


async def test_a_picture_that_an_interrupted_attempt_has_shown_is_not_drawn_again() -> None:
    house = House()
    question = house.platform.write(person_writes(80, "!draw a lighthouse", to_bot=True))
    lease = house.lease(question, attempt=2)
    drawn_before(house, lease, 81)
    await house.inbox.work(lease)
    assert house.drawer.orders == []
    assert lease.finished == [(reference_to(question),)]


async def test_a_picture_that_was_uploaded_but_not_shown_is_shown_before_any_is_drawn_again() -> None:
    house = House()
    question = house.platform.write(person_writes(80, "!draw a lighthouse", to_bot=True))
    lease = house.lease(question, attempt=2)
    drawn_before(house, lease, 81)
    house.platform.late = [house.platform.messages.pop()]
    await house.inbox.work(lease)
    assert house.drawer.orders == []


async def test_of_two_files_the_one_that_was_uploaded_but_not_shown_is_shown_too() -> None:
    house = House()
    question = house.platform.write(person_writes(80, "Make a chart and its figures", to_bot=True))
    lease = house.lease(question, attempt=2)
    drawn_before(house, lease, 81)
    figures = Attachment("F10", "figures.csv", "text/csv", 8)
    house.platform.files["F10"] = b"figures"
    house.platform.late = [replace(bot_writes(82, ""), attachments=(figures,))]
    lease.reply.messages = (*lease.reply.messages, "F10")
    await house.inbox.work(lease)
    assert house.platform.late[0] in house.platform.messages


async def test_words_after_such_a_picture_are_written_without_the_tool() -> None:
    house = House()
    question = house.platform.write(person_writes(80, "Tell me of lighthouses and draw one", to_bot=True))
    lease = house.lease(question, attempt=2)
    drawn_before(house, lease, 81)
    await house.inbox.work(lease)
    assert house.model.prompts[-1].drawing is None


async def test_what_people_wrote_below_such_a_picture_waits_for_a_turn_of_its_own() -> None:
    house = House()
    question = house.platform.write(person_writes(80, "!draw a lighthouse", to_bot=True))
    later = house.platform.write(person_writes(82, "!draw a boat", to_bot=True))
    lease = house.lease(question, later, attempt=2)
    drawn_before(house, lease, 81)
    await house.inbox.work(lease)
    assert lease.finished == [(reference_to(question),)]


async def test_a_word_that_stops_an_answer_is_not_answered_and_not_taken_twice() -> None:
    house = House()
    await house.receives(person_writes(1, "Hi", to_bot=True))
    word = person_writes(2, "Stop!", to_bot=True)
    assert not await house.inbox.receive(word, "Ev2")
    assert not await house.inbox.receive(word, "Ev3")
    assert house.engine.stopped == [THREAD]
    assert [each.wants_answer for each in house.engine.accepted] == [True, False, False]


@dataclass(slots=True)
class IdleEngine(AcceptingEngine):
    """Has nothing under way."""

    async def stop(self, thread: ThreadKey) -> bool:
        await AcceptingEngine.stop(self, thread)
        return False


async def test_a_word_that_finds_nothing_to_stop_is_a_message_and_never_stops_its_own_answer() -> None:
    house = House(engine=IdleEngine())
    word = person_writes(1, "stop", to_bot=True)
    assert await house.inbox.receive(word, "Ev1")
    assert not await house.inbox.receive(word, "Ev2")
    assert house.engine.stopped == [THREAD]


async def test_a_word_in_talk_without_the_bot_is_not_even_looked_at() -> None:
    house = House()
    overheard = person_writes(2, "Yes!")
    await house.receives(person_writes(1, "Lunch?"), overheard)
    await house.inbox.work(house.lease(overheard))
    await house.inbox.receive(person_writes(3, "Stop"), "Ev3")
    assert house.engine.stopped == []


async def test_a_question_that_is_deleted_while_it_waits_is_not_answered() -> None:
    house = House()
    first, second = person_writes(1, "One", to_bot=True), person_writes(2, "Two", to_bot=True)
    await house.receives(first, second)
    await house.inbox.retract(THREAD, second.id)
    lease = house.lease(first, second)
    await house.inbox.work(lease)
    assert house.asked() == ["Ann: One"]
    assert lease.finished == [(reference_to(first), reference_to(second))]


async def test_where_all_that_waits_is_deleted_nothing_is_shown() -> None:
    house = House()
    question = person_writes(1, "Hi", to_bot=True)
    await house.receives(question)
    await house.inbox.retract(THREAD, question.id)
    lease = house.lease(question)
    await house.inbox.work(lease)
    assert house.platform.replies == []
    assert lease.finished == [(reference_to(question),)]


async def test_a_question_whose_deletion_comes_first_is_not_taken() -> None:
    house = House()
    question = person_writes(1, "Hi", to_bot=True)
    await house.inbox.retract(THREAD, question.id)
    assert not await house.inbox.receive(question, "Ev1")
    assert house.engine.accepted == []


async def test_a_stop_before_anything_is_shown_leaves_nothing_to_do() -> None:
    platform = SlowHistory()
    house = House(platform=platform)
    follow_up = person_writes(2, "And now?")
    await house.receives(person_writes(1, "Hi", to_bot=True), follow_up)
    lease = house.lease(follow_up)
    work = asyncio.create_task(house.inbox.work(lease))
    await platform.reading.wait()
    lease.stop_reason = StopReason.PERSON
    work.cancel()
    await work
    assert house.platform.replies == []
    assert lease.finished == [(reference_to(follow_up),)]


@dataclass(slots=True)
class SlowHistory(MemoryPlatform):
    """Never comes to the end of a thread."""

    reading: asyncio.Event = field(default_factory=asyncio.Event)

    async def history(self, thread: ThreadKey) -> Conversation:
        self.reading.set()
        await asyncio.Event().wait()
        raise AssertionError("it waits for ever")
