"""Whether the bot is well: whether its process lives, and whether it can answer people now."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.domain.errors import BotError
from bot.monitor.pulse import Pulse

LONGEST_LAG = 5.0
"""Seconds that the event loop may be late; beyond, the process counts as stuck."""

LONGEST_WRITE = 5.0
"""Seconds that a write to the database may take."""


@dataclass(frozen=True, slots=True)
class Health:
    """How the bot is at one moment; `loop_lag` is in seconds, `sockets` are those that Slack has greeted."""

    loop_lag: float
    sockets: int
    can_write: bool
    model_is_up: bool

    @property
    def is_alive(self) -> bool:
        """True while the process works at all, whatever the world around it does."""
        return self.loop_lag < LONGEST_LAG

    @property
    def troubles(self) -> tuple[str, ...]:
        """What keeps the bot from answering, each in a few words; empty when it is ready."""
        checks = {
            "the event loop is stuck": not self.is_alive,
            "no socket to Slack": self.sockets == 0,
            "the database takes no writes": not self.can_write,
            "the model does not answer": not self.model_is_up,
        }
        return tuple(trouble for trouble, is_so in checks.items() if is_so)


@dataclass(frozen=True, slots=True)
class Checkup:
    """Finds out how the bot is. `write` writes to the disk, or raises BotError."""

    pulse: Pulse
    sockets: Callable[[], int]
    write: Callable[[], Awaitable[None]]
    model_is_up: Callable[[], bool]
    longest_write: float = LONGEST_WRITE

    async def health(self) -> Health:
        """How the bot is now; takes as long as one write to the disk."""
        return Health(self.pulse.lag, self.sockets(), await self._can_write(), self.model_is_up())

    async def _can_write(self) -> bool:
        try:
            async with asyncio.timeout(self.longest_write):
                await self.write()
        except (BotError, TimeoutError):
            return False
        return True
