"""One answer after the other: what a bot adds to the model's own time, what it asks of Slack, what it costs to run."""

import asyncio
from dataclasses import dataclass, field, fields
from statistics import median

from benchmarks.figures import Figure, above_the_minimal, at_most, times_the_minimal
from benchmarks.stage import BOTH, MINIMAL, OURS, Bot, Stage, open_stage
from benchmarks.texts import plain_answer
from benchmarks.watcher import Sight
from playground.openai.scripts import Pace

_ANSWER = plain_answer(600)
_PACE = Pace(first=0.3, per_second=50)
_CLEARING_AWAY = 0.5
"""Seconds after an answer in which a bot still does what belongs to it."""

_AT_START = ("apps.connections.open", "auth.test")


@dataclass(slots=True)
class Sample:
    """What the rounds of one bot gave: a value an answer, or a round. Seconds, MB and calls."""

    first_text: list[float] = field(default_factory=list)
    whole_text: list[float] = field(default_factory=list)
    calls: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    started_in: list[float] = field(default_factory=list)
    idle_memory: list[float] = field(default_factory=list)
    used_memory: list[float] = field(default_factory=list)


async def measure_answers(rounds: int, answers: int) -> list[Figure]:
    """In each round both bots start afresh, one after the other, and give so many answers after one to warm up."""
    samples = {bot: Sample() for bot in BOTH}
    for number in range(rounds):
        for bot in BOTH if number % 2 == 0 else reversed(BOTH):
            await _round(bot, answers, samples[bot])
    ours, minimal = samples[OURS], samples[MINIMAL]

    names = [declaration.name for declaration in fields(Sample)]
    pairs = {name: (median(getattr(ours, name)), median(getattr(minimal, name))) for name in names}
    thousandths = {name: (1_000 * one, 1_000 * other) for name, (one, other) in pairs.items()}
    return [
        Figure("first words, added to the model's", "ms", *thousandths["first_text"], above_the_minimal(15, "ms")),
        Figure("whole text, added to the model's", "ms", *thousandths["whole_text"]),
        Figure("calls for 600 characters", "calls", *pairs["calls"], at_most(8, "calls")),
        Figure("processor for 600 characters", "ms", *thousandths["cpu"], times_the_minimal(1.2)),
        Figure("start until connected", "s", *pairs["started_in"], times_the_minimal(1.5)),
        Figure("memory when idle", "MB", *pairs["idle_memory"], times_the_minimal(1.2)),
        Figure("memory after answers", "MB", *pairs["used_memory"], times_the_minimal(1.2)),
    ]


async def _round(bot: Bot, answers: int, sample: Sample) -> None:
    async with open_stage(bot, _ANSWER, _PACE) as stage:
        sample.started_in.append(stage.started_in)
        sample.idle_memory.append(stage.idle_memory)
        await _answer(stage, 0)
        calls, cpu = _calls(stage), stage.cpu()
        for number in range(1, answers + 1):
            sight = await _answer(stage, number)
            added_first, added_whole = _added(stage, sight)
            sample.first_text.append(added_first)
            sample.whole_text.append(added_whole)
        sample.calls.append((_calls(stage) - calls) / answers)
        sample.cpu.append((stage.cpu() - cpu) / answers)
        sample.used_memory.append(stage.memory())


async def _answer(stage: Stage, number: int) -> Sight:
    sight = await stage.ask(number)
    if not await stage.watcher.until_whole(sight, timeout=60):
        raise RuntimeError("an answer did not become visible")
    await asyncio.sleep(_CLEARING_AWAY)
    return sight


def _added(stage: Stage, sight: Sight) -> tuple[float, float]:
    """From the event to the first words and to the whole text, less what the model itself took, in seconds."""
    call = stage.call_of(sight)
    return (
        _between(sight.asked_at, sight.first_at) - _between(call.received_at, call.first_text_at),
        _between(sight.asked_at, sight.whole_at) - _between(call.received_at, call.ended_at),
    )


def _between(earlier: float, later: float | None) -> float:
    if later is None:
        raise RuntimeError("an answer is not complete")
    return later - earlier


def _calls(stage: Stage) -> int:
    return len(stage.slack.calls) - stage.slack.calls.count(*_AT_START)
