"""The desk where answers are deleted, for the person who asked or for an administrator."""

from collections.abc import Set

from slack_bolt.async_app import AsyncApp

from bot.slack.desks.acts import Act
from bot.slack.desks.admins import is_admin
from bot.slack.desks.answers import Answer, answer_with, read_answers, remove
from bot.slack.desks.desk import Desk
from bot.slack.desks.stopping import Turns
from bot.slack.payload import Json, text_at
from bot.slack.reading.listeners import Register
from bot.slack.reading.messages import is_own

DELETE = "delete_message"
"""The shortcut's callback_id, before the suffix."""

DELETED = "Deleted."
NOT_MINE = "I can only delete what I have written myself."
NO_ANSWER = "I cannot tell to which question this belongs, so I leave it to the admins of this workspace."
NOT_YOURS = "Only the person who asked, or an admin, can have this deleted."


def deleting(desk: Desk, turns: Turns, admins: Set[str] = frozenset()) -> Register:
    """The desk; `admins` are the ids of people who may have any answer deleted, besides admins of the workspace."""

    async def delete(act: Act) -> None:
        mine = is_own(act.said, desk.identity)
        await desk.tell(act, await _deleted(desk, turns, act, admins) if mine else NOT_MINE)

    def register(app: AsyncApp) -> None:
        app.message_shortcut(f"{DELETE}{desk.suffix}")(desk.listener("deleting", delete))

    return register


async def _deleted(desk: Desk, turns: Turns, act: Act, admins: Set[str]) -> str:
    """Delete the answer at which the person acted, if they may; what to tell them. Raises PlatformError."""
    thread, said = act.thread, await read_answers(desk.calls, act.thread)
    growing = turns.question_of(thread, act.message)
    answer = _growing(growing, act, said) if growing else answer_with(act.message, said, desk.identity)
    is_theirs = answer is not None and answer.asker == act.user
    if not (is_theirs or await is_admin(desk.calls, act.user, admins)):
        return NOT_YOURS if answer else NO_ANSWER
    if await turns.retract(thread, act.message):
        answer = answer_with(act.message, await read_answers(desk.calls, thread), desk.identity) or answer
    await remove(desk.calls, thread.channel, answer or Answer("", "", (act.message,)))
    return DELETED


def _growing(question: str, act: Act, said: list[Json]) -> Answer:
    """An answer that is being written: Slack shows its question with a stream only when that has ended."""
    asker = next((text_at(each, "user") for each in said if text_at(each, "ts") == question), "")
    return Answer(question, asker, (act.message,))
