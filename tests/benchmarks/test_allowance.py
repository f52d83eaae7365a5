"""How soon Slack's limits allow a crowd's answers to be complete."""

import pytest

from benchmarks.allowance import answers_by, least_seconds


@pytest.mark.parametrize(
    ("seconds", "crowd", "answers"),
    [
        (0, [100], 25),  # twenty streams, and the burst of one channel
        (10, [100], 35),
        (60, [200], 105),  # twenty streams more
        (0, [3, 100], 28),
        (0, [5] * 10, 50),
    ],
)
def test_streams_count_by_the_minute_and_posts_by_the_channel(seconds: int, crowd: list[int], answers: int) -> None:
    assert answers_by(seconds, crowd) == answers


@pytest.mark.parametrize(
    ("channels", "writing", "least"),
    [(["C1"] * 50, 10.0, 25.0), (["C1"] * 50, 30.0, 30.0), (["C1"] * 200, 30.0, 135.0), (list("abcdefgh"), 7.5, 7.5)],
)
def test_nothing_is_complete_before_it_is_written(channels: list[str], writing: float, least: float) -> None:
    assert least_seconds(channels, writing) == least
