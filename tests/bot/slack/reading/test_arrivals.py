"""Threads that have only just begun."""

import pytest

from bot.domain.conversation import ThreadKey
from bot.slack.reading.arrivals import FRESH, KEPT, Arrivals

NOW = 1_700_000_000.0


def thread(age: float) -> ThreadKey:
    return ThreadKey("T1", "C1", f"{NOW - age:.6f}")


@pytest.fixture
def arrivals() -> Arrivals:
    return Arrivals(lambda: NOW)


def test_the_message_that_began_a_thread_is_given_out_once(arrivals: Arrivals) -> None:
    arrivals.keep(thread(1), {"text": "Hello"})
    assert arrivals.take(thread(1)) == {"text": "Hello"}
    assert arrivals.take(thread(1)) is None
    assert arrivals.take(thread(2)) is None


def test_a_thread_that_began_a_while_ago_is_read_instead(arrivals: Arrivals) -> None:
    for age, is_known in ((FRESH, True), (FRESH + 0.1, False), (60, False), (-2, True)):
        arrivals.keep(thread(age), {"text": "Hello"})
        assert (arrivals.take(thread(age)) is not None) is is_known


@pytest.mark.parametrize("reply_comes", ["first", "last"])
def test_a_thread_in_which_somebody_has_replied_is_read_instead(arrivals: Arrivals, reply_comes: str) -> None:
    if reply_comes == "first":
        arrivals.go_on(thread(1))
    arrivals.keep(thread(1), {"text": "Hello"})
    if reply_comes == "last":
        arrivals.go_on(thread(1))
    arrivals.complete(thread(1), MESSAGE)
    assert arrivals.take(thread(1)) is None


def test_the_oldest_are_forgotten(arrivals: Arrivals) -> None:
    for number in range(KEPT + 1):
        arrivals.keep(thread(number / 100), {})
    assert arrivals.take(thread(0)) is None
    assert arrivals.take(thread(KEPT / 100)) == {}


MENTION = {"type": "app_mention", "text": "Look"}
MESSAGE = {"type": "message", "text": "Look", "files": [{"id": "F1"}]}


def test_a_mention_without_files_waits_for_the_event_of_its_message(arrivals: Arrivals) -> None:
    arrivals.keep(thread(1), MENTION)
    arrivals.complete(thread(1), MENTION)
    arrivals.complete(thread(1), MESSAGE)
    assert arrivals.take(thread(1)) == MESSAGE
    arrivals.keep(thread(2), MENTION)
    assert arrivals.take(thread(2)) is None


def test_a_mention_with_files_is_as_good_as_its_message(arrivals: Arrivals) -> None:
    arrivals.keep(thread(1), {**MENTION, "files": [{"id": "F1"}]})
    arrivals.complete(thread(1), MESSAGE)
    assert arrivals.take(thread(1)) == {**MENTION, "files": [{"id": "F1"}]}


def test_an_event_that_comes_after_the_thread_was_read_counts_no_more(arrivals: Arrivals) -> None:
    arrivals.keep(thread(1), MENTION)
    arrivals.take(thread(1))
    arrivals.complete(thread(1), MESSAGE)
    arrivals.complete(thread(2), MESSAGE)
    assert arrivals.take(thread(1)) is None
    assert arrivals.take(thread(2)) is None
