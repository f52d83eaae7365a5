"""The engine of a single process: one lane for each thread that has work, over a journal."""

import asyncio
import logging
from collections.abc import Callable

from bot.domain.conversation import ThreadKey
from bot.domain.errors import BotError
from bot.engine.lane import Lane
from bot.engine.timing import Timing
from bot.ports import Acceptance, Journal, Now, Reference, Work

log = logging.getLogger(__name__)


class EmbeddedEngine:
    """The `bot.ports.Engine` that works on at most `places` threads at once.

    What waits stands in the journal alone: a lane that finds nothing there is gone, and so is all memory of its thread.
    Threads beyond the places have no lane, so that however many wait, they take no memory. Nobody sees yet that they
    were heard, and there is nothing to stop; when a lane ends, the thread that has waited longest gets the place.
    """

    def __init__(self, journal: Journal, now: Now, places: int = 256, timing: Timing | None = None) -> None:
        self._journal = journal
        self._now = now
        self._places = places
        self._timing = timing or Timing()
        self._lanes: dict[ThreadKey, Lane] = {}
        self._start_lane: Callable[[ThreadKey], None] | None = None
        self._is_crowded = False
        self._room = asyncio.Event()
        self._draining = asyncio.Event()
        self._ended = asyncio.Event()
        self._ended.set()

    @property
    def lanes(self) -> int:
        """How many threads are being worked on."""
        return len(self._lanes)

    async def accept(self, reference: Reference) -> Acceptance:
        """Take a message; returns only when it is durable. While draining, too: then the next process answers it."""
        is_new = await self._journal.accept(reference, self._now())
        # For a duplicate as well: whoever brought the first one may have been cut off between these two lines.
        self._wake(reference.thread)
        return Acceptance.ACCEPTED if is_new else Acceptance.DUPLICATE

    async def run(self, work: Work) -> None:
        """Call `work` for every thread in which messages wait, until drained; cancelling this cuts all work off."""
        self._ended.clear()
        try:
            async with asyncio.TaskGroup() as group:

                def start_lane(thread: ThreadKey) -> None:
                    lane = Lane(thread, self._journal, work, self._timing, self._now)
                    self._lanes[thread] = lane
                    group.create_task(self._serve(lane), name=f"lane {thread.channel}/{thread.root}")

                self._start_lane = start_lane
                try:
                    await self._let_in()
                    filling = group.create_task(self._fill(), name="engine's places")
                    await self._draining.wait()
                    filling.cancel()
                finally:
                    self._draining.set()
        finally:
            self._lanes.clear()
            self._ended.set()

    async def stop(self, thread: ThreadKey) -> bool:
        lane = self._lanes.get(thread)
        return lane is not None and lane.stop()

    async def reopen(self, thread: ThreadKey, message_id: str, reply_messages: tuple[str, ...]) -> bool:
        is_open = await self._journal.reopen(thread, message_id, reply_messages, self._now())
        # In any case: whoever opened it before may have been cut off between these two lines.
        self._wake(thread)
        return is_open

    async def drain(self, grace: float) -> None:
        self._draining.set()
        for lane in self._lanes.values():
            lane.close()
        try:
            async with asyncio.timeout(grace):
                await self._ended.wait()
        except TimeoutError:
            for lane in self._lanes.values():
                lane.cut_off()
            await self._ended.wait()

    def _wake(self, thread: ThreadKey) -> None:
        if lane := self._lanes.get(thread):
            lane.wake()
        elif self._start_lane is not None and not self._draining.is_set():
            if self._is_crowded or len(self._lanes) >= self._places:
                self._is_crowded = True
            else:
                self._start_lane(thread)

    async def _fill(self) -> None:
        """Let threads in from the journal whenever there is room."""
        failures = 0
        while True:
            await self._room.wait()
            self._room.clear()
            try:
                await self._let_in()
                failures = 0
            except BotError as error:
                log.warning("nobody knows which threads wait: %s: %s", type(error).__name__, error)
                self._is_crowded = True
                self._room.set()
                await self._timing.pause(failures)
                failures += 1

    async def _let_in(self) -> None:
        """Give the free places to those that have waited longest; one more than there are places tells of a crowd."""
        # Before looking: what comes while we look, and finds no room, must be looked for again.
        self._is_crowded = False
        for thread in await self._journal.threads_with_work(self._places + 1):
            self._wake(thread)

    async def _serve(self, lane: Lane) -> None:
        try:
            await lane.run()
        finally:
            # At once, without waiting for anything: what is accepted from here on gets a lane of its own.
            self._lanes.pop(lane.thread, None)
            if self._is_crowded:
                self._room.set()
