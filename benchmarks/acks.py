"""How soon events are acknowledged: a steady stream of them, and a burst.

Measured is the intake: every event is a message to the bot, which our bot makes durable before the ack. The messages go
to sixty threads in which an answer is under way, and the model says nothing. So our bot starts no answers meanwhile (in
one thread it gives one after the other); the minimal one starts one for each message, as it knows no better.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from benchmarks.figures import Figure, at_most, percentile
from benchmarks.stage import BOTH, MINIMAL, OURS, Bot, Stage, open_stage
from playground.openai.scripts import Pace

_SILENT = Pace(first=3_600)
_QUESTIONS_A_SECOND = 10
_EVENTS_A_SECOND = 60
_BURST = 500
_THREADS = 60
_PATIENCE = 60.0


@dataclass(slots=True)
class Sample:
    """What the rounds of one bot gave, in seconds: of each round the median, the slowest hundredth, and the burst."""

    half: list[float] = field(default_factory=list)
    nearly_all: list[float] = field(default_factory=list)
    burst: list[float] = field(default_factory=list)


async def measure_acks(rounds: int, seconds: int) -> list[Figure]:
    """In each round both bots start afresh and get events for so many seconds, and then the burst."""
    samples = {bot: Sample() for bot in BOTH}
    for number in range(rounds):
        for bot in BOTH if number % 2 == 0 else reversed(BOTH):
            await _round(bot, seconds * _EVENTS_A_SECOND, samples[bot])
    ours, minimal = samples[OURS], samples[MINIMAL]
    return [
        Figure("ack at 60 events/s, median", "ms", 1_000 * median(ours.half), 1_000 * median(minimal.half)),
        Figure(
            "ack at 60 events/s, 99 %",
            "ms",
            1_000 * median(ours.nearly_all),
            1_000 * median(minimal.nearly_all),
            at_most(50, "ms"),
        ),
        Figure("burst of 500 events all acked", "s", median(ours.burst), median(minimal.burst), at_most(1, "s")),
    ]


async def _round(bot: Bot, events: int, sample: Sample) -> None:
    async with open_stage(bot, "silence", _SILENT, people=10) as stage:
        times = stage.slack.sockets.counts.ack_times
        roots = await _post(stage, _THREADS, _QUESTIONS_A_SECOND, [])
        await _all_acked(stage, _THREADS)
        times.clear()
        await _post(stage, events, _EVENTS_A_SECOND, roots)
        await _all_acked(stage, events)
        sample.half.append(percentile(times, 0.5))
        sample.nearly_all.append(percentile(times, 0.99))
        began = time.monotonic()
        await asyncio.gather(*(stage.post(number, roots[number % _THREADS]) for number in range(_BURST)))
        await _all_acked(stage, events + _BURST)
        sample.burst.append(time.monotonic() - began)


async def _post(stage: Stage, count: int, per_second: float, roots: Sequence[str]) -> list[str]:
    """Post so many messages at equal distances in time, into the threads with these roots in turn or each into its own;
    returns their timestamps."""
    began = time.monotonic()
    posted: list[str] = []
    for number in range(count):
        await asyncio.sleep(began + number / per_second - time.monotonic())
        posted.append(await stage.post(number, roots[number % len(roots)] if roots else None))
    return posted


async def _all_acked(stage: Stage, count: int) -> None:
    times = stage.slack.sockets.counts.ack_times
    await stage.workspace.wait_for(lambda: len(times) >= count, _PATIENCE)
