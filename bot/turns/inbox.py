"""Takes the messages that wait in a thread, has them answered as one turn, and marks them finished."""

import logging
from collections import OrderedDict
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TypeVar

from bot.domain.conversation import Conversation, Message, ThreadKey, Turn
from bot.domain.errors import ThreadUnreadable
from bot.ports import Acceptance, ChatPlatform, Engine, Lease, Reference
from bot.turns.context import Context, conversation_to_answer, stand_in
from bot.turns.recovery import Recovery, adopt_half_written, answered_by_interrupted_attempt, pictures_shown
from bot.turns.runner import Runner

log = logging.getLogger(__name__)

current_turn: ContextVar[str] = ContextVar("current_turn", default="-")
"""Names the turn that a log line belongs to: the channel and the id of the newest message that it answers."""

Key = TypeVar("Key")
Value = TypeVar("Value")

REMEMBERED = 1_000
"""How many just arrived messages, and how many threads without the bot, are kept in mind."""


@dataclass(slots=True)
class ThreadInbox:
    """The inbox of the whole workspace: what arrives goes to its thread's lane, what a lane holds becomes a turn.

    `_arrived` holds messages that came in through this process, so that an answer can begin before the thread is read;
    `_without_bot` holds threads in which people talk among themselves.
    """

    engine: Engine
    platform: ChatPlatform
    context: Context
    runner: Runner
    recovery: Recovery
    _arrived: OrderedDict[str, Message] = field(default_factory=OrderedDict)
    _without_bot: OrderedDict[ThreadKey, None] = field(default_factory=OrderedDict)

    async def receive(self, message: Message, event_id: str) -> bool:
        """Put the message on its thread's lane; returns when that is durable. False when it brings no work."""
        if message.to_bot:
            self._without_bot.pop(message.thread, None)
        elif message.thread in self._without_bot:
            return False
        _remember(self._arrived, _name(message.thread, message.id), message)
        acceptance = await self.engine.accept(
            Reference(message.thread, message.id, event_id, message.to_bot, message.sent_at)
        )
        if acceptance is Acceptance.DUPLICATE:
            log.info("event %s brings nothing new", event_id)
        return acceptance is Acceptance.ACCEPTED

    async def stop(self, thread: ThreadKey) -> bool:
        """Stop the answer that is being written in this thread; False when there is none."""
        return await self.engine.stop(thread)

    async def work(self, lease: Lease) -> None:
        """Answer what waits in the lease's thread, and mark it finished.

        Raises what another attempt can mend: PlatformUnavailable, LeaseLost, or CancelledError before a reply was open.
        """
        waiting = answered_by_interrupted_attempt(lease, await lease.waiting())
        if not waiting:
            return
        current_turn.set(_name(lease.thread, waiting[-1].message))
        newest = self._arrived.get(current_turn.get())
        if newest is not None and newest.to_bot and lease.attempt == 1:
            await self.runner.run(newest, lease, lambda: self._turn_of_arrived(lease, waiting, newest))
        else:
            waiting = await self._answer_after_reading(lease, waiting)
        await lease.finish(waiting)
        for reference in waiting:
            self._arrived.pop(_name(lease.thread, reference.message), None)

    async def _turn_of_arrived(self, lease: Lease, waiting: tuple[Reference, ...], newest: Message) -> Turn | None:
        try:
            history = await self.platform.history(lease.thread)
        except ThreadUnreadable as error:
            log.warning("answering without the thread: %s", error)
            history = Conversation((newest,))
        return await self._turn(history, lease, waiting)

    async def _answer_after_reading(self, lease: Lease, waiting: tuple[Reference, ...]) -> tuple[Reference, ...]:
        """Answer messages of which we do not know yet whether, or with what, they are to be answered.

        Returns those that are done with now.
        """
        spoken_to = any(reference.to_bot for reference in waiting)
        try:
            history = await self.platform.history(lease.thread)
        except ThreadUnreadable as error:
            if spoken_to:
                await self.runner.explain(stand_in(waiting[-1]), lease, error)
            return waiting
        # Pictures are paid for: before any is drawn again, what was uploaded is shown.
        may_lack_pictures = lease.attempt > 1 and lease.reply.messages and not pictures_shown(lease, history)
        if may_lack_pictures and await self.platform.restore(stand_in(waiting[0]), lease.reply):
            history = await self.platform.history(lease.thread)
        waiting = answered_by_interrupted_attempt(lease, waiting, pictures_shown(lease, history))
        newest = waiting[-1]
        # Not what came later: whether a message is meant for the bot must not depend on when it arrives.
        if not spoken_to and not history.before(newest.message).involves_bot:
            if not history.involves_bot and not self._is_called(lease.thread):
                _remember(self._without_bot, lease.thread, None)
            return waiting
        if lease.attempt > 1:
            await adopt_half_written(lease, waiting, history)
        message = next((known for known in history.messages if known.id == newest.message), stand_in(newest))
        just_arrived = _name(lease.thread, newest.message) in self._arrived
        if hindrance := self.recovery.verdict(lease, waiting, just_arrived=just_arrived):
            await self.runner.explain(message, lease, hindrance)
        else:
            await self.runner.run(message, lease, lambda: self._turn(history, lease, waiting))
        return waiting

    def _is_called(self, thread: ThreadKey) -> bool:
        """True when a message to the bot has arrived in this thread, perhaps while the thread was being read."""
        return any(message.to_bot and message.thread == thread for message in self._arrived.values())

    async def _turn(self, history: Conversation, lease: Lease, waiting: tuple[Reference, ...]) -> Turn | None:
        arrived = [self._arrived.get(_name(lease.thread, reference.message)) for reference in waiting]
        seen = history.joined_by(message for message in arrived if message)
        conversation = conversation_to_answer(seen, waiting, lease.reply.messages)
        if conversation is None:
            return None
        questions = tuple(reference.message for reference in waiting)
        return await self.context.turn(conversation, questions, drawn=bool(pictures_shown(lease, seen)))


def _name(thread: ThreadKey, message_id: str) -> str:
    return f"{thread.channel}/{message_id}"


def _remember(memory: OrderedDict[Key, Value], key: Key, value: Value) -> None:
    memory[key] = value
    memory.move_to_end(key)
    if len(memory) > REMEMBERED:
        memory.popitem(last=False)
