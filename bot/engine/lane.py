"""The lane of one thread: what waits there is worked on, one lease after the other."""

import asyncio
import logging
from dataclasses import dataclass

from bot.domain.conversation import ThreadKey
from bot.domain.errors import BotError, LeaseLost
from bot.domain.reply import StopReason
from bot.engine.lease import JournalLease, take_lease
from bot.engine.timing import Timing
from bot.ports import Journal, Now, Work

log = logging.getLogger(__name__)


class WorkUnfinished(BotError):
    """Work ended, or was cancelled, before it had finished a message."""


@dataclass(slots=True)
class _Working:
    lease: JournalLease
    task: asyncio.Task[None]
    reminder: asyncio.TimerHandle | None = None


@dataclass(slots=True, eq=False)
class Lane:
    """Lives while something waits in its thread."""

    thread: ThreadKey
    journal: Journal
    work: Work
    timing: Timing
    now: Now
    _woken: bool = False
    _closing: bool = False
    _task: asyncio.Task[None] | None = None
    _working: _Working | None = None

    def wake(self) -> None:
        """Look again before ending: something new was accepted."""
        self._woken = True

    def stop(self) -> bool:
        """Cancel the work because a person wants it; False when none is under way, or it is at its last step."""
        if self._working is None or self._working.lease.finishing:
            return False
        self._cancel(self._working, StopReason.PERSON)
        return True

    def close(self) -> None:
        """Begin no more work, and end at once when none is under way."""
        self._closing = True
        if self._working is None and self._task is not None:
            self._task.cancel()

    def cut_off(self) -> None:
        """Cancel the work because the process ends."""
        if self._working is not None:
            self._cancel(self._working, StopReason.SHUTDOWN)

    async def run(self) -> None:
        """Work until nothing waits. Being cancelled cancels the work too, and ends when that has ended."""
        self._task = asyncio.current_task()
        failures = 0
        while not self._closing:
            try:
                if not await self._anything_waits():
                    return
                await self._work_once()
                failures = 0
            except Exception as error:
                self._log(error)
                if not self._closing:
                    await self.timing.pause(failures)
                failures += 1

    async def _anything_waits(self) -> bool:
        while True:
            self._woken = False
            if await self.journal.waiting(self.thread):
                return True
            if not self._woken:
                return False

    async def _work_once(self) -> None:
        """One lease; raises what the work raised, and WorkUnfinished when it got nowhere."""
        lease = await take_lease(self.journal, self.thread, self.now, self.timing)
        task = asyncio.create_task(self.work(lease))
        self._working = _Working(lease, task)
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            self.cut_off()
            await asyncio.wait({task})
            raise
        finally:
            if self._working.reminder is not None:
                self._working.reminder.cancel()
            self._working = None
        error = None if task.cancelled() else task.exception()
        if not lease.finished:
            raise error or WorkUnfinished(f"nothing finished at attempt {lease.attempt}")
        if error is not None:
            self._log(error)

    def _cancel(self, working: _Working, reason: StopReason) -> None:
        """Cancel once, so that the work can write its end undisturbed; work at its last step is left to make it."""
        if working.lease.stop_reason is None:
            working.lease.stop_reason = reason
            if not working.lease.finishing:
                working.task.cancel()
            self._remind(working, self.timing.patience(reason))

    def _remind(self, working: _Working, patience: float) -> None:
        def cancel_again() -> None:
            log.warning("work on %s does not end; cancelled again", self._name)
            working.task.cancel()
            self._remind(working, patience)

        working.reminder = asyncio.get_running_loop().call_later(patience, cancel_again)

    def _log(self, error: BaseException) -> None:
        if self._closing or isinstance(error, LeaseLost):
            log.info("work on %s was given up: %s", self._name, type(error).__name__)
        elif isinstance(error, BotError):
            log.warning("work on %s failed: %s: %s", self._name, type(error).__name__, error)
        else:
            log.error("work on %s failed unexpectedly", self._name, exc_info=error)

    @property
    def _name(self) -> str:
        return f"{self.thread.channel}/{self.thread.root}"
