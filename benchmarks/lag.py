"""How far behind the model people read when many answers share Slack's limits, over the least that is possible.

The lag of an answer at a moment is the age of the oldest piece of text that the model has sent and that nobody sees
yet; 0 when all of it is visible. It is averaged over all answers that the model is writing and over the measured time.

An answer that is refreshed at equal distances T has a mean lag of T/2. With N answers at a time, which end and begin at
the rate of L a minute, the shortest T that Slack's limits allow all of them is

- native streams: 100 appends a minute for N answers, so T = 60 N / 100 seconds;
- edits: 50 updates a minute, of which L are final, so T = 60 N / (50 - L) seconds.

The figure is the measured mean over T/2. Below 1 is possible for a while only, where a burst was saved up.
"""

import asyncio
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from benchmarks.figures import Figure, at_most
from benchmarks.stage import MINIMAL, OURS, Bot, open_stage
from benchmarks.texts import plain_answer, seconds_to_write
from benchmarks.watcher import Sight
from playground.openai.scripts import Pace, pieces_of

_ANSWERS = 10
_TOKENS_A_SECOND = 5
_ANSWER = plain_answer(2_000)
_DURATION = seconds_to_write(_ANSWER, _TOKENS_A_SECOND)
_STEP = 0.05


@dataclass(frozen=True, slots=True)
class Writing:
    """One answer as the model sent it and as people saw it.

    `sent` has the time of each piece and `ends` the length of the text up to and including it; `growth` has pairs of
    time and visible characters.
    """

    sent: Sequence[float]
    ends: Sequence[int]
    growth: Sequence[tuple[float, int]]

    def lag(self, moment: float) -> float | None:
        """The age of the oldest unseen piece at this moment; None when the model is not writing."""
        if not self.sent[0] <= moment < self.sent[-1]:
            return None
        seen = bisect_right(self.growth, moment, key=lambda change: change[0])
        visible = self.growth[seen - 1][1] if seen else 0
        oldest_unseen = bisect_right(self.ends, visible)
        return max(0.0, moment - self.sent[oldest_unseen]) if oldest_unseen < len(self.sent) else 0.0


def mean_lag(writings: Sequence[Writing], begin: float, end: float) -> float:
    """The mean over all answers and all moments between these times, in seconds."""
    steps = int((end - begin) / _STEP)
    lags = (writing.lag(begin + step * _STEP) for step in range(steps) for writing in writings)
    known = [lag for lag in lags if lag is not None]
    return sum(known) / len(known)


async def measure_lag() -> list[Figure]:
    """All bots side by side: they wait for Slack most of the time. The minimal bot knows no edits."""
    native, edits, minimal = await asyncio.gather(_lag(OURS), _lag(OURS, {"SLACK_STREAMING": "edits"}), _lag(MINIMAL))
    rate = 60 * _ANSWERS / _DURATION
    best_native, best_edits = 60 * _ANSWERS / 100 / 2, 60 * _ANSWERS / (50 - rate) / 2
    return [
        Figure(
            "edit lag over optimum, native streams",
            "x",
            native / best_native,
            minimal / best_native,
            at_most(1.15, "x"),
        ),
        Figure("edit lag over optimum, edits", "x", edits / best_edits, None, at_most(1.15, "x")),
    ]


async def _lag(bot: Bot, variables: Mapping[str, str] = MappingProxyType({})) -> float:
    """A question whenever an answer ends; measured once as many as wanted are being written, for as long again."""
    pace = Pace(first=0.3, per_second=_TOKENS_A_SECOND)
    async with open_stage(bot, _ANSWER, pace, people=_ANSWERS, has_limits=True, variables=variables) as stage:
        loop = asyncio.get_running_loop()
        began = loop.time()
        sights: list[Sight] = []
        for number in range(2 * _ANSWERS):
            await asyncio.sleep(began + number * _DURATION / _ANSWERS - loop.time())
            sights.append(await stage.ask(number))
        await asyncio.sleep(began + 2 * _DURATION - loop.time())
        ends = [0]
        for piece in pieces_of(_ANSWER):
            ends.append(ends[-1] + len(piece))
        writings = []
        for sight, call in zip(sights, stage.model.requests, strict=True):
            first = call.first_text_at or 0.0
            sent = [first + number / _TOKENS_A_SECOND for number in range(len(ends) - 1)]
            writings.append(Writing(sent, ends[1:], sight.growth))
        return mean_lag(writings, began + _DURATION, began + 2 * _DURATION)
