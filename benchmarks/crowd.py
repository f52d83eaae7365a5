"""Two hundred answers at once: memory while they are written, and whether every one of them is complete in the end.

Each answer stops after its first words until all have begun, however long that takes within Slack's limits.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.figures import Figure, at_least
from benchmarks.stage import BOTH, MINIMAL, OURS, Bot, Stage, open_stage
from benchmarks.texts import plain_answer
from benchmarks.watcher import Sight
from playground.openai.calls import Call
from playground.openai.scripts import Pace

_STREAMS = 200
_PEOPLE = 40
_ANSWER = plain_answer(600)
_PACE = Pace(first=1, per_second=6)
_FIRST_WORDS = 10
_QUESTIONS_A_SECOND = 50
_GATHERING = 900.0
"""Seconds for all of them to begin, which needs a call or two of each that Slack limits to some tens a minute."""

_NEVER_STALLED = {"OPENAI_STREAMING_CHUNK_TIMEOUT": "3600"}
_PATIENCE = 150.0
"""Seconds without any answer becoming complete after which none is expected any more: two and a half of the minutes in
which Slack counts calls."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`complete` counts answers, `memory` is the highest in MB, `waited` is how long after the model's last word the
    last of the complete answers was visible, in seconds."""

    complete: int
    memory: float
    waited: float


async def measure_crowd() -> list[Figure]:
    """Both bots, first without Slack's limits, one after the other; then within them, side by side."""
    free = {bot: await _outcome(bot, False) for bot in BOTH}
    limited = dict(zip(BOTH, await asyncio.gather(*(_outcome(bot, True) for bot in BOTH)), strict=True))
    return [
        Figure("memory with 200 answers at once", "MB", free[OURS].memory, free[MINIMAL].memory),
        Figure(
            "complete of 200 at once, no limits",
            "answers",
            free[OURS].complete,
            free[MINIMAL].complete,
            at_least(_STREAMS, "answers"),
        ),
        Figure(
            "complete of 200 at once, Slack's limits",
            "answers",
            limited[OURS].complete,
            limited[MINIMAL].complete,
            at_least(_STREAMS, "answers"),
        ),
        Figure(
            "the last of them after the model's end, Slack's limits", "s", limited[OURS].waited, limited[MINIMAL].waited
        ),
    ]


async def _outcome(bot: Bot, has_limits: bool) -> Outcome:
    async with open_stage(
        bot, _ANSWER, _PACE, people=_PEOPLE, has_limits=has_limits, variables=_NEVER_STALLED
    ) as stage:
        gathering = stage.model.hold(after=_FIRST_WORDS, times=_STREAMS)
        sampling = asyncio.create_task(_highest_memory(stage))
        sights = []
        for number in range(_STREAMS):
            sights.append(await stage.ask(number))
            await asyncio.sleep(1 / _QUESTIONS_A_SECOND)
        await stage.model.wait_for(_all_begun, _GATHERING)
        gathering.release()
        await stage.model.wait_for(_all_written, _PATIENCE)
        memory = await sampling
        written_at = asyncio.get_running_loop().time()
        await _until_nothing_comes(stage, sights)
        seen = [sight.whole_at for sight in sights if sight.whole_at is not None]
        return Outcome(len(seen), memory, max(seen, default=written_at) - written_at)


def _all_begun(calls: Sequence[Call]) -> bool:
    return sum(call.first_text_at is not None for call in calls) >= _STREAMS


def _all_written(calls: Sequence[Call]) -> bool:
    """True when the model has done what it was asked, or was hung up on, for everybody."""
    return len(calls) >= _STREAMS and all(call.over for call in calls)


async def _highest_memory(stage: Stage) -> float:
    """The highest memory until the model has written everything, in MB."""
    highest = 0.0
    while not _all_written(stage.model.requests):
        highest = max(highest, stage.memory())
        await asyncio.sleep(0.1)
    return highest


async def _until_nothing_comes(stage: Stage, sights: Sequence[Sight]) -> None:
    complete = -1
    while complete < sum(sight.whole_at is not None for sight in sights):
        complete = sum(sight.whole_at is not None for sight in sights)
        if await stage.watcher.until_whole(*sights, timeout=_PATIENCE):
            return
