"""Threads that have only just begun."""

from bot.domain.conversation import ThreadKey
from bot.slack.reading.arrivals import FRESH, KEPT, Arrivals
from tests.doubles.clock import StillClock


def thread(number: int) -> ThreadKey:
    return ThreadKey("T1", "C1", f"17000000{number:02}.000000")


def test_the_message_that_began_a_thread_is_given_out_once() -> None:
    arrivals = Arrivals()
    arrivals.keep(thread(1), {"text": "Hello"})
    assert arrivals.take(thread(1)) == {"text": "Hello"}
    assert arrivals.take(thread(1)) is None
    assert arrivals.take(thread(2)) is None


def test_a_thread_that_began_a_while_ago_is_read_instead() -> None:
    clock = StillClock()
    arrivals = Arrivals(clock)
    arrivals.keep(thread(1), {"text": "Hello"})
    clock.now += FRESH + 0.1
    assert arrivals.take(thread(1)) is None


def test_the_oldest_are_forgotten() -> None:
    arrivals = Arrivals()
    for number in range(KEPT + 1):
        arrivals.keep(thread(number), {})
    assert arrivals.take(thread(0)) is None
    assert arrivals.take(thread(KEPT)) == {}


MENTION = {"type": "app_mention", "text": "Look"}
MESSAGE = {"type": "message", "text": "Look", "files": [{"id": "F1"}]}


def test_a_mention_without_files_waits_for_the_event_of_its_message() -> None:
    arrivals = Arrivals()
    arrivals.keep(thread(1), MENTION)
    arrivals.complete(thread(1), MENTION)
    arrivals.complete(thread(1), MESSAGE)
    assert arrivals.take(thread(1)) == MESSAGE
    arrivals.keep(thread(2), MENTION)
    assert arrivals.take(thread(2)) is None


def test_a_mention_with_files_is_as_good_as_its_message() -> None:
    arrivals = Arrivals()
    arrivals.keep(thread(1), {**MENTION, "files": [{"id": "F1"}]})
    arrivals.complete(thread(1), MESSAGE)
    assert arrivals.take(thread(1)) == {**MENTION, "files": [{"id": "F1"}]}


def test_an_event_that_comes_after_the_thread_was_read_counts_no_more() -> None:
    arrivals = Arrivals()
    arrivals.keep(thread(1), MENTION)
    arrivals.take(thread(1))
    arrivals.complete(thread(1), MESSAGE)
    arrivals.complete(thread(2), MESSAGE)
    assert arrivals.take(thread(1)) is None
    assert arrivals.take(thread(2)) is None


def test_a_message_is_as_old_as_its_first_event() -> None:
    clock = StillClock()
    arrivals = Arrivals(clock)
    arrivals.keep(thread(1), MENTION)
    clock.now += FRESH + 0.1
    arrivals.complete(thread(1), MESSAGE)
    assert arrivals.take(thread(1)) is None
