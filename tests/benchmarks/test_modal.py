"""How long the settings form takes, less what the local Slack itself takes."""

import pytest

from benchmarks import modal
from benchmarks.modal import Opening, figures_of, measure_modal


def test_what_the_local_slack_is_late_is_taken_off() -> None:
    ticks = [(9.5, 0.1), (9.99, 0.02), (10.05, 0.04), (10.2, 0.5)]
    assert Opening(10.0, 10.1).taken(ticks) == pytest.approx(0.07)


def test_nothing_is_taken_off_where_it_was_never_late_meanwhile() -> None:
    assert Opening(10.0, 10.1).taken([(9.5, 0.1), (10.2, 0.5)]) == pytest.approx(0.1)


def test_no_form_opens_before_its_command() -> None:
    assert Opening(10.0, 10.01).taken([(10.0, 0.3)]) == 0.0


def test_a_form_that_is_late_for_one_in_ten_misses_the_target() -> None:
    idle, busy = [0.01] * 10, [0.02] * 9 + [0.3]
    figures = figures_of(idle, busy, 200)
    assert [round(figure.ours) for figure in figures] == [10, 20, 300]
    assert [figure.is_met for figure in figures] == [None, True, False]


async def test_the_real_bot_opens_its_form_while_it_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modal, "_BETWEEN", 0.0)
    figures = await measure_modal(streams=2, commands=2)
    assert all(0 < figure.ours < 10_000 for figure in figures)
