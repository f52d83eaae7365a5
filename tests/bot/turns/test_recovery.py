"""What is taken over of an earlier attempt, and what is worth completing."""

from bot.domain.conversation import Conversation, Message
from bot.domain.errors import AnswerTooOld, TooManyAttempts
from bot.turns.recovery import Recovery, adopt_half_written
from tests.doubles.lease import MemoryLease
from tests.doubles.messages import THREAD, bot_writes, person_writes, reference_to

QUESTION = person_writes(1, "One", to_bot=True)
RECOVERY = Recovery(max_age=600, max_attempts=3, began=QUESTION.sent_at + 3_600)


def lease(*waiting: Message, attempt: int = 2) -> MemoryLease:
    return MemoryLease(THREAD, tuple(map(reference_to, waiting)), attempt=attempt)


async def adopted(held: MemoryLease, *thread: Message) -> tuple[str, ...]:
    await adopt_half_written(held, held.references[:1], Conversation(thread))
    return held.reply.messages


async def test_a_message_that_was_posted_but_not_noted_is_adopted() -> None:
    half = bot_writes(2, "Hel")
    assert await adopted(lease(QUESTION), QUESTION, half) == (half.id,)


async def test_so_is_one_below_what_people_wrote_meanwhile_as_long_as_that_waits() -> None:
    meanwhile, half = person_writes(3, "And?"), bot_writes(4, "lo")
    assert await adopted(lease(QUESTION, meanwhile), QUESTION, bot_writes(2, "Hel"), meanwhile, half) == (
        bot_writes(2, "").id,
        half.id,
    )


async def test_answers_to_later_questions_are_left_alone_however_long_they_are_forgotten() -> None:
    later = person_writes(3, "Two", to_bot=True)
    assert await adopted(lease(QUESTION), QUESTION, later, bot_writes(4, "the answer to two")) == ()


def test_an_old_question_is_answered_where_somebody_expects_it() -> None:
    held = lease(QUESTION)
    assert RECOVERY.verdict(held, held.references, expected=True) is None
    assert isinstance(RECOVERY.verdict(held, held.references, expected=False), AnswerTooOld)


def test_expecting_an_answer_does_not_make_it_possible() -> None:
    held = lease(QUESTION, attempt=4)
    assert isinstance(RECOVERY.verdict(held, held.references, expected=True), TooManyAttempts)


def test_attempts_that_only_waited_do_not_count() -> None:
    held = lease(QUESTION, attempt=4)
    held.waited = 1
    assert RECOVERY.verdict(held, held.references, expected=True) is None


def test_how_long_it_waits_while_the_bot_is_up_makes_no_question_old() -> None:
    held = lease(QUESTION)
    recovery = Recovery(max_age=600, max_attempts=3, began=QUESTION.sent_at + 599)
    assert recovery.verdict(held, held.references, expected=False) is None
