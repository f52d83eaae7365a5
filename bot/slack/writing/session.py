"""The state of a thread's session: while it is "processing", Slack shows a loader, and a button to stop the answer."""

import asyncio
import logging
import math
from contextlib import ExitStack

from bot.domain.errors import PlatformError
from bot.domain.reply import DRAWING
from bot.slack.wire.errors import SlackRefusal
from bot.slack.wire.pacer import Priority
from bot.slack.writing.own_messages import OwnMessages

log = logging.getLogger(__name__)

SET_SESSION = "agents.sessions.setStatus"


class Session:
    """Marks the session as processing while a reply takes long; trouble is no more than logged, by `offer` and `clear`.

    A stream has the button by itself (docs.slack.dev/ai/agent-sessions), so that quick answers need no call. The state
    stays until it is changed: an earlier attempt, which the record shows, may have left it.
    """

    def __init__(self, own: OwnMessages) -> None:
        self._own = own
        self._rhythm = own.rhythm
        self._began = own.monotonic()
        self._tried_at = -math.inf
        self._is_marked = False
        self._may_stand = bool(own.record.messages)
        self._reserve = ExitStack()
        self._is_refused = False

    def due(self, words: str, *, shown: bool) -> float:
        """When `offer` should be called, on the monotonic clock, while this status holds and text is `shown` or not."""
        if self._is_marked or self._is_refused or self._own.refused(SET_SESSION):
            return math.inf
        again = self._tried_at + self._rhythm.status_gap
        if words == DRAWING.text:  # which takes long for certain
            return again
        return math.inf if shown else max(self._began + self._rhythm.session_after, again)

    async def offer(self) -> None:
        """Have the button shown, if that is possible now."""
        try:
            await self.mark()
        except (PlatformError, TimeoutError) as error:
            log.info("no stop button for now: %s %s", type(error).__name__, error)

    async def mark(self) -> bool:
        """One try; False when Slack's limits leave no room for it. Raises PlatformError and TimeoutError."""
        self._tried_at = self._own.monotonic()
        calls = self._own.calls
        if not calls.pacer.try_slot(SET_SESSION, priority=Priority.INTERIM):
            return False
        if not self._may_stand:
            self._reserve.enter_context(calls.pacer.live(SET_SESSION))
        self._may_stand = True
        async with asyncio.timeout(self._rhythm.status_limit):
            await self._set("processing", Priority.INTERIM, admitted=True)
        self._is_marked = True
        return True

    async def clear(self) -> None:
        """Take the mark away if there may be one."""
        try:
            if self._may_stand and not self._own.refused(SET_SESSION):
                async with asyncio.timeout(self._rhythm.leaving / 2):
                    await self._set("active", Priority.FIRST)
        except (PlatformError, TimeoutError) as error:
            log.info("a session may seem to go on: %s %s", type(error).__name__, error)
        finally:
            self._is_marked = self._may_stand = False
            self.close()

    def close(self) -> None:
        """Keep no room any more for the call that would take the mark away."""
        self._reserve.close()

    async def _set(self, status: str, priority: Priority, *, admitted: bool = False) -> None:
        thread = self._own.to.thread
        try:
            await self._own.calls.call(
                SET_SESSION,
                priority=priority,
                admitted=admitted,
                channel_id=thread.channel,
                thread_ts=thread.root,
                status=status,
            )
        except SlackRefusal as refusal:
            self._is_refused, self._may_stand = True, False
            self._own.refusals.learn(SET_SESSION, thread.channel, refusal.code)
            raise
