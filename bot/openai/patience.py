"""Limits how long an answer is waited for."""

import asyncio
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from bot.domain.errors import ModelStalled

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long an answer is waited for, in seconds.

    `idle` is the longest silence. The service breaks silences by keepalives while a model thinks, so `progress` is the
    longest time in which nothing but these arrives. `total` holds for the whole answer, retries included. `drawing`
    stands for `idle` while a picture is drawn, where it is the longer one: nothing may arrive until it is ready.
    """

    idle: float = 75.0
    progress: float = 600.0
    total: float = 900.0
    drawing: float = 300.0


class Clocks:
    """The three time limits of one answer, running from now on; `drawing` says that a picture is being drawn."""

    def __init__(self, patience: Patience, drawing: bool = False) -> None:
        self.drawing = drawing
        self._patience = patience
        self._time = asyncio.get_running_loop().time
        self._end = self._time() + patience.total
        self.progressed()

    def progressed(self) -> None:
        """Something arrived that brings the answer nearer."""
        self._progress_by = self._time() + self._patience.progress

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Time that passes inside is not the model's."""
        since = self._time()
        try:
            yield
        finally:
            self._end += self._time() - since
            self.progressed()

    def leave(self, seconds: float) -> bool:
        """True when the answer has that much time left."""
        return self._time() + seconds < self._end

    async def limit(self, step: Awaitable[Result]) -> Result:
        """Wait for one step of the answer. Raises ModelStalled.

        Each step has a limit of its own: one around the whole would go off in whoever consumes the answer.
        """
        patience = self._patience
        silent_until = self._time() + (max(patience.idle, patience.drawing) if self.drawing else patience.idle)
        deadline, clock = min((silent_until, "idle"), (self._progress_by, "progress"), (self._end, "total"))
        try:
            async with asyncio.timeout_at(deadline):
                return await step
        except TimeoutError:
            raise ModelStalled(f"the {clock} time limit has passed") from None
