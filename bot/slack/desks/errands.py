"""Work that a person has asked for and that takes longer than Slack waits: done behind the acknowledgement."""

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from bot.domain.errors import BotError

log = logging.getLogger(__name__)

MOST = 200
"""Errands under way at the same time; what is asked for beyond is not done."""


@dataclass(slots=True)
class Errands:
    """Owns the tasks of errands. An errand tells people itself what went wrong; what it lets through is logged."""

    most: int = MOST
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def run(self, name: str, errand: Coroutine[Any, Any, None]) -> bool:
        """Begin an errand; False when there are too many already."""
        if len(self._tasks) >= self.most:
            errand.close()
            log.warning("%s: too much is asked for at once", name)
            return False
        task = asyncio.create_task(self._guarded(name, errand), name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    async def close(self) -> None:
        """Cancel all errands, and return when they have ended."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _guarded(self, name: str, errand: Coroutine[Any, Any, None]) -> None:
        try:
            await errand
        except BotError as error:
            log.warning("%s failed: %s: %s", name, type(error).__name__, error)
        except Exception:
            log.exception("%s failed unexpectedly", name)
