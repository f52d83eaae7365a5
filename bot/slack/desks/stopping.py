"""The desk where answers are stopped: by a shortcut, by deleting the question, or by deleting the answer itself."""

import asyncio
from typing import Any, Protocol

from slack_bolt.async_app import AsyncApp

from bot.domain.conversation import ThreadKey
from bot.ports import Controls
from bot.slack.desks.acts import Act
from bot.slack.desks.answers import Answer, question_in, read_answers, remove
from bot.slack.desks.desk import Desk
from bot.slack.payload import Json, text_at
from bot.slack.reading.listeners import Register
from bot.slack.reading.messages import Deletion, deletion_from_event, is_own
from bot.slack.wire.identity import Identity

STOP = "abort_openai_api"
"""The shortcut's callback_id, before the suffix."""

NOTHING_TO_STOP = "No answer is being written in this thread at the moment."

_LOOKS, _LOOK_AGAIN = 20, 0.05  # seconds: a message of ours is noted soon after it stands in Slack

_DELETIONS = ("message_deleted", "message_changed")


class Turns(Protocol):
    """What is being answered just now."""

    async def retract(self, thread: ThreadKey, message_id: str) -> str | None:
        """This message is deleted: answer it no more, and write no more of the answer that it is part of.

        Returns the question whose answer was stopped because of that, once it has ended.
        """

    def question_of(self, thread: ThreadKey, message_id: str) -> str | None:
        """The message to which this one is being written as an answer."""


def stopping(desk: Desk, controls: Controls, turns: Turns) -> Register:
    """The desk."""

    async def stop(act: Act) -> None:
        if not await controls.stop(act.thread):
            await desk.tell(act, NOTHING_TO_STOP)

    async def deleted(body: dict[str, Any]) -> None:
        if deletion := deletion_from_event(body, desk.identity):
            desk.errands.run("deletion", _heed(desk, turns, deletion))

    def register(app: AsyncApp) -> None:
        app.message_shortcut(f"{STOP}{desk.suffix}")(desk.listener("stopping", stop))
        for subtype in _DELETIONS:
            app.event({"type": "message", "subtype": subtype})(deleted)

    return register


async def _heed(desk: Desk, turns: Turns, deletion: Deletion) -> None:
    """Stop what the deletion makes needless; an answer that was deleted while it grew has not come back."""
    question = await turns.retract(deletion.thread, deletion.message)
    if question is None and deletion.is_own and await _is_noted_late(turns, deletion):
        question = await turns.retract(deletion.thread, deletion.message)
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
