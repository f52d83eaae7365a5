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
class Checkup:
    """Finds out how the bot is. `sockets` counts those that Slack has greeted; `write` writes to the disk, or raises
    BotError."""

    pulse: Pulse
    sockets: Callable[[], int]
    write: Callable[[], Awaitable[None]]
    model_is_up: Callable[[], bool]
    longest_write: float = LONGEST_WRITE

    @property
    def is_alive(self) -> bool:
        """True while the process works at all, whatever the world around it does."""
        return self.pulse.lag < LONGEST_LAG

    async def troubles(self) -> list[str]:
        """What keeps the bot from answering now, each in a few words; takes as long as one write to the disk."""
        checks = {
            "the event loop is stuck": not self.is_alive,
            "no socket to Slack": self.sockets() == 0,
            "the database takes no writes": not await self._can_write(),
            "the model does not answer": not self.model_is_up(),
        }
        return [trouble for trouble, is_so in checks.items() if is_so]

    async def _can_write(self) -> bool:
        try:
            async with asyncio.timeout(self.longest_write):
                await self.write()
        except (BotError, TimeoutError):
            return False
        return True
