"""What a turn is made of."""

from collections.abc import Callable

from bot.domain.conversation import Conversation
from bot.domain.errors import BotError
from bot.domain.models import ModelInfo
from bot.domain.settings import Effort, Holder, Language, Scope, Settings
from bot.turns.context import Context, conversation_to_answer
from bot.turns.preferences import Preferences
from tests.doubles.messages import THREAD, bot_writes, person_writes, reference_to
from tests.doubles.records import MemorySettings


def small_model(name: str) -> ModelInfo:
    return ModelInfo(name, context_window=2_000, max_output=1_000)


def context(
    defaults: Settings = Settings(),  # noqa: B008 (it is frozen)
    budget: int = 1_000_000,
    describe: Callable[[str], ModelInfo] = small_model,
    store: MemorySettings | None = None,
) -> Context:
    return Context(Preferences(store or MemorySettings(), defaults, describe, lambda: 0.0), budget, len, describe)


async def test_a_conversation_never_outgrows_the_model() -> None:
    thread = Conversation(tuple(person_writes(number, "x" * 100) for number in range(1, 30)))
    turn = await context().turn(thread)
    assert len(turn.conversation.messages) < 9
    assert turn.message == thread.latest


async def test_a_shorter_answer_leaves_more_room_for_the_conversation() -> None:
    thread = Conversation(tuple(person_writes(number, "x" * 100) for number in range(1, 30)))
    long = await context().turn(thread)
    short = await context(Settings(max_output_tokens=16)).turn(thread)
    assert len(short.conversation.messages) > len(long.conversation.messages)


async def test_the_operator_may_allow_less_than_the_model_takes() -> None:
    thread = Conversation(tuple(person_writes(number, "x" * 100) for number in range(1, 30)))
    turn = await context(budget=300, describe=ModelInfo).turn(thread)
    assert len(turn.conversation.messages) == 2


async def test_a_turn_has_the_settings_of_who_asked_last_and_of_the_thread() -> None:
    thread = Holder(Scope.THREAD, "T1", f"{THREAD.channel}/{THREAD.root}")
    ann, ben = Holder(Scope.USER, "T1", "A"), Holder(Scope.USER, "T1", "B")
    store = MemorySettings(
        {ann: {"model": "anns"}, ben: {"model": "bens"}, thread: {"reasoning_effort": "high", "verbosity": "low"}}
    )
    asked = Conversation((person_writes(1, "One?", who="Ann"), person_writes(2, "Two?", who="Ben")))
    turn = await context(store=store).turn(asked)
    assert (turn.settings.model, turn.settings.reasoning_effort) == ("bens", Effort.HIGH)


async def test_words_of_its_own_are_in_the_language_of_who_asked() -> None:
    desk = context(store=MemorySettings({Holder(Scope.USER, "T1", "A"): {"language": "fr"}}))
    languages = [await desk.language(person_writes(1, "Hello?", who=who)) for who in ("Ann", "Ben")]
    assert languages == [Language.FR, Language.EN]


async def test_the_defaults_serve_when_settings_cannot_be_read() -> None:
    store = MemorySettings(broken=BotError("the disk does not work"))
    turn = await context(Settings(model="usual"), store=store).turn(Conversation((person_writes(1, "Hello?"),)))
    assert turn.settings.model == "usual"


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
