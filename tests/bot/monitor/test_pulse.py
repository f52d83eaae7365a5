"""The event loop's pulse, on a clock that tests move."""

import asyncio

import pytest

from bot.monitor.pulse import INTERVAL, Pulse, beating
from tests.doubles.clock import StillClock


class Loop:
    """An event loop that wakes the pulse as late as it is told, once for each delay."""

    def __init__(self, *delays: float) -> None:
        self.clock = StillClock()
        self.delays = list(delays)

    async def sleep(self, seconds: float) -> None:
        if not self.delays:
            raise asyncio.CancelledError
        self.clock.now += seconds + self.delays.pop(0)


async def beaten(*delays: float) -> tuple[Pulse, StillClock]:
    loop = Loop(*delays)
    pulse = Pulse(loop.clock, loop.sleep)
    with pytest.raises(asyncio.CancelledError):
        await pulse.run()
    return pulse, loop.clock


def test_a_pulse_that_has_not_begun_has_no_lag() -> None:
    assert Pulse().lag == Pulse().longest_lag == 0.0


async def test_the_lag_is_that_of_the_latest_beat() -> None:
    pulse, _ = await beaten(3.0, 0.5)
    assert pulse.lag == pytest.approx(0.5)


async def test_the_longest_lag_is_forgotten_after_a_minute() -> None:
    pulse, _ = await beaten(3.0, *[0.1] * 59)
    assert pulse.longest_lag == pytest.approx(3.0)
    pulse, _ = await beaten(3.0, *[0.1] * 60)
    assert pulse.longest_lag == pytest.approx(0.1)


async def test_a_loop_that_is_stuck_is_late_before_it_wakes() -> None:
    pulse, clock = await beaten(0.0)
    clock.now += INTERVAL + 7.0
    assert pulse.lag == pulse.longest_lag == pytest.approx(7.0)


async def test_a_loop_that_does_nothing_is_hardly_late() -> None:
    async with beating() as pulse:
        await asyncio.sleep(0)
        assert pulse.lag < INTERVAL
    assert [task.get_name() for task in asyncio.all_tasks() if task.get_name() == "pulse"] == []
