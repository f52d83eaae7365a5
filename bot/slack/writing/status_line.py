"""The line that says what the bot is doing before its first words: shown in the best way that the channel takes."""

import asyncio
import logging
import math
from enum import Enum

from bot.domain.errors import PlatformError
from bot.domain.language import say
from bot.slack.markup.blocks import status_blocks
from bot.slack.markup.markdown import escaped
from bot.slack.wire.errors import SlackRefusal
from bot.slack.wire.pacer import Priority
from bot.slack.writing.own_messages import OwnMessages
from bot.slack.writing.session import SET_SESSION, Session

log = logging.getLogger(__name__)


class Way(Enum):
    """How a status is shown; the value is the method.

    A thread's status has words of ours, and goes when a message appears in the thread. A session's is one of a few
    words of Slack's, and stays until it is changed. A placeholder is a message that becomes the answer.
    """

    THREAD = "assistant.threads.setStatus"
    SESSION = SET_SESSION
    PLACEHOLDER = "chat.postMessage"


class StatusLine:
    """Shows one status at a time. Trouble is logged and no more: a status is not worth an answer.

    A reply that is taken over has a message already, so that none is posted in place of a status that Slack does not
    take. The status of whoever began it may stand still: an edit of its message does not take it away. The session is
    cleared by its owner, as a placeholder is.
    """

    def __init__(self, own: OwnMessages, session: Session) -> None:
        self.placeholder: str | None = None
        self._own = own
        self._session = session
        self._rhythm = own.rhythm
        taken_over = bool(own.record.messages)
        self._ways = [way for way in Way if not (taken_over and way is Way.PLACEHOLDER)]
        self._shown: str | None = None
        self._certain = not taken_over
        self._tried_at = self._again_at = -math.inf
        self._had_room = True

    def due(self, words: str) -> float:
        """When `show` should be called with these words, on the monotonic clock."""
        if not self._ways:
            return math.inf
        is_news = words != self._shown and self._ways[0] is not Way.SESSION
        if self._shown is None or is_news or not self._had_room:
            return self._again_at
        return self._tried_at + self._rhythm.status_refresh if self._ways[0] is Way.THREAD else math.inf

    async def show(self, words: str) -> None:
        """Show these words, or show them for longer."""
        self._tried_at, self._had_room = self._own.monotonic(), True
        self._again_at = self._tried_at + self._rhythm.status_gap
        while self._ways:
            way = self._ways[0]
            try:
                if not self._own.refused(way.value):
                    await self._set(way, words)
                    return
            except SlackRefusal as refusal:
                log.info("no status: %s", refusal)
                if way is not Way.PLACEHOLDER:
                    self._own.refusals.learn(way.value, self._own.channel, refusal.code)
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
                await self._try_to_clear()

    async def clear(self) -> None:
        """Take the words away; a placeholder, and the state of the session, are left to their owners."""
        if not self._may_stand:
            return
        try:
            await self._call("", Priority.FIRST)
        except PlatformError as error:
            log.info("a status was not cleared: %s", error)
        self._shown, self._certain = None, True

    @property
    def _may_stand(self) -> bool:
        """True while there may be words that are ours to take away."""
        may_be_shown = self._shown is not None or not self._certain
        return may_be_shown and bool(self._ways) and self._ways[0] is Way.THREAD

    async def _try_to_clear(self) -> None:
        """Take the status away if that is quick: the words that follow must not wait for it, and `clear` is to come."""
        try:
            if await self._call_at_once(""):
                self._shown, self._certain = None, True
        except (PlatformError, TimeoutError) as error:
            log.info("a status is not cleared yet: %s %s", type(error).__name__, error)
            self._certain = False

    async def _set(self, way: Way, words: str) -> None:
        match way:
            case Way.THREAD:
                self._had_room = await self._call_at_once(words)
            case Way.SESSION:
                self._had_room = await self._session.mark()
            case Way.PLACEHOLDER:
                self._had_room = await self._place(words)
        if self._had_room:
            self._shown, self._certain = words, True
        else:
            self._again_at = self._tried_at + self._rhythm.status_retry

    async def _call_at_once(self, words: str) -> bool:
        """One try that answers do not wait for long; False when Slack's limits leave no room for it."""
        calls = self._own.calls
        if not calls.pacer.try_slot(Way.THREAD.value, priority=Priority.INTERIM):
            return False
        async with asyncio.timeout(self._rhythm.status_limit):
            await self._call(words, Priority.INTERIM, admitted=True)
        return True

    async def _call(self, words: str, priority: Priority, *, admitted: bool = False) -> None:
        thread = self._own.to.thread
        await self._own.calls.call(
            Way.THREAD.value,
            priority=priority,
            admitted=admitted,
            channel_id=thread.channel,
            thread_ts=thread.root,
            # Slack puts the app's name before it (docs.slack.dev, assistant.threads.setStatus).
            status=say("is {words}…", words=say(words)) if words else "",
        )

    async def _place(self, words: str) -> bool:
        """Show the words in a message; False when Slack's limits leave no room for a new one."""
        said, calls = say(words), self._own.calls
        shown = {"text": escaped(f"{said}…"), "blocks": status_blocks(said)}
        if self.placeholder is not None:
            await self._own.update(self.placeholder, shown, Priority.INTERIM)
        elif calls.pacer.try_slot(Way.PLACEHOLDER.value, priority=Priority.FIRST, channel=self._own.channel):
            self.placeholder = await self._own.post(shown, Priority.FIRST, admitted=True)
        else:
            return False
        return True
