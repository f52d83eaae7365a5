"""The one budget for calls to Slack: who may call when."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import IntEnum

from bot.slack.wire.budget import ChannelBudget, MethodBudget
from bot.slack.wire.limits import ENDED_BY, burst, calls_a_minute

_POST = "chat.postMessage"

_KEPT = 1_000
"""From so many channels or methods on, those that were not used lately are forgotten."""


class Priority(IntEnum):
    """What goes first when calls wait: the end of a reply, its beginning, what it is made from, its growth."""

    FINAL = 0
    FIRST = 1
    READ = 2
    INTERIM = 3


@dataclass(slots=True, eq=False)
class _Waiter:
    priority: Priority
    since: float
    channel: ChannelBudget | None
    granted: asyncio.Future[float]

    @property
    def interim(self) -> bool:
        return self.priority is Priority.INTERIM


@dataclass(slots=True, eq=False)
class _Queue:
    """The calls of one method in one workspace that wait, and what is left for them."""

    budget: MethodBudget
    waiters: list[_Waiter] = field(default_factory=list)
    timer: asyncio.TimerHandle | None = None


class Pacer:
    """Gives each call to Slack its slot, so that Slack never has to refuse one.

    Budgets are per workspace and method, as Slack counts; chat.postMessage has one per channel besides. `monotonic` is
    the clock, and must run as fast as the event loop's.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._now = monotonic
        self._queues: dict[tuple[str, str], _Queue] = {}
        self._channels: dict[tuple[str, str], ChannelBudget] = {}

    async def slot(
        self,
        method: str,
        workspace: str,
        *,
        priority: Priority,
        channel: str | None = None,
        waiting_since: float | None = None,
    ) -> None:
        """Wait for this call's slot; make the call right after.

        Waiting calls go by priority, and within one the stalest first: `waiting_since` is the time, on the pacer's
        clock, since when somebody has waited for what the call brings; None means now.
        """
        if self.try_slot(method, workspace, priority=priority, channel=channel):
            return
        queue = self._queue(method, workspace)
        since = self._now() if waiting_since is None else waiting_since
        granted: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        waiter = _Waiter(priority, since, self._channel(method, workspace, channel), granted)
        queue.waiters.append(waiter)
        queue.waiters.sort(key=lambda waiting: (waiting.priority, waiting.since))
        self._serve(queue)
        try:
            await granted
        except asyncio.CancelledError:
            if waiter in queue.waiters:
                queue.waiters.remove(waiter)
            elif not granted.cancelled():
                queue.budget.give_back(granted.result(), interim=waiter.interim)
            self._serve(queue)
            raise

    def try_slot(self, method: str, workspace: str, *, priority: Priority, channel: str | None = None) -> bool:
        """Take a slot if one is free now and nobody with an older or higher claim waits for it; True when taken.

        What has to be ended by another method is not begun while that method has little room, so that ends need not
        wait. Simulated: of 20 streams a minute, 5 % would end more than five seconds late.
        """
        queue, interim = self._queue(method, workspace), priority is Priority.INTERIM
        if queue.waiters and queue.waiters[0].priority <= priority:
            return False
        posts, now = self._channel(method, workspace, channel), self._now()
        free_at = max(queue.budget.free_at(now, interim=interim), posts.free_at() if posts else now)
        if method in ENDED_BY:
            free_at = max(free_at, self._queue(ENDED_BY[method], workspace).budget.free_at(now, interim=True))
        if free_at > now:
            return False
        queue.budget.take(now, interim=interim)
        if posts:
            posts.take(now)
        return True

    @property
    def queued(self) -> int:
        """How many calls wait for their slot."""
        return sum(len(queue.waiters) for queue in self._queues.values())

    def frozen(self, method: str, workspace: str, retry_after: float) -> None:
        """Slack answered 429: no call of this method goes out for `retry_after` seconds, and finals go first then."""
        queue = self._queue(method, workspace)
        queue.budget.freeze(self._now(), retry_after)
        self._serve(queue)

    @contextmanager
    def live(self, method: str, workspace: str) -> Iterator[None]:
        """While inside, one more reply will need `method` for its final state: interim calls leave room for it."""
        budget = self._queue(method, workspace).budget
        budget.live += 1
        try:
            yield
        finally:
            budget.live -= 1

    def close(self) -> None:
        """Cancel all timers and waiters."""
        for queue in self._queues.values():
            if queue.timer is not None:
                queue.timer.cancel()
            for waiter in queue.waiters:
                waiter.granted.cancel()
            queue.waiters.clear()

    def _queue(self, method: str, workspace: str) -> _Queue:
        key = (workspace, method)
        if key not in self._queues:
            if len(self._queues) >= _KEPT:
                kept = self._queues.items()
                self._queues = {each: queue for each, queue in kept if not self._is_idle(queue)}
            self._queues[key] = _Queue(MethodBudget(calls_a_minute(method), burst(method)))
        return self._queues[key]

    def _is_idle(self, queue: _Queue) -> bool:
        return not queue.waiters and queue.budget.is_idle(self._now())

    def _channel(self, method: str, workspace: str, channel: str | None) -> ChannelBudget | None:
        if method != _POST or channel is None:
            return None
        key = (workspace, channel)
        if key not in self._channels:
            if len(self._channels) >= _KEPT:
                kept, now = self._channels.items(), self._now()
                self._channels = {each: budget for each, budget in kept if not budget.is_idle(now)}
            self._channels[key] = ChannelBudget()
        return self._channels[key]

    def _serve(self, queue: _Queue) -> None:
        """Give slots to those whose time has come, and come back when the next one's does."""
        if queue.timer is not None:
            queue.timer.cancel()
            queue.timer = None
        now, times = self._now(), list[float]()
        for waiter in list(queue.waiters):
            free_at = queue.budget.free_at(now, interim=waiter.interim)
            if free_at > now:
                times.append(free_at)
                break  # and whoever comes behind has to wait as long at least
            if waiter.channel and waiter.channel.free_at() > now:
                times.append(waiter.channel.free_at())
                continue
            queue.waiters.remove(waiter)
            if not waiter.granted.done():
                queue.budget.take(now, interim=waiter.interim)
                if waiter.channel:
                    waiter.channel.take(now)
                waiter.granted.set_result(now)
        if times:
            queue.timer = asyncio.get_running_loop().call_later(min(times) - now, self._serve, queue)
