"""Runs one turn from the open reply to its end; the only place that says how a reply ends."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field, replace

from bot.domain.conversation import Message, Turn
from bot.domain.errors import (
    AnswerCutOff,
    AnswerStopped,
    BotError,
    LeaseLost,
    LineClosed,
    PlatformUnavailable,
    TooManyAttempts,
)
from bot.domain.intent import Intent
from bot.domain.language import Voice, speak, speaking
from bot.domain.line import Line
from bot.domain.reply import Done, Outcome, ReplyStream, Stopped, StopReason, TextDelta
from bot.domain.settings import Language
from bot.ports import NO_METER, ChatPlatform, Handler, Lease, Meter
from bot.turns.classifier import Classifier, RouteOf
from bot.turns.expenses import Bill, Expenses
from bot.turns.files import Files
from bot.turns.known_links import KnownLinks, is_foreign
from bot.turns.links import LinkGuard, guarded
from bot.turns.measured import MeasuredReply, measured
from bot.turns.notices import Asides
from bot.turns.resting import RestingReply
from bot.turns.together import together

log = logging.getLogger(__name__)

DRAWINGS = 5
"""How many times a picture is begun that never reached the thread: each time may have been paid for."""

Prepare = Callable[[], Awaitable[Turn | None]]
"""Makes the turn once its reply is open; None when there is nothing left to answer."""


@dataclass(frozen=True, slots=True)
class Runner:
    """Answers one message at a time with the handler that its intent asks for.

    At most as many turns as `line` has places are made at once; who waits for one sees how many are before them.
    `voice` makes what a reply's own words are said with until its settings are known.
    `link_hosts` are those to which an answer may link whatever it rests on.
    """

    platform: ChatPlatform
    classifier: Classifier
    files: Files
    handlers: Mapping[Intent, Handler]
    expenses: Expenses
    asides: Asides
    voice: Callable[[], Voice] = Voice
    link_hosts: frozenset[str] = frozenset()
    meter: Meter = NO_METER
    line: Line = field(default_factory=lambda: Line(1))

    async def run(self, message: Message, lease: Lease, prepare: Prepare) -> None:
        """Write one reply.

        Whatever goes wrong, the person sees an end: the answer, a note that it was stopped, or a kind explanation.
        Being cancelled is the engine's way to ask for an end; once that end is written, the turn has ended well.
        Raises what another attempt can mend or must know: PlatformUnavailable, LeaseLost and LineClosed.
        """
        bill = Bill()
        with speaking(self.voice()):
            try:
                await self._write(message, lease, prepare, bill)
            finally:
                with _too_late_to_stop(lease):
                    await self.expenses.note(message.thread, message.author.id, bill)
            if bill.done is not None and lease.stop_reason is None:
                with _too_late_to_stop(lease):
                    await self.asides.tell(message)

    async def explain(self, message: Message, lease: Lease, error: BotError, language: Language) -> None:
        """Write a reply that says in this language why there is no answer."""
        log.warning("no answer: %s: %s", type(error).__name__, error)
        with speaking(self.voice()):
            speak(language)
            async with self.platform.open_reply(message, lease.reply) as opened:
                with measured(opened, self.meter) as reply:
                    await reply.fail(error, Outcome.DECLINED)

    async def _write(self, message: Message, lease: Lease, prepare: Prepare, bill: Bill) -> None:
        async with self.platform.open_reply(message, lease.reply) as opened:
            with measured(RestingReply(opened, lease), self.meter) as reply:
                try:
                    with self.line.spot() as spot:
                        async for status in spot.statuses():
                            await reply.show(status)
                        await lease.begin()
                        async with self.classifier.begin(message, bill.charge) as route_of:
                            turn = await prepare()
                            if turn is not None:
                                speak(turn.settings.language)
                                bill.lost, turn = turn.lost, replace(turn, charge=bill.charge)
                                await self._answer(turn, route_of, reply, bill, lease.begun)
                except (LeaseLost, LineClosed, PlatformUnavailable):
                    raise
                except asyncio.CancelledError:
                    if lease.stop_reason is None:
                        raise
                    await reply.show(Stopped(lease.stop_reason))
                except AnswerStopped:
                    # What else tells of it may be on its way.
                    with _too_late_to_stop(lease):
                        await reply.show(Stopped(StopReason.PERSON))
                except BotError as error:
                    log.warning("the answer failed: %s: %s", type(error).__name__, error)
                    await reply.fail(error)
                except Exception:
                    log.exception("the answer failed unexpectedly")
                    await reply.fail(BotError())

    async def _answer(self, turn: Turn, route_of: RouteOf, reply: MeasuredReply, bill: Bill, begun: int) -> None:
        async with together() as side_by_side:
            routing = side_by_side.create_task(route_of(turn))
            reading = side_by_side.create_task(self.files.read(turn, reply.show))
        route = routing.result()
        reply.intent, bill.settings = route.intent, turn.settings
        if route.intent is Intent.IMAGE and begun >= DRAWINGS:
            raise TooManyAttempts(f"a picture, begun {begun} times")
        turn = replace(reading.result(), source=route.source)
        stream = self.handlers[route.intent](turn)
        known = KnownLinks(self.link_hosts)
        known.hear(turn.conversation.messages)
        guard = LinkGuard(known, watch=is_foreign(turn))
        whole = stream if turn.settings.streaming else in_one_piece(stream)
        async with aclosing(guarded(whole, guard)) as events:
            async for event in events:
                bill.take(event)
                await reply.show(event)
                if isinstance(event, Done):
                    return
        raise AnswerCutOff("the handler ended without Done")


@contextmanager
def _too_late_to_stop(lease: Lease) -> Iterator[None]:
    """Ends what is done once the reply is written when somebody wants it to end, as if it were done."""
    try:
        yield
    except asyncio.CancelledError:
        if lease.stop_reason is None:
            raise


async def in_one_piece(stream: ReplyStream) -> ReplyStream:
    """The same reply with its whole text held back until its end."""
    text = ""
    async with aclosing(stream) as events:
        async for event in events:
            if isinstance(event, TextDelta):
                text += event.text
                continue
            if isinstance(event, Done) and text:
                yield TextDelta(text)
            yield event
