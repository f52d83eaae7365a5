"""How one reply grows in Slack: a status at once, first words and files when they come, then by the clock."""

import asyncio
import logging
import math
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.conversation import Message
from bot.domain.errors import AnswerStopped, LeaseLost, PlatformError, PlatformUnavailable
from bot.domain.reply import (
    THINKING,
    Citation,
    Done,
    Failed,
    FileReady,
    ImageReady,
    ReplyEvent,
    StatusChange,
    Stopped,
    TextDelta,
)
from bot.ports import ReplyRecord, ReplyWriter
from bot.slack.markup.blocks import Below
from bot.slack.wire.calls import SlackCalls
from bot.slack.writing.draft import Draft
from bot.slack.writing.files import ReplyFiles
from bot.slack.writing.footer import Footer
from bot.slack.writing.live_message import LiveMessage
from bot.slack.writing.notes import End, closing_note
from bot.slack.writing.own_messages import OwnMessages
from bot.slack.writing.pages import BUTTONS, Pages
from bot.slack.writing.refusals import Refusals
from bot.slack.writing.rhythm import Rhythm
from bot.slack.writing.session import Session
from bot.slack.writing.sources import source_blocks
from bot.slack.writing.status_line import StatusLine
from bot.slack.writing.thumbs import thumbs

log = logging.getLogger(__name__)


class Streaming(StrEnum):
    """AUTO streams where the channel takes it and Slack's limits leave room; EDITS never does."""

    AUTO = "auto"
    EDITS = "edits"


@dataclass(frozen=True, slots=True)
class Replies:
    """Opens the replies of one workspace. `bot` is the bot's user id.

    Below complete answers stand a `footer`, if there is one, and with `feedback` the buttons for it.
    """

    calls: SlackCalls
    bot: str
    streaming: Streaming = Streaming.AUTO
    rhythm: Rhythm = Rhythm()
    refusals: Refusals = field(default_factory=Refusals)
    footer: Footer | None = None
    feedback: bool = False

    def below(self, end: End, note: str | None, citations: Sequence[Citation], channel: str) -> Below:
        """What stands below an answer that ends like this; without text, only its note is shown."""
        sources = source_blocks(citations)
        if note or not isinstance(end, Done) or not end.model:
            return Below(note, sources)
        footer = self.footer.blocks(end.model) if self.footer else ()
        buttons = thumbs() if self.feedback and not self.refusals.known(BUTTONS, channel) else ()
        return Below(None, sources, footer, buttons)

    @asynccontextmanager
    async def open(self, to: Message, record: ReplyRecord) -> AsyncIterator[ReplyWriter]:
        """A reply in the message's thread; `bot.ports.ChatPlatform.open_reply` says how it behaves."""
        reply = Reply(self, self._messages(to, record))
        try:
            yield reply
        finally:
            await reply.leave()

    async def restore(self, to: Message, record: ReplyRecord) -> bool:
        """Bring an interrupted reply's files into the thread; `bot.ports.ChatPlatform.restore` says more."""
        return await ReplyFiles(self._messages(to, record)).restore()

    def _messages(self, to: Message, record: ReplyRecord) -> OwnMessages:
        native = self.streaming is Streaming.AUTO
        return OwnMessages(self.calls, to, record, self.bot, self.rhythm, self.refusals, native)


