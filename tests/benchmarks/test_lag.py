"""How far behind the model people read."""

import pytest

from benchmarks.lag import Writing, mean_lag

SENT = [0.0, 1.0, 2.0, 3.0, 4.0]
ENDS = [10, 20, 30, 40, 50]


def shown(*growth: tuple[float, int]) -> Writing:
    return Writing(SENT, ENDS, growth)


@pytest.mark.parametrize(
    ("growth", "moment", "lag"),
    [
        ([], 0.5, 0.5),
        ([], 3.5, 3.5),
        ([(0.0, 10)], 0.5, 0.0),
        ([(0.0, 10)], 1.5, 0.5),
        ([(0.0, 10), (2.5, 30)], 2.4, 1.4),
        ([(0.0, 10), (2.5, 30)], 2.6, 0.0),
        ([(0.0, 10), (2.5, 25)], 2.6, 0.6),
        ([(0.0, 50)], 3.9, 0.0),
    ],
)
def test_the_lag_is_the_age_of_the_oldest_unseen_piece(
    growth: list[tuple[float, int]], moment: float, lag: float
) -> None:
    assert shown(*growth).lag(moment) == pytest.approx(lag)


def test_an_answer_has_no_lag_before_and_after_it_is_written() -> None:
    assert shown().lag(-0.1) is None
    assert shown().lag(4.0) is None


def test_text_that_is_refreshed_every_two_seconds_lags_one_second_behind() -> None:
    pieces = 4_000
    sent = [number / 100 for number in range(pieces)]
    writing = Writing(sent, range(1, pieces + 1), [(float(t), t * 100) for t in range(0, 40, 2)])
    assert mean_lag([writing, writing], 4.0, 36.0) == pytest.approx(1.0, abs=0.03)
