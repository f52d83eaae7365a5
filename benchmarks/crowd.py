"""Fifty and two hundred answers at once: memory, and when the last of them is complete within Slack's limits.

The time is compared with the least that the limits themselves allow, which `benchmarks.allowance` computes: once where
people write in channels of their own, and once where all write in the same, which takes one message a second.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.allowance import least_seconds
from benchmarks.figures import Figure, at_least, at_most
from benchmarks.stage import BOTH, MINIMAL, OURS, Bot, Stage, open_stage
from benchmarks.texts import plain_answer, seconds_to_write
from playground.openai.calls import Call
from playground.openai.scripts import Pace

_MOST = 200
_CROWDS = ((50, 40), (50, 1), (200, 40), (200, 1))
"""How many ask, and in how many channels."""

_ANSWER = plain_answer(600)
_FIRST, _PER_SECOND = 1.0, 4.0
_WRITING = _FIRST + seconds_to_write(_ANSWER, _PER_SECOND)
_PACE = Pace(first=_FIRST, per_second=_PER_SECOND)
_FIRST_WORDS = 10
_GATHERING = 900.0
"""Seconds for all of them to begin."""

_NEVER_STALLED = {"OPENAI_STREAMING_CHUNK_TIMEOUT": "3600"}
_PATIENCE = 600.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """`complete` counts answers, `seconds` is when the last of those was complete after all were asked for.

    `least` is when that was possible at all, `first_words` the longest that anybody waited for them, and `refusals` the
    most calls of one method that Slack refused.
    """

    complete: int
    seconds: float
    least: float
    first_words: float
    refusals: int

    @property
    def ratio(self) -> float:
        return self.seconds / self.least


async def measure_crowd() -> list[Figure]:
    """Both bots, one after the other: each has the machine to itself."""
    memory = {bot: await _memory(bot) for bot in BOTH}
    figures = [Figure(f"memory with {_MOST} answers at once", "MB", memory[OURS], memory[MINIMAL])]
    for size, channels in _CROWDS:
        ours, minimal = await _outcome(OURS, size, channels), await _outcome(MINIMAL, size, channels)
        name = f"{size} at once in {channels} channel{'s' * (channels > 1)}"
        figures += [
            Figure(f"{name}: complete", "answers", ours.complete, minimal.complete, at_least(size, "answers")),
            Figure(f"{name}: most refusals of a method", "calls", ours.refusals, minimal.refusals, at_most(1, "calls")),
            Figure(f"{name}: longest wait for first words", "s", ours.first_words, minimal.first_words),
            Figure(f"{name}: all complete, least possible {ours.least:.1f}", "s", ours.seconds, minimal.seconds),
            Figure(f"{name}: over the least possible", "x", ours.ratio, minimal.ratio, at_most(1.25, "x")),
        ]
    return figures


async def _outcome(bot: Bot, size: int, channels: int) -> Outcome:
    async with open_stage(bot, _ANSWER, _PACE, people=channels, has_limits=True) as stage:
        sights = [await stage.ask(number) for number in range(size)]
        await stage.watcher.until_whole(*sights, timeout=_PATIENCE if bot is OURS else _WRITING * 2)
        whole = [sight.whole_at - sight.asked_at for sight in sights if sight.whole_at is not None]
        begun = [sight.first_at - sight.asked_at for sight in sights if sight.first_at is not None]
        least = least_seconds((str(number % channels) for number in range(size)), _WRITING)
        refused = max(stage.slack.rate_limits.refused.values(), default=0)
        return Outcome(len(whole), max(whole, default=0.0), least, max(begun, default=0.0), refused)


async def _memory(bot: Bot) -> float:
    """The highest memory in MB, without Slack's limits, while each answer stops after its first words until all have
    begun."""
    async with open_stage(bot, _ANSWER, _PACE, people=_MOST, variables=_NEVER_STALLED) as stage:
        gathering = stage.model.hold(after=_FIRST_WORDS, times=_MOST)
        sampling = asyncio.create_task(_highest_memory(stage))
        for number in range(_MOST):
            await stage.ask(number)
        await stage.model.wait_for(_all_begun, _GATHERING)
        gathering.release()
        return await sampling


def _all_begun(calls: Sequence[Call]) -> bool:
    return sum(call.first_text_at is not None for call in calls) >= _MOST


def _all_written(calls: Sequence[Call]) -> bool:
    """True when the model has done what it was asked, or was hung up on, for everybody."""
    return len(calls) >= _MOST and all(call.over for call in calls)


async def _highest_memory(stage: Stage) -> float:
    """The highest memory until the model has written everything, in MB."""
    highest = 0.0
    while not _all_written(stage.model.requests):
        highest = max(highest, stage.memory())
        await asyncio.sleep(0.1)
    return highest
