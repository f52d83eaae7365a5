"""Takes the messages that wait in a thread, has them answered as one turn, and marks them finished."""

import asyncio
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

from bot.domain.conversation import Conversation, Message, ThreadKey, Turn
from bot.domain.errors import BotError, ThreadUnreadable
from bot.domain.recent import Recent
from bot.domain.reply import StopReason
from bot.ports import Acceptance, ChatPlatform, Engine, Lease, Reference
from bot.turns.admission import Admission
from bot.turns.context import Context, conversation_to_answer, stand_in
from bot.turns.recovery import (
    Recovery,
    adopt_half_written,
    answered_by_interrupted_attempt,
    files_shown,
    half_written,
    may_lack_files,
)
from bot.turns.runner import Runner
from bot.turns.stop_words import is_stop_word
from bot.turns.unnoted import Unnoted

log = logging.getLogger(__name__)

current_turn: ContextVar[str] = ContextVar("current_turn", default="-")
"""Names the turn that a log line belongs to: the channel and the id of the newest message that it answers."""

REMEMBERED = 1_000
"""How many messages and threads of each kind are kept in mind."""

ENDING = 15.0
"""Seconds that somebody waits for the end of an answer that was stopped."""


@dataclass(frozen=True, slots=True)
class AtWork:
    """The turn that a thread is having: the messages that it answers, and when it is over."""

    lease: Lease
    waiting: tuple[Reference, ...]
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def answers(self, message_id: str) -> bool:
        """True for a message that the turn answers."""
        return any(reference.message == message_id for reference in self.waiting)


