"""Whether calls keep within Slack's limits, and who goes first."""

import asyncio
import random
from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import median

import pytest

from bot.slack.pacer import Pacer, Priority
from tests.doubles.clock import run_virtually, virtual_now

UPDATE, APPEND, POST = "chat.update", "chat.appendStream", "chat.postMessage"


def busiest(times: Sequence[float], window: float = 60.0) -> int:
    """The most calls that any window of this length sees."""
    return max((sum(start <= at < start + window for at in times) for start in times), default=0)


async def asks(pacer: Pacer, method: str, priority: Priority, log: list[float], channel: str | None = None) -> None:
    await pacer.slot(method, "T1", priority=priority, channel=channel)
    log.append(virtual_now())


def test_no_minute_sees_more_calls_than_slack_allows() -> None:
    async def story() -> list[float]:
        pacer, times = Pacer(virtual_now), list[float]()
        async with asyncio.TaskGroup() as group:
            for number in range(200):
                group.create_task(asks(pacer, UPDATE, Priority(number % 4), times))
        return times

    times = run_virtually(story())
    assert len(times) == 200
    assert busiest(times) <= 50
    assert max(times) < 200 / 45 * 60


def test_finals_go_before_everything_that_waits() -> None:
    async def story() -> tuple[list[float], list[float]]:
        pacer, interims, finals = Pacer(virtual_now), list[float](), list[float]()
        async with asyncio.TaskGroup() as group:
            for _ in range(60):
                group.create_task(asks(pacer, UPDATE, Priority.INTERIM, interims))
            await asyncio.sleep(30)
            for _ in range(5):
                group.create_task(asks(pacer, UPDATE, Priority.FINAL, finals))
        return interims, finals

    interims, finals = run_virtually(story())
    assert max(finals) < 32
    assert max(interims) > 60


def test_the_stalest_of_equals_goes_first() -> None:
    async def story() -> list[str]:
        pacer, order = Pacer(virtual_now), list[str]()
        for _ in range(47):
            await pacer.slot(UPDATE, "T1", priority=Priority.FIRST)

        async def waits(name: str, since: float) -> None:
            await pacer.slot(UPDATE, "T1", priority=Priority.FIRST, waiting_since=since)
            order.append(name)

        async with asyncio.TaskGroup() as group:
            group.create_task(waits("young", 3.0))
            group.create_task(waits("old", 1.0))
            group.create_task(waits("middle", 2.0))
        return order

    assert run_virtually(story()) == ["old", "middle", "young"]


def test_a_few_interims_go_at_once_and_many_are_spread_over_the_minute() -> None:
    async def story() -> list[float]:
        pacer, times = Pacer(virtual_now), list[float]()
        async with asyncio.TaskGroup() as group:
            for _ in range(40):
                group.create_task(asks(pacer, UPDATE, Priority.INTERIM, times))
        return times

    times = run_virtually(story())
    assert times[2] == 0
    assert 40 < times[-1] < 60
    assert max(later - earlier for earlier, later in pairwise(times)) < 2


def test_room_is_kept_for_the_ends_of_live_replies() -> None:
    async def story() -> float:
        pacer = Pacer(virtual_now)
        with pacer.live(UPDATE, "T1"), pacer.live(UPDATE, "T1"), pacer.live(UPDATE, "T1"), pacer.live(UPDATE, "T1"):
            while virtual_now() < 59:
                await pacer.slot(UPDATE, "T1", priority=Priority.INTERIM)
            began = virtual_now()
            await pacer.slot(UPDATE, "T1", priority=Priority.FINAL)
            return virtual_now() - began

    assert run_virtually(story()) == 0


def test_after_a_429_nothing_goes_out_until_slack_said_so_and_finals_go_first() -> None:
    async def story() -> list[tuple[str, float]]:
        pacer, order = Pacer(virtual_now), list[tuple[str, float]]()
        pacer.frozen(UPDATE, "T1", 7)

        async def waits(name: str, priority: Priority) -> None:
            await pacer.slot(UPDATE, "T1", priority=priority)
            order.append((name, virtual_now()))

        async with asyncio.TaskGroup() as group:
            group.create_task(waits("interim", Priority.INTERIM))
            group.create_task(waits("final", Priority.FINAL))
            assert not pacer.try_slot(UPDATE, "T1", priority=Priority.FINAL)
            assert pacer.try_slot(UPDATE, "T2", priority=Priority.FINAL)
        return order

    assert run_virtually(story()) == [("final", 7.0), ("interim", 7.0)]


