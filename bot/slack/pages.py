"""The messages of one reply, one after the other: all but the last are finished, and the last one grows."""

import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable

from bot.domain.errors import PlatformError
from bot.slack.draft import Draft, Piece
from bot.slack.errors import SlackRefusal
from bot.slack.live_message import LiveMessage, refuses_blocks
from bot.slack.own_messages import OwnMessages
from bot.slack.refusals import Refusals
from bot.slack.rhythm import Rhythm
from bot.slack.segments import Urgency

log = logging.getLogger(__name__)

TakeSlot = Callable[[LiveMessage], Awaitable[str | None]]
"""Waits for the slot in which a message may grow, and returns its method; None when something more important came."""


class Pages:
    """Shows a draft. `old` messages are written over before new ones are made; what is left of them is deleted.

    `shown` is True as soon as anything of the draft can be seen, `posted` when a new message was made for it.
    """

    def __init__(
        self,
        own: OwnMessages,
        draft: Draft,
        refusals: Refusals,
        rhythm: Rhythm,
        *,
        native: bool,
        old: Iterable[str] = (),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.shown = False
        self.posted = False
        self._own = own
        self._draft = draft
        self._refusals = refusals
        self._rhythm = rhythm
        self._native = native
        self._monotonic = monotonic
        self._old = deque(old)
        self._live: LiveMessage | None = None
        self._on_screen = ""
        self._finished: tuple[LiveMessage, str] | None = None

    def take_over(self, message_id: str) -> None:
        """Write over this message, too."""
        self._old.append(message_id)

    @property
    def until_more_urgent(self) -> float | None:
        """Seconds until the message that streams now should rather end than before; None when there is no such time."""
        age = self._stream_age()
        return None if age is None else self._rhythm.until_more_urgent(age)

    async def grow(self, take_slot: TakeSlot) -> bool:
        """Show what is new; True when there was something. Raises PlatformError, after which it may be tried again."""
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

    async def finish(self, note: str | None) -> None:
        """Bring all messages to their final form, the note below the last. Raises PlatformError."""
        self._draft.complete()
        while piece := self._draft.piece(self._committed):
            below = None if piece.cut or self._draft.plain else note
            try:
                await self._finish_page(self._current(), piece, below)
            except SlackRefusal as refusal:
                self._do_without_blocks(refusal)
                continue
            if piece.cut is None:
                note = None if below else note
                break
        if note:
            await self._add_note(note)
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
        if self._live:
            self._live.close()

    def _current(self) -> LiveMessage:
        if self._live is None:
            # Once a new message was made, the old ones stand above it, where the text does not go on.
            edited = self._old.popleft() if self._old and not self.posted else None
            self._live = LiveMessage(
                self._own, self._refusals, native=self._native, edited=edited, monotonic=self._monotonic
            )
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
        return None if since is None else self._monotonic() - since

    async def _finish_page(self, live: LiveMessage, piece: Piece, note: str | None = None) -> None:
        await live.finish(piece.text, note, plain=self._draft.plain)
        self._seen(live)
        self._finished = None if self._draft.plain else (live, piece.text)
        self._live, self._on_screen = None, ""
        if piece.cut:
            self._draft.advance(piece.cut)

    async def _add_note(self, note: str) -> None:
        """Below the last message, or as a message of its own."""
        if self._finished:
            live, text = self._finished
            try:
                await live.finish(text, note)
            except SlackRefusal as refusal:
                self._do_without_blocks(refusal)
            else:
                return
        live = self._current()
        try:
            await live.finish("", note)
        except SlackRefusal as refusal:
            if not refuses_blocks(refusal):
                raise
            await live.finish("", note, plain=True)
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
