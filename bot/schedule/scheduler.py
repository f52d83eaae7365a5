"""Runs jobs by the clock."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

log = logging.getLogger(__name__)

LATE = 3600
"""A job that could not start in time still starts when it is at most so many seconds late."""


@dataclass(frozen=True, slots=True)
class Job:
    """What happens by the clock."""

    name: str
    trigger: BaseTrigger
    run: Callable[[], Awaitable[None]]


@asynccontextmanager
async def scheduled(jobs: Iterable[Job]) -> AsyncIterator[None]:
    """Runs the jobs while the context is open; leaving it cancels a job that is running and waits for its end.

    A job runs once at a time. Times that were missed count as one. A job that fails runs again at its next time.
    """
    running: set[asyncio.Task[None]] = set()

    async def run(job: Job) -> None:
        task = asyncio.create_task(_run(job), name=f"job {job.name}")
        running.add(task)
        task.add_done_callback(running.discard)
        await asyncio.wait({task})

    scheduler = AsyncIOScheduler()
    for job in jobs:
        scheduler.add_job(run, job.trigger, [job], id=job.name, coalesce=True, max_instances=1, misfire_grace_time=LATE)
    scheduler.start()
    try:
        yield
    finally:
        # In this order, because the scheduler reports whatever it has to cancel itself as a crash. Each step takes
        # effect in the loop's next round.
        scheduler.pause()
        await asyncio.sleep(0)
        await _end(running)
        scheduler.shutdown(wait=False)
        await asyncio.sleep(0)


async def _run(job: Job) -> None:
    try:
        await job.run()
    except Exception:
        log.exception("job %s failed; it runs again at its next time", job.name)


async def _end(tasks: set[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