@dataclass(slots=True)
class ThreadInbox:
    """The inbox of the whole workspace: what arrives goes to its thread's lane, what a lane holds becomes a turn.

    `_arrived` holds messages that came in through this process, so that an answer can begin before the thread is read;
    `_without_bot` holds threads in which people talk among themselves. `_retracted` holds messages that were deleted,
    `_stop_words` tells of each word whether it has stopped something, `_again` which model is to answer a question once
    more, and `_begun` which turns this process has begun.
    """

    engine: Engine
    platform: ChatPlatform
    context: Context
    runner: Runner
    recovery: Recovery
    admission: Admission
    unnoted: Unnoted
    _arrived: Recent[str, Message] = field(default_factory=lambda: Recent(REMEMBERED))
    _without_bot: Recent[ThreadKey, None] = field(default_factory=lambda: Recent(REMEMBERED))
    _retracted: Recent[str, None] = field(default_factory=lambda: Recent(REMEMBERED))
    _stop_words: Recent[str, bool] = field(default_factory=lambda: Recent(REMEMBERED))
    _again: Recent[str, str | None] = field(default_factory=lambda: Recent(REMEMBERED))
    _begun: Recent[str, None] = field(default_factory=lambda: Recent(REMEMBERED))
    _at_work: dict[ThreadKey, AtWork] = field(default_factory=dict)

    async def receive(self, message: Message, event_id: str) -> bool:
        """Put the message on its thread's lane; returns when that is durable. False when it brings no work."""
        name = _name(message.thread, message.id)
        if message.to_bot:
            self._without_bot.pop(message.thread, None)
        elif message.thread in self._without_bot:
            return False
        if name in self._retracted:
            return False
        wants_answer = not (is_stop_word(message) and await self._stops(message))
        if wants_answer:
            self._arrived[name] = message
        reference = Reference(message.thread, message.id, event_id, message.to_bot, message.sent_at, wants_answer)
        try:
            acceptance = await self.engine.accept(reference)
        except BotError:
            await self.unnoted.tell(message)
            raise
        self.unnoted.noted(message)
        if acceptance is Acceptance.DUPLICATE:
            log.info("event %s brings nothing new", event_id)
        return acceptance is Acceptance.ACCEPTED and wants_answer

    async def stop(self, thread: ThreadKey) -> bool:
        """Stop the answer that is being written in this thread; False when there is none."""
        return await self.engine.stop(thread)

    async def retract(self, thread: ThreadKey, message_id: str) -> str | None:
        """Somebody deletes this message: a question is not answered any more, an answer not written any further.

        A turn that answers other messages as well goes on: what is deleted before it begins is left out of it, what is
        deleted later stays in what the model was asked. Where that was the newest, nobody is known any more as the one
        who asked, and administrators alone may have the answer deleted. Returns the question whose answer was stopped
        because of this, once its end is written or fifteen seconds have passed; None when none was.
        """
        name = _name(thread, message_id)
        self._retracted[name] = None
        self._arrived.pop(name, None)
        work = self._at_work.get(thread)
        if work is None or not (message_id in work.lease.reply.messages or self._is_pointless(work, message_id)):
            return None
        if not await self.engine.stop(thread):
            return None
        with suppress(TimeoutError):
            async with asyncio.timeout(ENDING):
                await work.over.wait()
        return work.waiting[-1].message

    def question_of(self, thread: ThreadKey, message_id: str) -> str | None:
        """The message to which this one is being written as an answer just now; None for any other message."""
        work = self._at_work.get(thread)
        return work.waiting[-1].message if work and message_id in work.lease.reply.messages else None

    async def answer_again(
        self, thread: ThreadKey, question: str, messages: tuple[str, ...], model: str | None
    ) -> bool | None:
        """Let an answered message wait again, for an answer in place of these messages, by this model if one is named.

        False while anything waits in the thread or is being answered there; None for a message that is not known any
        more. Which model was chosen is forgotten with the process.
        """
        name = _name(thread, question)
        if thread in self._at_work or name in self._again:
            return False
        # Before it waits: its turn may begin before we hear that it does.
        self._again[name] = model
        reopened = False
        try:
            reopened = await self.engine.reopen(thread, question, messages)
        finally:
            if not reopened:
                self._again.pop(name, None)
        is_busy = thread in self._at_work or any(each.thread == thread for each in self._arrived.values())
        return True if reopened else False if is_busy else None

    async def work(self, lease: Lease) -> None:
        """Answer what waits in the lease's thread, and mark it finished.

        Raises what another attempt can mend: PlatformUnavailable, LeaseLost, LineClosed, or CancelledError before a
        reply was open.
        """
        waiting = answered_by_interrupted_attempt(lease, await lease.waiting())
        if not waiting:
            return
        wanted = tuple(each for each in waiting if _name(lease.thread, each.message) not in self._retracted)
        if wanted:
            current_turn.set(_name(lease.thread, wanted[-1].message))
            with self._working(lease, wanted):
                done = await self._answer(lease, wanted)
            waiting = tuple(each for each in waiting if each not in wanted or each in done)
        await lease.finish(waiting)
        for reference in waiting:
            name = _name(lease.thread, reference.message)
            self._arrived.pop(name, None)
            self._again.pop(name, None)

    @contextmanager
    def _working(self, lease: Lease, waiting: tuple[Reference, ...]) -> Iterator[None]:
        work = self._at_work[lease.thread] = AtWork(lease, waiting)
        try:
            yield
        finally:
            del self._at_work[lease.thread]
            work.over.set()

    def _is_pointless(self, work: AtWork, message_id: str) -> bool:
        """True when nothing of what the turn answers is left, now that this message is gone."""
        names = (_name(work.lease.thread, reference.message) for reference in work.waiting)
        return work.answers(message_id) and all(name in self._retracted for name in names)

    async def _stops(self, message: Message) -> bool:
        """Whether this word stops an answer, decided once: Slack delivers it more often, and then there may be another.

        A word that finds nothing to stop is a message like any other. One that did is kept all the same: whoever looks
        it up after a restart would take it for a question.
        """
        name = _name(message.thread, message.id)
        if name not in self._stop_words:
            self._stop_words[name] = False
            self._stop_words[name] = await self.engine.stop(message.thread)
        return self._stop_words[name]

    async def _answer(self, lease: Lease, waiting: tuple[Reference, ...]) -> tuple[Reference, ...]:
        """Answer what waits; returns those that are done with now."""
        arrived = [self._arrived.get(_name(lease.thread, each.message)) for each in waiting]
        admitted = await self._admitted(lease, waiting, filter(None, arrived))
        if not admitted:
            return waiting
        refused = tuple(each for each in waiting if each not in admitted)
        newest = self._arrived.get(_name(lease.thread, admitted[-1].message))
        if newest is not None and newest.to_bot and None not in arrived and lease.attempt == 1:
            if hindrance := await self._over_limit(lease, newest):
                await self._explain(newest, lease, hindrance)
            else:
                with self.admission.limits.underway.turn(newest):
                    await self.runner.run(newest, lease, lambda: self._turn_of_arrived(lease, admitted, newest))
            return waiting
        return refused + await self._answer_after_reading(lease, admitted)

    async def _admitted(
        self, lease: Lease, waiting: tuple[Reference, ...], messages: Iterable[Message]
    ) -> tuple[Reference, ...]:
        """Those that may be answered, as far as these messages tell who wrote them.

        What was begun is completed, even for people who may ask no more.
        """
        judged = tuple(messages)
        if lease.reply.messages and all([await self.admission.refusal(message) for message in judged]):
            return waiting
        refused = {message.id for message in judged if not await self.admission.admits(message)}
        return tuple(each for each in waiting if each.message not in refused)

    async def _explain(self, message: Message, lease: Lease, error: BotError) -> None:
        await self.runner.explain(message, lease, error, await self.context.language(message))

    async def _over_limit(self, lease: Lease, message: Message) -> BotError | None:
        return None if lease.reply.messages else await self.admission.limits.begin(message)

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
        if lease.attempt > 1:
            await lease.rest()  # while the thread is read: the platform may be away for long
        try:
            history = await self.platform.history(lease.thread)
        except ThreadUnreadable as error:
            if spoken_to:
                await self._explain(stand_in(waiting[-1]), lease, error)
            return waiting
        except asyncio.CancelledError:
            if lease.stop_reason is not StopReason.PERSON:
                raise
            return waiting  # nothing has been shown that would need an end
        # Files are paid for: before any is made again, what was uploaded is shown.
        if may_lack_files(lease, history) and await self.platform.restore(stand_in(waiting[0]), lease.reply):
            history = await self.platform.history(lease.thread)
        if lease.attempt > 1:
            await adopt_half_written(lease, waiting, history)
        waiting = answered_by_interrupted_attempt(lease, waiting, files_shown(lease, history))
        newest = waiting[-1]
        again = self._is_asked_again(lease.thread, waiting)
        # Not what came later: whether a message is meant for the bot must not depend on when it arrives.
        if not (spoken_to or again or history.before(newest.message).involves_bot):
            if not history.involves_bot and not self._is_called(lease.thread):
                self._without_bot[lease.thread] = None
            return waiting
        done, asked = waiting, {each.message for each in waiting}
        unjudged = (each for each in history.messages if each.id in asked and not self._has_arrived(each))
        waiting = await self._admitted(lease, waiting, unjudged)
        if not waiting:
            return done
        newest = waiting[-1]
        message = next((known for known in history.messages if known.id == newest.message), stand_in(newest))
        expected = again or _name(lease.thread, newest.message) in self._arrived
        verdict = self.recovery.verdict(lease, waiting, expected=expected)
        if hindrance := verdict or await self._over_limit(lease, message):
            await self._explain(message, lease, hindrance)
        else:
            with self.admission.limits.underway.turn(message):
                await self.runner.run(message, lease, lambda: self._turn(history, lease, waiting))
        return done

    def _has_arrived(self, message: Message) -> bool:
        return _name(message.thread, message.id) in self._arrived

    def _is_called(self, thread: ThreadKey) -> bool:
        """True when a message to the bot has arrived in this thread, perhaps while the thread was being read."""
        return any(message.to_bot and message.thread == thread for message in self._arrived.values())

    def _is_asked_again(self, thread: ThreadKey, waiting: tuple[Reference, ...]) -> bool:
        return any(_name(thread, reference.message) in self._again for reference in waiting)

    async def _turn(self, history: Conversation, lease: Lease, waiting: tuple[Reference, ...]) -> Turn | None:
        thread, newest = lease.thread, waiting[-1].message
        arrived = [self._arrived.get(_name(thread, reference.message)) for reference in waiting]
        said = history.joined_by(message for message in arrived if message).messages
        seen = Conversation(tuple(each for each in said if _name(thread, each.id) not in self._retracted))
        if again := self._is_asked_again(thread, waiting):
            # What was said since, the bot's own words included, must not colour the new answer.
            seen = Conversation(tuple(message for message in seen.messages if message.id <= newest))
        conversation = conversation_to_answer(seen, waiting, lease.reply.messages)
        if conversation is None:
            return None
        questions = tuple(reference.message for reference in waiting)
        turn = await self.context.turn(conversation, questions, made=bool(files_shown(lease, seen)))
        name = _name(thread, newest)
        if lease.attempt > 1 and not again and name not in self._begun:
            # The expense of an attempt is noted by the process that makes it, unless it dies.
            turn = replace(turn, lost=half_written(lease, seen))
        self._begun[name] = None
        if not await self.admission.limits.may_draw(turn.message):
            turn = replace(turn, may_draw=False)
        model = self._again.get(name) if again else None
        return replace(turn, settings=replace(turn.settings, model=model)) if model else turn


def _name(thread: ThreadKey, message_id: str) -> str:
    return f"{thread.channel}/{message_id}"
