"""Whether the bot is well, for each thing that may be wrong."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.domain.errors import BotError
from bot.monitor.health import LONGEST_LAG, Checkup, Health
from bot.monitor.pulse import INTERVAL, Pulse
from tests.doubles.clock import StillClock

WELL = Health(loop_lag=0.001, sockets=2, can_write=True, model_is_up=True)


async def writes() -> None:
    pass


async def is_full() -> None:
    raise BotError("the disk is full")


async def hangs() -> None:
    await asyncio.Event().wait()


def test_nothing_troubles_a_bot_that_is_well() -> None:
    assert WELL.is_alive
    assert WELL.troubles == ()


@pytest.mark.parametrize(
    ("health", "trouble", "alive"),
    [
        (Health(LONGEST_LAG, 2, True, True), "the event loop is stuck", False),
        (Health(0.0, 0, True, True), "no socket to Slack", True),
        (Health(0.0, 1, False, True), "the database takes no writes", True),
        (Health(0.0, 1, True, False), "the model does not answer", True),
    ],
)
def test_each_trouble_is_named_and_only_a_stuck_loop_is_death(health: Health, trouble: str, alive: bool) -> None:
    assert health.troubles == (trouble,)
    assert health.is_alive is alive


def test_all_troubles_are_named_at_once() -> None:
    assert len(Health(LONGEST_LAG, 0, False, False).troubles) == 4


@pytest.mark.parametrize(("write", "can_write"), [(writes, True), (is_full, False), (hangs, False)])
async def test_a_database_that_refuses_or_hangs_takes_no_writes(
    write: Callable[[], Awaitable[None]], can_write: bool
) -> None:
    checkup = Checkup(Pulse(), lambda: 1, write, lambda: True, longest_write=0.05)
    assert (await checkup.health()).can_write is can_write


async def test_a_checkup_asks_everything_anew() -> None:
    clock, sockets, is_up = StillClock(), [1], [True]

    async def sleep(_: float) -> None:
        await asyncio.Event().wait()

    pulse = Pulse(clock, sleep)
    beating = asyncio.create_task(pulse.run())
    await asyncio.sleep(0)
    checkup = Checkup(pulse, lambda: sockets[0], writes, lambda: is_up[0])
    assert (await checkup.health()).troubles == ()
    clock.now += INTERVAL + LONGEST_LAG
    sockets[0], is_up[0] = 0, False
    assert await checkup.health() == Health(LONGEST_LAG, 0, True, False)
    beating.cancel()
    await asyncio.gather(beating, return_exceptions=True)
