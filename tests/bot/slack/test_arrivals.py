"""Threads that have only just begun."""

from bot.domain.conversation import ThreadKey
from bot.slack.arrivals import FRESH, KEPT, Arrivals
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
