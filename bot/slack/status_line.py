"""The line that says what the bot is doing before its first words: shown in the best way that the channel takes."""

import asyncio
import logging
import math
import time
from collections.abc import Callable
from enum import Enum

from bot.domain.errors import PlatformError
from bot.slack.blocks import status_blocks
from bot.slack.errors import SlackRefusal
from bot.slack.markdown import escaped
from bot.slack.own_messages import OwnMessages
from bot.slack.pacer import Priority
from bot.slack.refusals import Refusals
from bot.slack.rhythm import Rhythm

log = logging.getLogger(__name__)


class Way(Enum):
    """How a status is shown; the value is the method.

    A thread's status has words of ours, and goes when a message appears in the thread. A session's is one of a few
    words of Slack's, and stays until it is changed. A placeholder is a message that becomes the answer.
    """

    THREAD = "assistant.threads.setStatus"
    SESSION = "agents.sessions.setStatus"
    PLACEHOLDER = "chat.postMessage"


# Errors that say something of this thread only, and nothing of the channel.
_OF_THE_THREAD = frozenset({"channel_not_found", "thread_not_found", "invalid_thread_ts", "message_not_found"})


class StatusLine:
    """Shows one status at a time. Trouble is logged and no more: a status is not worth an answer.

    A reply that is `taken_over` has a message already, so that none is posted in place of a status that Slack does not
    take. The status of whoever began it may stand still: an edit of its message does not take it away.
    """

    def __init__(
        self,
        own: OwnMessages,
        refusals: Refusals,
        rhythm: Rhythm,
        *,
        taken_over: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.placeholder: str | None = None
        self._own = own
        self._refusals = refusals
        self._rhythm = rhythm
        self._monotonic = monotonic
        self._ways = [way for way in Way if not (taken_over and way is Way.PLACEHOLDER)]
        self._shown: str | None = None
        self._certain = not taken_over
        self._tried_at = -math.inf

    def due(self, words: str) -> float:
        """When `show` should be called with these words, on the monotonic clock."""
        if not self._ways:
            return math.inf
        if self._shown is None or (words != self._shown and self._ways[0] is not Way.SESSION):
            return self._tried_at + self._rhythm.status_gap
        return self._tried_at + self._rhythm.status_refresh if self._ways[0] is Way.THREAD else math.inf

    async def show(self, words: str) -> None:
        """Show these words, or show them for longer."""
        self._tried_at = self._monotonic()
        while self._ways:
            way, channel = self._ways[0], self._own.channel
            try:
                if not self._refusals.known(way.value, channel):
                    await self._set(way, words)
                    return
            except SlackRefusal as refusal:
                log.info("no status: %s", refusal)
                if way is not Way.PLACEHOLDER and refusal.code not in _OF_THE_THREAD:
                    self._refusals.add(way.value, channel)
            except (PlatformError, TimeoutError) as error:
                log.info("no status for now: %s %s", type(error).__name__, error)
                self._certain = False
                return
            del self._ways[0]

    async def answered(self, *, posted: bool) -> None:
        """The reply's first text is there; a message that was `posted` for it has taken a thread's status away."""
        if self._ways and self._ways[0] is Way.THREAD:
            if posted and self._certain:
                self._shown = None
            if self._may_stand:
                await self._try_to_clear(self._ways[0])

    async def clear(self) -> None:
        """Take the status away; a placeholder is left to its owner."""
        if not self._may_stand:
            return
        try:
            await self._call(self._ways[0], "", Priority.FIRST)
        except PlatformError as error:
            log.info("a status was not cleared: %s", error)
        self._shown, self._certain = None, True

    @property
    def _may_stand(self) -> bool:
        """True while there may be a status that is ours to take away."""
        may_be_shown = self._shown is not None or not self._certain
        return may_be_shown and bool(self._ways) and self._ways[0] is not Way.PLACEHOLDER

    async def _try_to_clear(self, way: Way) -> None:
        """Take the status away if that is quick: the words that follow must not wait for it, and `clear` is to come."""
        try:
            if await self._call_at_once(way, ""):
                self._shown, self._certain = None, True
        except (PlatformError, TimeoutError) as error:
            log.info("a status is not cleared yet: %s %s", type(error).__name__, error)
            self._certain = False

    async def _set(self, way: Way, words: str) -> None:
        if way is Way.PLACEHOLDER:
            await self._place(words)
        elif not await self._call_at_once(way, words):
            return
        self._shown, self._certain = words, True

    async def _call_at_once(self, way: Way, words: str) -> bool:
        """One try that answers do not wait for long; False when Slack's limits leave no room for it."""
        calls = self._own.calls
        if not calls.pacer.try_slot(way.value, calls.workspace, priority=Priority.INTERIM):
            return False
        async with asyncio.timeout(self._rhythm.status_limit):
            await self._call(way, words, Priority.INTERIM, admitted=True)
        return True

    async def _call(self, way: Way, words: str, priority: Priority, *, admitted: bool = False) -> None:
        # Slack puts the app's name before it (docs.slack.dev, assistant.threads.setStatus).
        status = f"is {words}…" if words else ""
        if way is Way.SESSION:
            status = "processing" if words else "active"
        thread = self._own.to.thread
        await self._own.calls.call(
            way.value,
            priority=priority,
            admitted=admitted,
            channel_id=thread.channel,
            thread_ts=thread.root,
            status=status,
        )

    async def _place(self, words: str) -> None:
        shown = {"text": escaped(f"{words}…"), "blocks": status_blocks(words)}
        if self.placeholder is None:
            self.placeholder = await self._own.post(shown, Priority.FIRST)
        else:
            await self._own.update(self.placeholder, shown, Priority.INTERIM)