class Reply:
    """Takes events at once and shows them by a task of its own, which alone writes to Slack."""

    def __init__(self, replies: Replies, own: OwnMessages) -> None:
        self._replies = replies
        self._channel = own.channel
        self._rhythm = own.rhythm
        self._now = own.monotonic
        self._draft = Draft()
        self._pages = Pages(own, self._draft)
        self._session = Session(own)
        self._status = StatusLine(own, self._session)
        self._files = ReplyFiles(own)
        self._words = THINKING.text
        self._citations: list[Citation] = []
        self._end: End | None = None
        self._news = asyncio.Event()
        self._ended = asyncio.Event()
        self._text_waits_since: float | None = None
        self._text_began = 0.0
        self._next_growth = -math.inf
        self._urgent_at = math.inf
        self._held_up = False
        self._failures = 0
        self._is_stopped = False
        self._writer = asyncio.create_task(self._write())

    async def show(self, event: ReplyEvent) -> None:
        """Take the next event, as `bot.ports.ReplyWriter` describes it. Raises LeaseLost when the record does."""
        if self._writer.done():
            self._writer.result()
            return
        if self._is_stopped and not isinstance(event, Stopped | Failed):
            raise AnswerStopped("as the platform told")
        match event:
            case StatusChange(text=words):
                self._words = words
                self._news.set()
            case TextDelta(text=text):
                self._draft.add(text)
                if self._text_waits_since is None:
                    self._text_waits_since = self._now()
                    self._news.set()
            case ImageReady() | FileReady():
                self._files.add(event)
                self._news.set()
            case Citation():
                self._citations.append(event)
            case Done() | Stopped() | Failed():
                self._end = self._end or event
                self._stop_waiting()
                await asyncio.shield(self._writer)

    async def leave(self) -> None:
        """End the writer: after the final state if there is one, else when the status is gone; in any case soon."""
        self._stop_waiting()
        try:
            await asyncio.wait({self._writer}, timeout=self._rhythm.leaving)
        finally:
            self._writer.cancel()
            (outcome,) = await asyncio.gather(self._writer, return_exceptions=True)
            if isinstance(outcome, LeaseLost):
                self._session.close()
            else:
                await self._session.clear()

    def _stop_waiting(self) -> None:
        self._ended.set()
        self._news.set()

    async def _write(self) -> None:
        try:
            while not self._ended.is_set():
                await self._step()
            await self._conclude()
        except PlatformUnavailable:
            raise
        except PlatformError as error:
            raise PlatformUnavailable(str(error)) from error
        finally:
            self._pages.close()

    async def _step(self) -> None:
        """Do what is due, or wait until something is."""
        now = self._now()
        text = math.inf if self._text_waits_since is None else self._next_growth
        growth = min(text, self._urgent_at)
        status = math.inf if self._pages.shown else self._status.due(self._words)
        session = self._session.due(self._words, shown=self._pages.shown)
        if growth <= now and not (self._held_up and status <= now):
            await self._grow()
        elif self._files.waiting:
            await self._files.deliver()
        elif status <= now:
            await self._show_status()
        elif session <= now:
            await self._session.offer()
        else:
            await self._wait(min(growth, status, session) - now)

    async def _wait(self, seconds: float) -> None:
        self._news.clear()
        try:
            async with asyncio.timeout(seconds if math.isfinite(seconds) else None):
                await self._news.wait()
        except TimeoutError:
            return

    async def _show_status(self) -> None:
        before = self._status.placeholder
        await self._status.show(self._words)
        if (placeholder := self._status.placeholder) and placeholder != before:
            self._pages.take_over(placeholder)

    async def _grow(self) -> None:
        now, shown = self._now(), self._pages.shown
        waits_since, self._text_waits_since = self._text_waits_since, None
        try:
            grown = await self._pages.grow(lambda live: self._take_slot(live, waits_since or now))
            self._failures = 0
        except AnswerStopped as error:
            log.info("a reply is to end: %s", error)
            self._is_stopped, self._text_waits_since, self._urgent_at = True, None, math.inf
            return
        except PlatformError as error:
            log.info("a reply did not grow: %s %s", type(error).__name__, error)
            grown = True
            self._failures += 1
            self._text_waits_since, now = waits_since or now, self._now()
        if self._pages.shown and not shown:
            self._text_began = now
            await self._status.answered(posted=self._pages.posted)
        if grown:
            elapsed = now - self._text_began if self._pages.shown else 0.0
            self._next_growth = now + self._rhythm.pause(elapsed, self._failures)
        self._urgent_at = self._now() + (self._pages.until_more_urgent or math.inf)

    async def _take_slot(self, live: LiveMessage, waits_since: float) -> str | None:
        """The method of the message's growth; None when something else is due before its slot.

        That is the end of the reply, the end of a stream that gets old, or a status while nothing else is shown.
        """
        slot = asyncio.create_task(live.slot(waits_since))
        ended = asyncio.create_task(self._ended.wait())
        status = math.inf if self._pages.shown else self._status.due(self._words) - self._now()
        limit = min(status, math.inf if self._pages.until_more_urgent is None else self._pages.until_more_urgent)
        try:
            await asyncio.wait(
                {slot, ended},
                timeout=max(0.0, limit) if limit < math.inf else None,
                return_when=asyncio.FIRST_COMPLETED,
            )
            if slot.done() and not ended.done():
                self._held_up = False
                return slot.result()
            self._text_waits_since, self._held_up = waits_since, True
            return None
        finally:
            slot.cancel()
            ended.cancel()
            await asyncio.gather(slot, ended, return_exceptions=True)

    async def _conclude(self) -> None:
        """Show how the reply ends; of a reply that was left without an end, take away what is not part of it."""
        if self._end is None:
            placeholder = self._status.placeholder
            await self._pages.abandon(*[placeholder] if placeholder else [])
        else:
            await self._files.deliver()
            empty = self._draft.empty and not (isinstance(self._end, Done) and await self._files.any_shown())
            note = closing_note(self._end, empty=empty, trouble=self._files.trouble)
            await self._pages.finish(self._replies.below(self._end, note, self._citations, self._channel))
            await self._status.answered(posted=self._pages.posted)
        await self._status.clear()
