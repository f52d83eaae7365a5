"""Notices when the bot was not there to hear people, and has what they wrote meanwhile looked up."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.domain.errors import BotError
from bot.ports import Now, Presence

log = logging.getLogger(__name__)

CatchUp = Callable[[float], Awaitable[None]]
"""Takes in what people wrote since this time, in seconds since the epoch. Raises BotError."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Seconds: between two notes that the bot hears, and between two looks for a connection; and what counts as a gap.

    `overlap` is how much before a gap is looked at too: what the platform sent when the line was dying never arrived.
    What fails is tried again after `pause`, and then after ever longer ones up to `longest_pause`.
    """

    note: float = 30.0
    look: float = 0.25
    gap: float = 60.0
    overlap: float = 60.0
    pause: float = 60.0
    longest_pause: float = 600.0


@dataclass(slots=True)
class Attendance:
    """Keeps until when the bot has heard, and catches up at the start and after each gap, whatever was its reason.

    The bot hears while it `is_connected` and can write down what it hears: after a full disk there is a gap as well.
    Until a gap is caught up with, the note stands at its beginning, so that the next process begins there. Nothing
    older than `max_age` seconds is looked up; 0 means that nothing ever is.
    """

    presence: Presence
    is_connected: Callable[[], bool]
    catch_up: CatchUp
    max_age: float
    now: Now
    rhythm: Rhythm = field(default_factory=Rhythm)
    _before: float | None = None
    _heard_until: float | None = None
    _gaps: list[float] = field(default_factory=list)
    _found: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Watch until cancelled; what was heard up to that moment is noted then."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._close_gaps(), name="catch up")
                group.create_task(self._watch(), name="attendance")
        finally:
            if self.is_connected():
                await self._attend(self.now())

    async def _watch(self) -> None:
        self._before = await self._last_heard()
        while True:
            if self.is_connected():
                await self._attend(self.now())
                await asyncio.sleep(self.rhythm.note)
            else:
                await asyncio.sleep(self.rhythm.look)

    async def _attend(self, now: float) -> None:
        """Note that the bot hears. A gap lies behind it at the start, however short, and after a long silence."""
        before, self._before = self._before, None
        if self._heard_until is not None and now - self._heard_until > self.rhythm.gap:
            before = self._heard_until
        if before is not None and self.max_age and len(self._gaps) < 2:
            # The second one is not begun yet, and reaches from its beginning to the moment when it is.
            self._gaps.append(before)
            self._found.set()
        if await self._note(now):
            self._heard_until = now

    async def _note(self, at: float) -> bool:
        if self._gaps:
            return True
        try:
            await self.presence.note(at)
        except BotError as error:
            log.warning("what was heard is not noted: %s", error)
            return False
        return True

    async def _last_heard(self) -> float | None:
        try:
            return await self.presence.heard_until()
        except BotError as error:
            log.warning("it is not known what was missed: %s", error)
            return None

    async def _close_gaps(self) -> None:
        while True:
            await self._found.wait()
            self._found.clear()
            while self._gaps:
                await self._close(self._gaps[0] - self.rhythm.overlap)
                del self._gaps[0]

    async def _close(self, beginning: float) -> None:
        pause = self.rhythm.pause
        while True:
            try:
                await self.catch_up(max(beginning, self.now() - self.max_age))
            except BotError as error:
                log.warning("catching up failed; again in %.0f s: %s: %s", pause, type(error).__name__, error)
            except Exception:
                log.exception("catching up failed unexpectedly")
                return
            else:
                return
            await asyncio.sleep(pause)
            pause = min(2 * pause, self.rhythm.longest_pause)
