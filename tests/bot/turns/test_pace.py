"""Turns in a minute."""

from hypothesis import given
from hypothesis import strategies as st

from bot.turns import pace as pace_module
from bot.turns.pace import MINUTE, Pace
from tests.doubles.clock import StillClock


def test_who_has_had_enough_waits_until_the_oldest_turn_is_a_minute_old() -> None:
    clock = StillClock(0.0)
    pace = Pace(clock)
    for at in (0.0, 10.0):
        clock.now = at
        assert pace.wait("Ann", 2) == 0
        pace.note("Ann", 2)
    clock.now = 15.0
    assert pace.wait("Ann", 2) == 45.0
    assert pace.wait("Ben", 2) == 0
    clock.now = 60.0
    assert pace.wait("Ann", 2) == 0


def test_no_limit_is_no_limit() -> None:
    pace = Pace(StillClock(0.0))
    pace.note("Ann", 1)
    assert pace.wait("Ann", 0) == 0


def test_those_who_have_been_quiet_for_the_longest_are_forgotten() -> None:
    pace = Pace(StillClock(0.0))
    for number in range(pace_module.REMEMBERED + 1):
        pace.note(str(number), 1)
    assert pace.wait("0", 1) == 0
    assert pace.wait("1", 1) == MINUTE


@given(st.lists(st.floats(0, 40), max_size=60), st.integers(1, 5))
def test_no_minute_holds_more_turns_than_granted_and_no_wait_is_longer_than_needed(
    pauses: list[float], most: int
) -> None:
    clock = StillClock(0.0)
    pace = Pace(clock)
    begun: list[float] = []
    for pause in pauses:
        clock.now += pause
        recent = [at for at in begun if at > clock.now - MINUTE]
        assert (pace.wait("Ann", most) > 0) == (len(recent) >= most)
        if len(recent) < most:
            pace.note("Ann", most)
            begun.append(clock.now)
