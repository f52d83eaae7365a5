"""The desk where an answer is replaced by a new one, of the same model or of another."""

from collections.abc import Sequence
from dataclasses import replace

from slack_bolt.async_app import AsyncApp

from bot.domain.language import say
from bot.ports import Controls
from bot.slack.desks.acts import Act, memo_of
from bot.slack.desks.answers import answer_with, posted_for, read_answers, remove
from bot.slack.desks.desk import Desk
from bot.slack.desks.stopping import Turns
from bot.slack.markup.views import View, labelled, menu, modal, plain
from bot.slack.payload import object_at, text_at
from bot.slack.reading.listeners import Register
from bot.slack.reading.messages import is_own
from bot.slack.wire.pacer import Priority

REGENERATE = "regenerate_answer"
"""The callback_id of the shortcut and of its modal, before the suffix."""

BLOCK, CHOICE = "model", "chosen_model"
AS_BEFORE = "as-before"

NOT_MINE = "This is not an answer of mine, so I cannot write it again."
GONE = "The question is gone, so I cannot answer it again."
BUSY = "I am writing in this thread at the moment. Please try again when I am done."


def regenerating(desk: Desk, controls: Controls, turns: Turns, models: Sequence[str]) -> Register:
    """The desk; `models` are the names among which people choose."""
    callback_id = f"{REGENERATE}{desk.suffix}"

    async def open_modal(act: Act) -> None:
        if not is_own(act.said, desk.identity) or posted_for(act.said):
            await desk.tell(act, NOT_MINE)
            return
        view = _view(callback_id, act, models)
        await desk.calls.call("views.open", priority=Priority.FIRST, trigger_id=act.trigger_id, view=view)

    async def answer_again(act: Act) -> None:
        model = text_at(object_at(act.view, "state", "values", BLOCK, CHOICE, "selected_option"), "value")
        if told := await _answer_again(desk, controls, turns, act, model if model in models else None):
            await desk.tell(act, told)

    def register(app: AsyncApp) -> None:
        app.message_shortcut(callback_id)(desk.listener("regenerating", open_modal))
        app.view(callback_id)(desk.listener("regenerating", answer_again))

    return register


async def _answer_again(desk: Desk, controls: Controls, turns: Turns, act: Act, model: str | None) -> str:
    """Have the answer written again; why not, in a sentence, where that cannot be. Raises BotError."""
    if turns.question_of(act.thread, act.message):
        return BUSY
    answer = answer_with(act.message, await read_answers(desk.calls, act.thread), desk.identity)
    if answer is None:
        return NOT_MINE
    if not answer.asker:
        return GONE
    if not await controls.answer_again(act.thread, answer.question, answer.messages, model, act.user):
        return BUSY
    # Messages are written over; pictures cannot be, so they go as soon as it is sure that something takes their place.
    await remove(desk.calls, act.thread.channel, replace(answer, messages=()))
    return ""


def _view(callback_id: str, act: Act, models: Sequence[str]) -> View:
    options = [(AS_BEFORE, say("As before")), *((name, name) for name in models)]
    hint = say("The answer is replaced by a new one.")
    return modal(
        say("Answer again"),
        [labelled(BLOCK, say("Model"), menu(CHOICE, options, AS_BEFORE), hint=hint)],
        close=say("Cancel"),
        submit=plain(say("Answer again"), 24),
        callback_id=callback_id,
        private_metadata=memo_of(act),
    )
