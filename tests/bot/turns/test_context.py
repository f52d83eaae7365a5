"""What a turn is made of."""

from bot.domain.conversation import Conversation
from bot.domain.models import ModelInfo
from bot.domain.settings import Settings
from bot.turns.context import Context, conversation_to_answer
from tests.doubles.messages import bot_writes, person_writes, reference_to


def small_model(name: str) -> ModelInfo:
    return ModelInfo(name, context_window=2_000, max_output=1_000)


async def test_a_conversation_never_outgrows_the_model() -> None:
    thread = Conversation(tuple(person_writes(number, "x" * 100) for number in range(1, 30)))
    turn = await Context(Settings(), 1_000_000, len, small_model).turn(thread)
    assert len(turn.conversation.messages) < 9
    assert turn.message == thread.latest


async def test_a_shorter_answer_leaves_more_room_for_the_conversation() -> None:
    thread = Conversation(tuple(person_writes(number, "x" * 100) for number in range(1, 30)))
    long = await Context(Settings(), 1_000_000, len, small_model).turn(thread)
    short = await Context(Settings(max_output_tokens=16), 1_000_000, len, small_model).turn(thread)
    assert len(short.conversation.messages) > len(long.conversation.messages)


async def test_the_operator_may_allow_less_than_the_model_takes() -> None:
    thread = Conversation(tuple(person_writes(number, "x" * 100) for number in range(1, 30)))
    turn = await Context(Settings(), 300, len, ModelInfo).turn(thread)
    assert len(turn.conversation.messages) == 2


def test_the_questions_come_last_whatever_was_said_between_them() -> None:
    first, second = person_writes(2, "One?", to_bot=True), person_writes(4, "Two?", to_bot=True)
    history = Conversation((person_writes(1, "Hello"), first, bot_writes(3, "So"), second, person_writes(5, "Later")))
    waiting = (reference_to(first), reference_to(second))
    conversation = conversation_to_answer(history, waiting, ())
    assert conversation is not None
    assert [message.text for message in conversation.messages] == ["Hello", "So", "One?", "Two?"]


def test_without_any_question_left_there_is_nothing_to_answer() -> None:
    gone = person_writes(2, "Gone", to_bot=True)
    assert conversation_to_answer(Conversation((person_writes(1, "Hello"),)), (reference_to(gone),), ()) is None
