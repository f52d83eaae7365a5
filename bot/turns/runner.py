"""Runs one turn from the open reply to its end; the only place that says how a reply ends."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace

from bot.domain.conversation import Message, Turn
from bot.domain.errors import AnswerCutOff, BotError, LeaseLost, PlatformUnavailable
from bot.domain.intent import Intent
from bot.domain.reply import Done, Failed, Stopped
from bot.ports import ChatPlatform, Handler, Lease, ReplyWriter
from bot.turns.classifier import Classifier, RouteOf
from bot.turns.files import Files

log = logging.getLogger(__name__)

Prepare = Callable[[], Awaitable[Turn | None]]
"""Makes the turn once its reply is open; None when there is nothing left to answer."""


@dataclass(frozen=True, slots=True)
class Runner:
    """Answers one message at a time with the handler that its intent asks for."""

    platform: ChatPlatform
    classifier: Classifier
    files: Files
    handlers: Mapping[Intent, Handler]

    async def run(self, message: Message, lease: Lease, prepare: Prepare) -> None:
        """Write one reply.

        Whatever goes wrong, the person sees an end: the answer, a note that it was stopped, or a kind explanation.
        Being cancelled is the engine's way to ask for an end; once that end is written, the turn has ended well.
        Raises what another attempt can mend or must know: PlatformUnavailable and LeaseLost.
        """
        async with self.platform.open_reply(message, lease.reply) as reply:
            try:
                async with self.classifier.begin(message) as route_of:
                    turn = await prepare()
                    if turn is not None:
                        await self._answer(turn, route_of, reply)
            except (LeaseLost, PlatformUnavailable):
                raise
            except asyncio.CancelledError:
                if lease.stop_reason is None:
                    raise
                await reply.show(Stopped(lease.stop_reason))
            except BotError as error:
                log.warning("the answer failed: %s: %s", type(error).__name__, error)
                await reply.show(Failed(error.explanation))
            except Exception:
                log.exception("the answer failed unexpectedly")
                await reply.show(Failed(BotError.explanation))

    async def explain(self, message: Message, lease: Lease, error: BotError) -> None:
        """Write a reply that says why there is no answer."""
        log.warning("no answer: %s: %s", type(error).__name__, error)
        async with self.platform.open_reply(message, lease.reply) as reply:
            await reply.show(Failed(error.explanation))

    async def _answer(self, turn: Turn, route_of: RouteOf, reply: ReplyWriter) -> None:
        async with asyncio.TaskGroup() as side_by_side:
            routing = side_by_side.create_task(route_of(turn))
            reading = side_by_side.create_task(self.files.read(turn, reply.show))
        route = routing.result()
        turn = replace(reading.result(), source=route.source)
        async with aclosing(self.handlers[route.intent](turn)) as events:
            async for event in events:
                await reply.show(event)
                if isinstance(event, Done):
                    return
        raise AnswerCutOff("the handler ended without Done")
