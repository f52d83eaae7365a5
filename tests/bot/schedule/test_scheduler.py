"""Jobs run by the clock, one at a time, whatever happened to them before."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.schedule.scheduler import Job, scheduled
from tests.doubles.until import until

OFTEN = IntervalTrigger(seconds=0.01)


async def test_a_job_that_fails_runs_again_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    runs = 0

    async def fail() -> None:
        nonlocal runs
        runs += 1
        raise ConnectionError("the disk is tired")

    async with scheduled([Job("tidying", OFTEN, fail)]):
        await until(lambda: runs >= 3)

    assert "job tidying failed" in caplog.text


async def test_a_job_that_fails_holds_up_no_other() -> None:
    ran = asyncio.Event()

    async def fail() -> None:
        raise ConnectionError

    async def succeed() -> None:
        ran.set()

    async with scheduled([Job("failing", OFTEN, fail), Job("other", OFTEN, succeed)]), asyncio.timeout(30):
        await ran.wait()


async def test_a_job_runs_once_at_a_time(caplog: pytest.LogCaptureFixture) -> None:
    running, most, skipped = 0, 0, "maximum number of running instances reached"

    async def take_long() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await until(lambda: skipped in caplog.text)
        running -= 1

    async with scheduled([Job("slow", OFTEN, take_long)]):
        await until(lambda: skipped in caplog.text)

    assert most == 1


async def test_leaving_cancels_a_running_job_and_waits_for_its_end(caplog: pytest.LogCaptureFixture) -> None:
    begun, ended = asyncio.Event(), False

    async def take_for_ever() -> None:
        nonlocal ended
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.01)
            ended = True

    async with scheduled([Job("endless", OFTEN, take_for_ever)]), asyncio.timeout(30):
        await begun.wait()

    assert ended
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_time_that_was_missed_by_little_still_counts() -> None:
    ran = asyncio.Event()

    async def run() -> None:
        ran.set()

    just_missed = DateTrigger(run_date=datetime.fromtimestamp(datetime.now(UTC).timestamp() - 60, UTC))
    async with scheduled([Job("late", just_missed, run)]), asyncio.timeout(30):
        await ran.wait()


class Missed(BaseTrigger):  # type: ignore[misc]
    """Five times that have passed while nobody could look at the clock, one minute apart."""

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime | None:
        following = previous + timedelta(minutes=1) if previous else now - timedelta(minutes=5)
        return following if following < now - timedelta(seconds=1) else None


async def test_times_that_were_missed_count_as_one() -> None:
    runs = 0

    async def count() -> None:
        nonlocal runs
        runs += 1

    async with scheduled([Job("late", Missed(), count)]):
        await until(lambda: runs >= 1)
        for _ in range(50):
            await asyncio.sleep(0)

    assert runs == 1


async def test_nothing_runs_after_leaving() -> None:
    runs = 0

    async def count() -> None:
        nonlocal runs
        runs += 1

    async with scheduled([Job("counting", OFTEN, count)]):
        await until(lambda: runs >= 1)
    counted = runs
    await asyncio.sleep(0.05)

    assert runs == counted
