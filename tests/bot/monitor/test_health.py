"""Whether the bot is well, for each thing that may be wrong."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.domain.errors import BotError
from bot.monitor.health import LONGEST_LAG, Checkup
from bot.monitor.pulse import INTERVAL, Pulse
from tests.doubles.clock import StillClock


async def writes() -> None:
    pass


async def is_full() -> None:
    raise BotError("the disk is full")


async def hangs() -> None:
    await asyncio.Event().wait()


def checkup(
    sockets: int = 2, write: Callable[[], Awaitable[None]] = writes, *, is_up: bool = True, lag: float = 0.0
) -> Checkup:
    clock = StillClock()
    pulse = Pulse(clock)
    pulse._due = clock.now
    clock.now += lag
    return Checkup(pulse, lambda: sockets, write, lambda: is_up, longest_write=0.05)


async def test_nothing_troubles_a_bot_that_is_well() -> None:
    assert checkup().is_alive
    assert await checkup().troubles() == []


@pytest.mark.parametrize(
    ("sick", "trouble", "alive"),
    [
        (checkup(lag=LONGEST_LAG), "the event loop is stuck", False),
        (checkup(sockets=0), "no socket to Slack", True),
        (checkup(write=is_full), "the database takes no writes", True),
        (checkup(write=hangs), "the database takes no writes", True),
        (checkup(is_up=False), "the model does not answer", True),
    ],
)
async def test_each_trouble_is_named_and_only_a_stuck_loop_is_death(sick: Checkup, trouble: str, alive: bool) -> None:
    assert await sick.troubles() == [trouble]
    assert sick.is_alive is alive


async def test_all_troubles_are_named_at_once() -> None:
    assert len(await checkup(0, is_full, is_up=False, lag=LONGEST_LAG).troubles()) == 4


async def test_a_checkup_asks_everything_anew() -> None:
    clock, sockets, is_up = StillClock(), [1], [True]
    pulse = Pulse(clock)
    pulse._due = clock.now + INTERVAL
    anew = Checkup(pulse, lambda: sockets[0], writes, lambda: is_up[0])
    assert await anew.troubles() == []
    clock.now += INTERVAL + LONGEST_LAG
    sockets[0], is_up[0] = 0, False
    assert len(await anew.troubles()) == 3
