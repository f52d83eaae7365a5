"""How many answers are asked for side by side."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Self


class Place:
    """One of a limited number of places, held while its context is open."""

    def __init__(self, places: asyncio.Semaphore) -> None:
        self._places = places
        self._is_held = False

    async def __aenter__(self) -> Self:
        await self._take()
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        self._give_back()

    @asynccontextmanager
    async def left(self) -> AsyncIterator[None]:
        """Inside, others may have the place; it is taken again at the end, unless that is an exception."""
        self._give_back()
        yield
        await self._take()

    async def _take(self) -> None:
        await self._places.acquire()
        self._is_held = True

    def _give_back(self) -> None:
        if self._is_held:
            self._places.release()
        self._is_held = False
