"""The times of a growing reply."""

import pytest

from bot.slack.markup.segments import Urgency
from bot.slack.writing.rhythm import Rhythm

RHYTHM = Rhythm()


@pytest.mark.parametrize(
    ("age", "urgency", "rest"),
    [
        (0, Urgency.CALM, 240),
        (239, Urgency.CALM, 1),
        (240, Urgency.PARAGRAPH, 15),
        (256, Urgency.LINE, 14),
        (270, Urgency.WORD, 10),
        (280, Urgency.NOW, None),
        (999, Urgency.NOW, None),
    ],
)
def test_a_stream_wants_its_end_more_and_more(age: float, urgency: Urgency, rest: float | None) -> None:
    assert RHYTHM.urgency(age) is urgency
    assert RHYTHM.until_more_urgent(age) == rest


def test_refreshes_get_rarer_in_long_answers_and_after_failures() -> None:
    assert RHYTHM.pause(0) == RHYTHM.interval
    assert RHYTHM.pause(60) > RHYTHM.pause(10)
    assert RHYTHM.pause(10_000) == RHYTHM.longest_interval
    assert RHYTHM.pause(0, failures=2) == 4 * RHYTHM.interval
    assert RHYTHM.pause(0, failures=1_000) == RHYTHM.longest_pause


def test_nothing_is_left_until_slack_has_taken_it_away() -> None:
    status_lasts, stream_lives, one_call = 120, 300, 10
    assert RHYTHM.status_refresh + one_call < status_lasts
    assert RHYTHM.stream_ages[-1] + one_call < stream_lives
