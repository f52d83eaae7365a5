"""The desk where answers are stopped: by a shortcut, by deleting the question, or by deleting the answer itself."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.conversation import ThreadKey
from bot.ports import Controls
from bot.slack.desks.acts import Act, act_of
from bot.slack.desks.answers import Answer, question_in, read_answers, remove
from bot.slack.desks.errands import Errands
from bot.slack.desks.whispers import Whispers
from bot.slack.payload import Json, text_at
from bot.slack.reading.listeners import Register
from bot.slack.reading.messages import Deletion, deletion_from_event, is_own
from bot.slack.wire.calls import SlackCalls
from bot.slack.wire.identity import Identity

STOP = "abort_openai_api"
"""The shortcut's callback_id, before the suffix."""

NOTHING_TO_STOP = "No answer is being written in this thread at the moment."
TOO_MUCH = "I have too much to do right now. Please try again in a minute."

_LOOKS, _LOOK_AGAIN = 20, 0.05  # seconds: a message of ours is noted soon after it stands in Slack

_DELETIONS = ("message_deleted", "message_changed")


Errand = Callable[[Act], Coroutine[Any, Any, None]]
"""What is done for the person who acted."""


class Turns(Protocol):
    """What is being answered just now."""

    async def retract(self, thread: ThreadKey, message_id: str) -> str | None:
        """This message is deleted: answer it no more, and write no more of the answer that it is part of.

        Returns the question whose answer was stopped because of that, once it has ended.
        """

    def question_of(self, thread: ThreadKey, message_id: str) -> str | None:
        """The message to which this one is being written as an answer."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What the desks for answers work with."""

    calls: SlackCalls
    identity: Identity
    controls: Controls
    turns: Turns
    errands: Errands
    whispers: Whispers

    def on_shortcut(self, app: AsyncApp, callback_id: str, errand: Errand) -> None:
        """Have this done behind the acknowledgement when a person picks this shortcut from a message's menu."""

        async def picked(body: dict[str, Any], ack: AsyncAck) -> None:
            await ack()
            if act := act_of(body, self.identity):
                await self.do(callback_id, act, errand(act))

        app.shortcut({"type": "message_action", "callback_id": callback_id})(picked)

    async def do(self, name: str, act: Act, errand: Coroutine[Any, Any, None]) -> None:
        """Begin an errand; tell whoever asked for it when there are too many already."""
        if not self.errands.run(name, errand):
            await self.whispers.tell(act, TOO_MUCH)


def stopping(desk: Desk, suffix: str = "") -> Register:
    """The desk; `suffix` tells the shortcuts of several installations apart."""

    async def stop(act: Act) -> None:
        if not await desk.controls.stop(act.thread):
            await desk.whispers.tell(act, NOTHING_TO_STOP)

    async def deleted(body: dict[str, Any]) -> None:
        if deletion := deletion_from_event(body, desk.identity):
            desk.errands.run("deletion", _heed(desk, deletion))

    def register(app: AsyncApp) -> None:
        desk.on_shortcut(app, f"{STOP}{suffix}", stop)
        for subtype in _DELETIONS:
            app.event({"type": "message", "subtype": subtype})(deleted)

    return register


async def _heed(desk: Desk, deletion: Deletion) -> None:
    """Stop what the deletion makes needless; an answer that was deleted while it grew has not come back."""
    question = await desk.turns.retract(deletion.thread, deletion.message)
    if question is None and deletion.is_own and await _is_noted_late(desk.turns, deletion):
        question = await desk.turns.retract(deletion.thread, deletion.message)
    if question is None or not deletion.is_own:
        return
    # Its end was written into a new message, because the old one was gone.
    said = await read_answers(desk.calls, deletion.thread)
    again = tuple(text_at(each, "ts") for each in said if _is_later_part(each, question, deletion, desk.identity))
    await remove(desk.calls, deletion.thread.channel, Answer(question, "", again))


async def _is_noted_late(turns: Turns, deletion: Deletion) -> bool:
    """Whether the message turns out to be part of an answer: news of its end may come before that of its beginning."""
    for _ in range(_LOOKS):
        if turns.question_of(deletion.thread, deletion.message) is not None:
            return True
        await asyncio.sleep(_LOOK_AGAIN)
    return False


def _is_later_part(said: Json, question: str, deletion: Deletion, identity: Identity) -> bool:
    return is_own(said, identity) and question_in(said) == question and text_at(said, "ts") > deletion.at