def test_a_channel_gets_about_one_post_a_second_and_does_not_hold_up_another() -> None:
    async def story() -> tuple[list[float], list[float]]:
        pacer, busy, quiet = Pacer(virtual_now), list[float](), list[float]()
        async with asyncio.TaskGroup() as group:
            for _ in range(10):
                group.create_task(asks(pacer, POST, Priority.FIRST, busy, "C1"))
            await asyncio.sleep(1.5)
            group.create_task(asks(pacer, POST, Priority.FIRST, quiet, "C2"))
        return busy, quiet

    busy, quiet = run_virtually(story())
    assert 6 <= busy[-1] <= 9
    assert quiet == [1.5]


def test_a_cancelled_waiter_leaves_its_place_to_others() -> None:
    async def story() -> float:
        pacer = Pacer(virtual_now)
        pacer.frozen(UPDATE, "T1", 5)
        given_up = asyncio.create_task(pacer.slot(UPDATE, "T1", priority=Priority.FINAL))
        await asyncio.sleep(1)
        given_up.cancel()
        await asyncio.gather(given_up, return_exceptions=True)
        await pacer.slot(UPDATE, "T1", priority=Priority.INTERIM)
        return virtual_now()

    assert run_virtually(story()) == 5


def test_closing_ends_every_wait() -> None:
    async def story() -> None:
        pacer = Pacer(virtual_now)
        pacer.frozen(UPDATE, "T1", 3_600)
        waiting = asyncio.create_task(pacer.slot(UPDATE, "T1", priority=Priority.FINAL))
        await asyncio.sleep(0)
        pacer.close()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert virtual_now() < 1

    run_virtually(story())


async def answer(pacer: Pacer, seconds: float, lags: list[float], finals: list[float], times: list[float]) -> None:
    """One answer that is edited as often as it may be while it is written, and once at its end."""
    with pacer.live(UPDATE, "T1"):
        end, shown = virtual_now() + seconds, virtual_now()
        while virtual_now() < end:
            try:
                async with asyncio.timeout_at(end):
                    await pacer.slot(UPDATE, "T1", priority=Priority.INTERIM, waiting_since=shown)
            except TimeoutError:
                break
            times.append(virtual_now())
            lags.append(virtual_now() - shown)
            shown = virtual_now()
            await asyncio.sleep(0.8)
        await pacer.slot(UPDATE, "T1", priority=Priority.FINAL)
        times.append(virtual_now())
        finals.append(virtual_now() - end)


def traffic(answers_a_minute: float, seconds: float, minutes: float, seed: int) -> tuple[list[float], ...]:
    async def story() -> tuple[list[float], ...]:
        pacer, lags, finals, times = Pacer(virtual_now), list[float](), list[float](), list[float]()
        draw: Callable[[float], float] = random.Random(seed).expovariate
        async with asyncio.TaskGroup() as group:
            while virtual_now() < minutes * 60:
                await asyncio.sleep(draw(answers_a_minute / 60))
                group.create_task(answer(pacer, seconds, lags, finals, times))
        return lags, finals, times

    return run_virtually(story())


@pytest.mark.parametrize("answers_a_minute", [6, 12, 20])
def test_finals_arrive_soon_under_the_traffic_of_a_busy_workspace(answers_a_minute: float) -> None:
    _, finals, times = traffic(answers_a_minute, seconds=30, minutes=20, seed=1)
    assert busiest(times) <= 50
    assert sorted(finals)[int(len(finals) * 0.95)] <= 2.0


def test_edits_come_nearly_as_often_as_the_limits_allow() -> None:
    """The optimum of n streams that share the updates which the ends of answers leave: 60 n / (50 - answers)."""
    answers_a_minute, seconds = 12, 30
    lags, _, _ = traffic(answers_a_minute, seconds, minutes=30, seed=2)
    optimum = 60 * (answers_a_minute / 60 * seconds) / (50 - answers_a_minute)
    assert median(lags) <= 1.15 * optimum
