"""How long threads are trimmed."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.conversation import Conversation
from bot.turns.budget import OVERHEAD, trim
from tests.doubles.messages import person_writes


def thread_of(*lengths: int) -> Conversation:
    return Conversation(tuple(person_writes(number + 1, "x" * length) for number, length in enumerate(lengths)))


def numbers(conversation: Conversation) -> list[int]:
    return [int(message.sent_at) - 1700000000 for message in conversation.messages]


def test_a_thread_within_the_budget_stays_whole() -> None:
    conversation = thread_of(10, 10, 10)
    assert trim(conversation, 1_000, len) == conversation


def test_the_first_and_the_newest_messages_stay() -> None:
    kept = numbers(trim(thread_of(*[50] * 40), 1_000, len))
    assert kept[0] == 1
    assert kept[-1] == 40
    assert kept[1:] == list(range(kept[1], 41))


def test_the_prefix_changes_rarely_while_a_thread_grows() -> None:
    starts = [numbers(trim(thread_of(*[50] * length), 1_000, len))[1] for length in range(2, 60)]
    assert len(set(starts)) <= 9
    assert starts == sorted(starts)


def test_a_huge_message_loses_its_middle_visibly() -> None:
    trimmed = trim(thread_of(10, 5_000), 1_000, len).latest
    assert len(trimmed.text) <= 500
    assert "characters left out" in trimmed.text


@given(st.lists(st.integers(0, 2_000), min_size=1, max_size=60), st.integers(200, 3_000))
def test_what_is_kept_costs_at_most_the_budget(lengths: list[int], budget: int) -> None:
    trimmed = trim(thread_of(*lengths), budget, len)
    cost = sum(len(message.text) + OVERHEAD for message in trimmed.messages)
    assert cost <= budget + 2 * OVERHEAD
    assert numbers(trimmed)[0] == 1
    assert numbers(trimmed)[-1] == len(lengths)


def test_a_short_thread_is_not_counted_at_all() -> None:
    def count(text: str) -> int:
        raise AssertionError(f"{len(text)} characters were counted")

    assert trim(thread_of(10, 10), 100, count) == thread_of(10, 10)
