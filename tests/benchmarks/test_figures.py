"""Figures, targets, and the table that shows them."""

import pytest

from benchmarks.figures import (
    Figure,
    Target,
    above_the_minimal,
    at_least,
    at_most,
    percentile,
    table,
    times_the_minimal,
)


@pytest.mark.parametrize(
    ("target", "ours", "minimal", "is_met"),
    [
        (at_most(8, "calls"), 8, 4, True),
        (at_most(8, "calls"), 8.1, 9, False),
        (at_least(200, "answers"), 200, 20, True),
        (at_least(200, "answers"), 199, 20, False),
        (times_the_minimal(1.3), 13, 10, True),
        (times_the_minimal(1.3), 13.1, 10, False),
        (times_the_minimal(1.3), 13, None, False),
        (above_the_minimal(15, "ms"), 25, 10, True),
        (above_the_minimal(15, "ms"), 26, 10, False),
    ],
)
def test_a_target_is_met_or_missed(target: Target, ours: float, minimal: float | None, is_met: bool) -> None:
    assert Figure("x", "y", ours, minimal, target).is_met is is_met


def test_a_figure_without_target_is_neither() -> None:
    assert Figure("x", "y", 1, 1).is_met is None


@pytest.mark.parametrize(("share", "value"), [(0.5, 50), (0.99, 99), (1, 100), (0, 1), (0.001, 1)])
def test_a_percentile_is_one_of_the_values(share: float, value: float) -> None:
    assert percentile(list(range(100, 0, -1)), share) == value


def test_the_table_says_by_how_much_a_target_is_missed() -> None:
    lines = table(
        [
            Figure("memory", "MB", 150.0, 100.0, times_the_minimal(1.3)),
            Figure("lag", "x", 1.1, None, at_most(1.15, "x")),
        ]
    ).splitlines()
    assert lines[2].split("|")[1:-1] == [
        " memory (MB) ",
        " 150.0 ",
        " 100.0   ",
        " 1.50  ",
        " at most 1.3 x minimal ",
        " MISSED ",
    ]
    assert lines[3].split("|")[3:-1] == [" -       ", "       ", " at most 1.15 x        ", " met    "]
    assert len({len(line) for line in lines}) == 1


def test_counts_are_shown_without_decimals() -> None:
    assert "| 200 " in table([Figure("complete", "answers", 200, 43)])
