"""How soon the settings form opens while two hundred answers are being written.

Measured is the time from the slash command, as it leaves the local Slack, to the call that opens the form, as it
arrives there. The local Slack and OpenAI share one event loop, which the streams keep busy: how late that loop notices
things is measured beside, and taken off. Slack's limits are off, but the bot keeps to them as always.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import mean, median

from benchmarks.figures import Figure, at_most, percentile
from benchmarks.stage import OURS, Stage, open_stage
from benchmarks.texts import plain_answer
from playground.openai.calls import Call
from playground.openai.scripts import Pace

COMMAND = "/chatgpt-settings"

_STREAMS = 200
_PEOPLE = 40
_ANSWER = plain_answer(3_000)
_PACE = Pace(first=1, per_second=6)
_QUESTIONS_A_SECOND = 50

_COMMANDS = 20
_BETWEEN = 0.5
_PATIENCE = 60.0
_TICK = 0.002
_TARGET = at_most(100, "ms")

Late = tuple[float, float]
"""When a tick of the clock in our own event loop was due, and how late it came, in seconds."""


@dataclass(frozen=True, slots=True)
class Opening:
    """When a command was sent, and when the form that it opens arrived, in event-loop seconds."""

    sent_at: float
    arrived_at: float

    def taken(self, ticks: Iterable[Late]) -> float:
        """The seconds between, less how late the local Slack is on the average in noticing what has arrived."""
        late = [lateness for due, lateness in ticks if due < self.arrived_at and due + lateness > self.sent_at]
        return max(0.0, self.arrived_at - self.sent_at - (mean(late) if late else 0.0))


async def measure_modal(streams: int = _STREAMS, commands: int = _COMMANDS) -> list[Figure]:
    """First in a bot that has nothing else to do, then while it writes so many answers."""
    async with open_stage(OURS, _ANSWER, _PACE, people=_PEOPLE) as stage:
        stage.slack.views.trigger_lifetime = _PATIENCE  # so that a late form is measured and not refused
        idle = await _openings(stage, commands)
        for number in range(streams):
            await stage.ask(number)
            await asyncio.sleep(1 / _QUESTIONS_A_SECOND)
        await stage.model.wait_for(lambda calls: _being_written(calls) == streams, _PATIENCE)
        busy = await _openings(stage, commands)
        if _being_written(stage.model.requests) < streams:
            raise RuntimeError("answers ended before the last form was open")
    return figures_of(idle, busy, streams)


def figures_of(idle: Sequence[float], busy: Sequence[float], streams: int) -> list[Figure]:
    """What the seconds of the single openings show."""
    among = f"settings form among {streams} streams"
    return [
        Figure("settings form when idle, median", "ms", 1_000 * median(idle), None),
        Figure(f"{among}, median", "ms", 1_000 * median(busy), None, _TARGET),
        Figure(f"{among}, 95 %", "ms", 1_000 * percentile(busy, 0.95), None, _TARGET),
    ]


def _being_written(calls: Sequence[Call]) -> int:
    return sum(call.first_text_at is not None and not call.over for call in calls)


async def _openings(stage: Stage, commands: int) -> list[float]:
    ticks: list[Late] = []
    ticking = asyncio.create_task(_tick(ticks))
    openings = []
    for number in range(commands):
        openings.append(await _open(stage, number))
        await asyncio.sleep(_BETWEEN)
    ticking.cancel()
    return [opening.taken(ticks) for opening in openings]


async def _open(stage: Stage, number: int) -> Opening:
    """One of the people sends the command in their direct message with the bot. Raises TimeoutError without a form."""
    person, views = stage.people[number % len(stage.people)], stage.slack.views.open
    channel = stage.workspace.open_dm(person.id)
    before, sent_at = len(views), asyncio.get_running_loop().time()
    await stage.slack.interactions.slash_command(person.id, channel.id, COMMAND)
    await stage.workspace.wait_for(lambda: len(views) > before, _PATIENCE)
    return Opening(sent_at, stage.slack.calls.of("views.open")[-1].at)


async def _tick(ticks: list[Late]) -> None:
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + _TICK
        await asyncio.sleep(_TICK)
        ticks.append((due, loop.time() - due))
