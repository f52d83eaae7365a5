"""How things stand at the moment when Prometheus asks."""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial

from prometheus_client import CollectorRegistry, Gauge, ProcessCollector, disable_created_metrics, generate_latest

from bot.domain.errors import BotError
from bot.domain.line import Line
from bot.domain.records import Backlog
from bot.monitor.health import Checkup
from bot.monitor.metrics import NAMESPACE
from bot.ports import Now

log = logging.getLogger(__name__)

LONGEST_LOOK = 5.0
"""Seconds that a look into the journal may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """Where to read how things stand. All but `backlog` answer at once; that one may raise BotError."""

    checkup: Checkup
    slack_calls_waiting: Callable[[], int]
    lanes: Callable[[], int]
    lines: Mapping[str, Line]
    backlog: Callable[[], Awaitable[Backlog]]
    now: Now


class Exposition:
    """The page that Prometheus reads: what was counted in `registry`, and how things stand now."""

    def __init__(self, registry: CollectorRegistry, readings: Readings) -> None:
        # Else each series comes twice, the second time with the moment of its birth, which nobody needs.
        disable_created_metrics()
        ProcessCollector(registry=registry)

        def gauge(name: str, meaning: str, read: Callable[[], float] | None = None) -> Gauge:
            made = Gauge(name, meaning, namespace=NAMESPACE, registry=registry)
            if read:
                made.set_function(read)
            return made

        self._registry, self._readings, checkup = registry, readings, readings.checkup
        gauge("sockets", "Sockets over which Slack delivers", checkup.sockets)
        gauge("model_up", "1 while the model is asked, 0 while it is left alone after failures", checkup.model_is_up)
        gauge("slack_calls_waiting", "Calls to Slack that wait for their slot", readings.slack_calls_waiting)
        gauge("lanes", "Threads that are answered or wait for a place", readings.lanes)
        gauge("loop_lag_seconds", "The longest lag of the event loop in a minute", lambda: checkup.pulse.longest_lag)
        gauge("tasks", "Tasks of the event loop", lambda: len(asyncio.all_tasks()))
        in_line = Gauge("in_line", "Who waits for a place", ["line"], namespace=NAMESPACE, registry=registry)
        for name, line in readings.lines.items():
            in_line.labels(name).set_function(partial(_waiting_in, line))
        self._waiting = gauge("journal_waiting", "Messages in the journal that are not answered yet")
        self._oldest = gauge("journal_oldest_seconds", "How long ago the oldest of them was sent; 0 without any")

    async def page(self) -> bytes:
        """The page in Prometheus' text format."""
        waiting, age = await self._backlog()
        self._waiting.set(waiting)
        self._oldest.set(age)
        return generate_latest(self._registry)

    async def _backlog(self) -> tuple[float, float]:
        try:
            async with asyncio.timeout(LONGEST_LOOK):
                backlog = await self._readings.backlog()
        except (BotError, TimeoutError) as error:
            log.warning("nobody knows what waits: %s: %s", type(error).__name__, error)
            return math.nan, math.nan
        age = 0.0 if backlog.oldest is None else max(0.0, self._readings.now() - backlog.oldest)
        return backlog.messages, age


def _waiting_in(line: Line) -> float:
    return line.waiting
