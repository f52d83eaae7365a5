"""The messages of one reply, one after the other: all but the last are finished, and the last one grows."""

import logging
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import ExitStack

from bot.domain.errors import PlatformError
from bot.slack.markup.blocks import NOTHING, Below
from bot.slack.markup.segments import Urgency
from bot.slack.wire.errors import SlackRefusal
from bot.slack.writing.draft import Draft, Piece
from bot.slack.writing.live_message import UPDATE, LiveMessage, is_too_much, refuses_blocks
from bot.slack.writing.own_messages import OwnMessages

log = logging.getLogger(__name__)

BUTTONS = "feedback_buttons"
"""What is remembered as refused in a channel where Slack does not take the buttons."""

TakeSlot = Callable[[LiveMessage], Awaitable[str | None]]
"""Waits for the slot in which a message may grow, and returns its method; None when something more important came."""


class Pages:
    """Shows a draft. Messages that the record has are written over before new ones are made, or deleted in the end.

    `shown` is True as soon as anything of the draft can be seen, `posted` when a new message was made for it.
    """

    def __init__(self, own: OwnMessages, draft: Draft) -> None:
        self.shown = False
        self.posted = False
        self._own = own
        self._draft = draft
        self._rhythm = own.rhythm
        self._old = deque(own.noted)
        self._live: LiveMessage | None = None
        self._reserve = ExitStack()
        self._on_screen = ""
        self._finished: tuple[LiveMessage, str] | None = None

    def take_over(self, message_id: str) -> None:
        """Write over this message, too, for which the pacer keeps room."""
        self._old.append(message_id)
        calls = self._own.calls
        self._reserve.enter_context(calls.pacer.live(UPDATE))
        if self._live and not self._live.begun:
            self._live = None

    @property
    def until_more_urgent(self) -> float | None:
        """Seconds until the message that streams now should rather end than before; None when there is no such time."""
        age = self._stream_age()
        return None if age is None else self._rhythm.until_more_urgent(age)

    async def grow(self, take_slot: TakeSlot) -> bool:
        """Show what is new; True when there was something.

        Raises PlatformError, after which it may be tried again, and AnswerStopped.
        """
        grown = False
        while (piece := self._piece()) and (piece.cut or piece.text != self._on_screen):
            live = self._current()
            try:
                if not piece.cut:
                    method = live.try_slot() or await take_slot(live)
                    if method is None:
                        break
                    piece = self._piece() or piece
                    if not piece.cut:
                        await live.grow(piece.text, method, plain=self._draft.plain)
                        self._on_screen = piece.text
                        self._seen(live)
                        return True
                await self._finish_page(live, piece)
                grown = True
            except SlackRefusal as refusal:
                self._do_without_blocks(refusal)
        return grown

    async def finish(self, below: Below = NOTHING) -> None:
        """Bring all messages to their final form, with this below the last; without text, or blocks, only the note.

        Raises PlatformError.
        """
        self._draft.complete()
        left = NOTHING
        while piece := self._draft.piece(self._committed):
            plain = self._draft.plain
            try:
                left = await self._finish_page(self._current(), piece, NOTHING if piece.cut or plain else below)
            except SlackRefusal as refusal:
                self._do_without_blocks(refusal)
                continue
            if piece.cut is None:
                left = Below(below.note) if plain else left
                break
        else:
            left = await self._add_to_last(below)
        if left:
            await self._add_message(left)
        for message_id in self._old:
            await self._delete(message_id)

    async def abandon(self, *placeholders: str) -> None:
        """Leave what is shown as it is; placeholders that show nothing of the draft go."""
        if self._live:
            await self._live.abandon()
        if not self.shown:
            for message_id in placeholders:
                await self._delete(message_id)

    def close(self) -> None:
        """Keep no room any more for calls to come."""
        self._reserve.close()
        if self._live:
            self._live.close()

    def _current(self) -> LiveMessage:
        if self._live is None:
            # Once a new message was made, the old ones stand above it, where the text does not go on.
            edited = self._old.popleft() if self._old and not self.posted else None
            self._live = LiveMessage(self._own, edited)
            self._reserve.close()
        return self._live

    def _piece(self) -> Piece | None:
        age = self._stream_age()
        urgency = Urgency.CALM if age is None else self._rhythm.urgency(age)
        return self._draft.piece(self._committed, urgency)

    @property
    def _committed(self) -> int:
        return self._live.committed if self._live else 0

    def _stream_age(self) -> float | None:
        since = self._live.streaming_since if self._live else None
        return None if since is None else self._own.monotonic() - since

    async def _finish_page(self, live: LiveMessage, piece: Piece, below: Below = NOTHING) -> Below:
        """Finish the current message; returns what is to stand in a message of its own."""
        left = await self._end(live, piece.text, below)
        self._seen(live)
        self._finished = None if self._draft.plain else (live, piece.text)
        self._live, self._on_screen = None, ""
        if piece.cut:
            self._draft.advance(piece.cut)
        return left

    async def _end(self, live: LiveMessage, text: str, below: Below) -> Below:
        """Bring a message to its final form, without what Slack does not take below it.

        Returns what it took no offence at but had no room for.
        """
        try:
            await live.finish(text, below, plain=self._draft.plain)
        except SlackRefusal as refusal:
            smaller = NOTHING if is_too_much(refusal) and below else below.smaller
            if smaller is None or not refuses_blocks(refusal):
                raise
            log.info("less is shown below an answer: %s", refusal)
            left = await self._end(live, text, smaller)
            if is_too_much(refusal):
                return below
            if below.buttons:
                self._own.refusals.add(BUTTONS, self._own.channel)
            return left
        return NOTHING

    async def _add_to_last(self, below: Below) -> Below:
        """Put this below the message that was finished last; returns what is to stand in a message of its own."""
        if not below or self._finished is None:
            return Below(below.note)
        live, text = self._finished
        try:
            return await self._end(live, text, below)
        except SlackRefusal as refusal:
            self._do_without_blocks(refusal)
            return Below(below.note)

    async def _add_message(self, below: Below) -> None:
        """A message of its own for what stands below the answer."""
        live = self._current()
        try:
            await live.finish("", below)
        except SlackRefusal as refusal:
            if not refuses_blocks(refusal):
                raise
            if not below.note:
                log.warning("sources are not shown: %s", refusal)
                return
            await live.finish("", Below(below.note), plain=True)
        self._seen(live)

    def _seen(self, live: LiveMessage) -> None:
        self.shown = True
        self.posted = self.posted or live.posted

    def _do_without_blocks(self, refusal: SlackRefusal) -> None:
        if self._draft.plain or not refuses_blocks(refusal):
            raise refusal
        log.warning("a message is shown without blocks: %s", refusal)
        self._draft.plain = True

    async def _delete(self, message_id: str) -> None:
        try:
            await self._own.delete(message_id)
        except PlatformError as error:
            log.warning("a message that is not needed any more was not deleted: %s", error)
