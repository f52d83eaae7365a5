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
    """Seconds: between two notes that the bot hears, and between two looks at the line; and which silence is a gap.

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

    A gap is any time without a line, for the platform may send nothing twice what it could not send once; and a long
    time in which nothing could be noted: the disk was full, or the whole machine asleep. Until a gap is caught up with,
    the note stands at its beginning, so that the next process begins there. Nothing older than `max_age` seconds is
    looked up; 0 means that nothing ever is.
    """

    presence: Presence
    is_connected: Callable[[], bool]
    catch_up: CatchUp
    max_age: float
    now: Now
    rhythm: Rhythm = field(default_factory=Rhythm)
    _hears: bool = False
    _heard_at: float | None = None
    _noted_at: float | None = None
    _tried_at: float = 0.0
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
                now = self.now()
                self._hear(now)
                await self._note(now)

    async def _watch(self) -> None:
        self._heard_at = await self._last_heard()
        while True:
            if self.is_connected():
                now = self.now()
                self._hear(now)
                if now - self._tried_at >= self.rhythm.note:
                    await self._note(now)
            else:
                self._hears = False
            await asyncio.sleep(self.rhythm.look)

    def _hear(self, now: float) -> None:
        """The bot hears at this moment; when it did not just before, a gap lies behind it, at the start as well."""
        before = None if self._hears else self._heard_at
        self._hears, self._heard_at = True, now
        if self._noted_at is not None and now - self._noted_at > self.rhythm.gap:
            before, self._noted_at = self._noted_at, now
        if before is not None and self.max_age and len(self._gaps) < 2:
            # The second one is not begun yet, and reaches from its beginning to the moment when it is.
            self._gaps.append(before)
            self._found.set()

    async def _note(self, at: float) -> None:
        self._tried_at = at
        try:
            if not self._gaps:
                await self.presence.note(at)
        except BotError as error:
            log.warning("what was heard is not noted: %s", error)
        else:
            self._noted_at = at

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
