"""A line: a limited number of places, and people who wait for one and see how many are before them."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Self

from bot.domain.errors import LineClosed
from bot.domain.reply import THINKING, StatusChange

_SOON = 10
"""Up to this number each step is told; further back every tenth, so that a long line does not talk all the time."""


class Line:
    """Gives its places in the order in which they are asked for."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._is_closed = False
        self._waiting: deque[Spot] = deque()

    @property
    def waiting(self) -> int:
        """How many have no place yet."""
        return len(self._waiting)

    def spot(self) -> "Spot":
        """A spot in the line, to be entered as a context."""
        return Spot(self)

    def join(self, spot: "Spot") -> None:
        """Give the spot a place, or let it wait behind all others. Raises LineClosed where it would have to wait."""
        if self._is_closed and not self._free:
            raise LineClosed
        self._waiting.append(spot)
        spot.number = len(self._waiting)
        self._advance()

    def leave(self, spot: "Spot") -> None:
        """Take back the place of the spot, or let it wait no more; those behind it move up."""
        if spot.number == 0:
            self._free += 1
        elif spot.number is not None:
            self._waiting.remove(spot)
        spot.number = None
        self._advance()

    def close(self) -> None:
        """Let nobody wait any more; who has a place keeps it."""
        self._is_closed = True
        while self._waiting:
            self._waiting.popleft().moves_to(None)

    def _advance(self) -> None:
        while self._free and self._waiting:
            self._free -= 1
            self._waiting.popleft().moves_to(0)
        for number, spot in enumerate(self._waiting, start=1):
            spot.moves_to(number)


class Spot:
    """Where somebody stands: `number` counts from 1 for who is next, is 0 for who has a place, and None outside."""

    def __init__(self, line: Line) -> None:
        self.number: int | None = None
        self._line = line
        self._news = asyncio.Event()

    def __enter__(self) -> Self:
        self._line.join(self)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        self._line.leave(self)

    def moves_to(self, number: int | None) -> None:
        """Stand there from now on."""
        if number != self.number and (number is None or number <= _SOON or number % _SOON == 0):
            self._news.set()
        self.number = number

    async def statuses(self, then: StatusChange = THINKING) -> AsyncGenerator[StatusChange, None]:
        """What is to be shown until the place is there, and `then` when it is; nothing where it is there at once.

        Raises LineClosed.
        """
        waited = False
        while self.number != 0:
            if self.number is None:
                raise LineClosed
            waited = True
            self._news.clear()
            yield StatusChange(f"waiting: you are number {self.number:,} in line", waiting=True)
            await self._news.wait()
        if waited:
            yield then

    @asynccontextmanager
    async def left(self) -> AsyncIterator[None]:
        """Inside, others may have the place; it is waited for again at the end, unless that is an exception."""
        self._line.leave(self)
        yield
        self._line.join(self)
        async for _ in self.statuses():
            pass
