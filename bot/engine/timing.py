"""How long the engine waits."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.domain.reply import StopReason


@dataclass(frozen=True, slots=True)
class Timing:
    """How long the engine waits, in seconds.

    `pauses` follow the first, second, … failure in a row, the last one all later ones too: it bounds how long an answer
    is late once the fault is gone. `unwinding` is what work that a person stopped may take to write its end before it
    is cancelled again: longer than the minute by which platforms count calls, for work that does not come to its end is
    begun anew. `leaving` is the same for work that is cancelled because the process ends. `sleep` lets the time pass.
    """

    pauses: tuple[float, ...] = (1.0, 5.0, 30.0)
    unwinding: float = 120.0
    leaving: float = 10.0
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    def patience(self, reason: StopReason) -> float:
        """How long work that was cancelled for this reason may take."""
        return self.unwinding if reason is StopReason.PERSON else self.leaving

    async def pause(self, failures: int) -> None:
        """Wait as long as is right after a failure that so many others came just before."""
        await self.sleep(self.pauses[min(failures, len(self.pauses) - 1)])
