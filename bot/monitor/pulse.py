"""How late the event loop is: whatever blocks it holds up every answer at once."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

INTERVAL = 1.0
"""Seconds between two beats."""

_REMEMBERED = 60


@dataclass(slots=True)
class Pulse:
    """Asks to be woken at each beat, and notes how many seconds too late that was."""

    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _lags: deque[float] = field(default_factory=lambda: deque((0.0,), maxlen=_REMEMBERED))
    _due: float | None = None

    async def run(self) -> None:
        """Beat until cancelled."""
        while True:
            self._due = self.monotonic() + INTERVAL
            await self.sleep(INTERVAL)
            self._lags.append(self._overdue)

    @property
    def lag(self) -> float:
        """How late the loop is, in seconds: at its latest beat, or already for the one that is due."""
        return max(self._lags[-1], self._overdue)

    @property
    def longest_lag(self) -> float:
        """The longest lag of the last minute, in seconds."""
        return max(*self._lags, self._overdue)

    @property
    def _overdue(self) -> float:
        return 0.0 if self._due is None else max(0.0, self.monotonic() - self._due)


@asynccontextmanager
async def beating() -> AsyncIterator[Pulse]:
    """The pulse of the running event loop, while inside."""
    pulse = Pulse()
    task = asyncio.create_task(pulse.run(), name="pulse")
    try:
        yield pulse
    finally:
        task.cancel()
        await asyncio.wait({task})
