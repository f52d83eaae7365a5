"""The one budget for calls to Slack: who may call when."""

import asyncio
import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import IntEnum

from bot.domain.recent import Recent
from bot.slack.wire.budget import ChannelBudget, MethodBudget
from bot.slack.wire.limits import ENDED_BY, burst, calls_a_minute

_POST = "chat.postMessage"
_BEGUN_BY = {end: begin for begin, end in ENDED_BY.items()}

_KEPT = 1_000
"""So many channels are remembered, of which each matters for a few seconds; Slack takes 300 messages a minute."""


class Priority(IntEnum):
    """What goes first when calls wait: the end of a reply, its beginning, what it is made from, its growth."""

    FINAL = 0
    FIRST = 1
    READ = 2
    INTERIM = 3


@dataclass(slots=True, eq=False)
class _Queue:
    """The calls of one method that wait, and what is left for them."""

    method: str
    budget: MethodBudget
    waiters: "list[_Waiter]" = field(default_factory=list)
    timer: asyncio.TimerHandle | None = None


@dataclass(slots=True, eq=False)
class _Waiter:
    """One that waits for a slot; `end` is what will have to end the message that it begins."""

    queue: _Queue
    priority: Priority
    since: float
    channel: ChannelBudget | None
    end: MethodBudget | None
    granted: "asyncio.Future[_Waiter]"
    taken_at: float = 0.0

    @property
    def interim(self) -> bool:
        return self.priority is Priority.INTERIM

    def free_at(self, now: float) -> float:
        """When its channel, and the end, have room for it; infinite until another reply has ended."""
        posts = self.channel.free_at() if self.channel else now
        return max(posts, self.end.begin_at(now) if self.end else now)

    def take(self, now: float) -> None:
        """Its call goes out now."""
        self.taken_at = now
        self.queue.budget.take(now, interim=self.interim)
        if self.channel:
            self.channel.take(now)

    def hold_end(self, replies: int) -> None:
        """Keep room for the end of its message, or no more, because whoever was given the slot does that by now."""
        if self.end:
            self.end.live += replies


class Pacer:
    """Gives each call to Slack its slot, so that Slack never has to refuse one.

    Slack counts by method in a workspace, which has a pacer of its own; for chat.postMessage by channel besides.
    `monotonic` is the clock, and must run as fast as the event loop's.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._now = monotonic
        self._queues: dict[str, _Queue] = {}
        self._channels = Recent[str, ChannelBudget](_KEPT)

    async def slot(
        self, method: str, *, priority: Priority, channel: str | None = None, waiting_since: float | None = None
    ) -> None:
        """Wait for this call's slot; make the call right after.

        Waiting calls go by priority, and within one the stalest first: `waiting_since` is the time, on the pacer's
        clock, since when somebody has waited for what the call brings; None means now.
        """
        await self._first_slot({method: None}, priority, channel, waiting_since)

    async def beginning(
        self, *methods: str, priority: Priority, channel: str, waiting_since: float | None = None
    ) -> str:
        """Wait until a message may begin by one of these methods, and return which; keep room for its end at once.

        What has to be ended by another method is not begun while that method has no room for it, so that ends need not
        wait. A message that is posted with priority FINAL is whole.
        """
        ends = {method: self._end(method, priority) for method in methods}
        return await self._first_slot(ends, priority, channel, waiting_since)

    def try_slot(self, method: str, *, priority: Priority, channel: str | None = None) -> bool:
        """Take a slot if one is free now and nobody with an older or higher claim waits for it; True when taken.

        What begins a message is held to the same as in `beginning`.
        """
        queue, end, now = self._queue(method), self._end(method, priority), self._now()
        granted: asyncio.Future[_Waiter] = asyncio.get_running_loop().create_future()
        waiter = _Waiter(queue, priority, now, self._channel(method, channel), end, granted)
        is_first = not queue.waiters or queue.waiters[0].priority > priority
        if not is_first or max(queue.budget.free_at(now, interim=waiter.interim), waiter.free_at(now)) > now:
            return False
        waiter.take(now)
        return True

    @property
    def queued(self) -> int:
        """How many calls wait for their slot."""
        return len({waiter.granted for queue in self._queues.values() for waiter in queue.waiters})

    def frozen(self, method: str, retry_after: float) -> None:
        """Slack answered 429: no call of this method goes out for `retry_after` seconds, and finals go first then."""
        queue = self._queue(method)
        queue.budget.freeze(self._now(), retry_after)
        self._serve(queue)

    @contextmanager
    def live(self, method: str) -> Iterator[None]:
        """While inside, one more reply will need `method` for its final state: interim calls leave room for it."""
        budget = self._queue(method).budget
        budget.live += 1
        try:
            yield
        finally:
            budget.live -= 1
            if waiting := self._queues.get(_BEGUN_BY.get(method, "")):
                self._serve(waiting)

    def close(self) -> None:
        """Cancel all timers and waiters."""
        for queue in self._queues.values():
            if queue.timer is not None:
                queue.timer.cancel()
            for waiter in queue.waiters:
                waiter.granted.cancel()
            queue.waiters.clear()

    async def _first_slot(
        self,
        ends: Mapping[str, MethodBudget | None],
        priority: Priority,
        channel: str | None,
        waiting_since: float | None,
    ) -> str:
        since = self._now() if waiting_since is None else waiting_since
        granted: asyncio.Future[_Waiter] = asyncio.get_running_loop().create_future()
        waiters = [
            _Waiter(self._queue(method), priority, since, self._channel(method, channel), end, granted)
            for method, end in ends.items()
        ]
        for waiter in waiters:
            waiter.queue.waiters.append(waiter)
            waiter.queue.waiters.sort(key=lambda waiting: (waiting.priority, waiting.since))
            self._serve(waiter.queue)
        try:
            slot = await granted
        except asyncio.CancelledError:
            self._leave(waiters)
            if granted.done() and not granted.cancelled():
                slot = granted.result()
                slot.queue.budget.give_back(slot.taken_at, interim=slot.interim)
                slot.hold_end(-1)
            for waiter in waiters:
                self._serve(waiter.queue)
            raise
        self._leave(waiters)
        slot.hold_end(-1)
        return slot.queue.method

    def _end(self, method: str, priority: Priority) -> MethodBudget | None:
        if method not in ENDED_BY or (method == _POST and priority is Priority.FINAL):
            return None
        return self._queue(ENDED_BY[method]).budget

    @staticmethod
    def _leave(waiters: Iterable[_Waiter]) -> None:
        for waiter in waiters:
            if waiter in waiter.queue.waiters:
                waiter.queue.waiters.remove(waiter)

    def _queue(self, method: str) -> _Queue:
        if method not in self._queues:
            self._queues[method] = _Queue(method, MethodBudget(calls_a_minute(method), burst(method)))
        return self._queues[method]

    def _channel(self, method: str, channel: str | None) -> ChannelBudget | None:
        if method != _POST or channel is None:
            return None
        self._channels[channel] = budget = self._channels.get(channel) or ChannelBudget()
        return budget

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
            if (free_at := waiter.free_at(now)) > now:
                times.append(free_at)
                continue
            queue.waiters.remove(waiter)
            if not waiter.granted.done():
                waiter.take(now)
                waiter.hold_end(1)
                waiter.granted.set_result(waiter)
        if times and math.isfinite(min(times)):
            queue.timer = asyncio.get_running_loop().call_later(min(times) - now, self._serve, queue)
