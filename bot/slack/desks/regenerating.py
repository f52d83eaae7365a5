"""The desk where an answer is replaced by a new one, of the same model or of another."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.conversation import ThreadKey
from bot.slack.desks.acts import Act
from bot.slack.desks.answers import answer_with, posted_for, read_answers, remove
from bot.slack.desks.stopping import Desk
from bot.slack.markup.views import View, labelled, menu, modal, plain
from bot.slack.payload import Json, object_at, parsed, text_at
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


def regenerating(desk: Desk, models: Sequence[str], suffix: str = "") -> Register:
    """The desk; `models` are the names among which people choose."""
    callback_id = f"{REGENERATE}{suffix}"

    async def open_modal(act: Act) -> None:
        if not is_own(act.said, desk.identity) or posted_for(act.said):
            await desk.whispers.tell(act, NOT_MINE)
            return
        async with desk.whispers.explaining(act, "nobody was asked for a model"):
            await desk.calls.call(
                "views.open", priority=Priority.FIRST, trigger_id=act.trigger_id, view=_view(callback_id, act, models)
            )

    async def submitted(body: dict[str, Any], ack: AsyncAck) -> None:
        await ack()
        view = object_at(body, "view")
        act = _act_in(view, text_at(object_at(body, "user"), "id"), desk.identity.workspace)
        if act is not None:
            model = _chosen(view)
            await desk.do(callback_id, act, answer_again(act, model if model in models else None))

    async def answer_again(act: Act, model: str | None) -> None:
        async with desk.whispers.explaining(act, "an answer is not written again"):
            if told := await _answer_again(desk, act, model):
                await desk.whispers.tell(act, told)

    def register(app: AsyncApp) -> None:
        desk.on_shortcut(app, callback_id, open_modal)
        app.view(callback_id)(submitted)

    return register


async def _answer_again(desk: Desk, act: Act, model: str | None) -> str:
    """Have the answer written again; why not, in a sentence, where that cannot be. Raises BotError."""
    if desk.turns.question_of(act.thread, act.message):
        return BUSY
    answer = answer_with(act.message, await read_answers(desk.calls, act.thread), desk.identity)
    if answer is None:
        return NOT_MINE
    if not answer.asker:
        return GONE
    if not await desk.controls.answer_again(act.thread, answer.question, answer.messages, model, act.user):
        return BUSY
    # Messages are written over; pictures cannot be, so they go as soon as it is sure that something takes their place.
    await remove(desk.calls, act.thread.channel, replace(answer, messages=()))
    return ""


def _view(callback_id: str, act: Act, models: Sequence[str]) -> View:
    options = [(AS_BEFORE, "As before"), *((name, name) for name in models)]
    return modal(
        "Answer again",
        [labelled(BLOCK, "Model", menu(CHOICE, options, AS_BEFORE), hint="The answer is replaced by a new one.")],
        close="Cancel",
        submit=plain("Answer again", 24),
        callback_id=callback_id,
        private_metadata=json.dumps(
            {
                "channel": act.thread.channel,
                "root": act.thread.root,
                "message": act.message,
                "in_thread": act.is_in_thread,
                "response_url": act.response_url,
            }
        ),
    )


def _act_in(view: Json, user: str, workspace: str) -> Act | None:
    """The act that opened the modal, done by whoever submits it."""
    memo = parsed(text_at(view, "private_metadata"))
    if not memo:
        return None
    thread = ThreadKey(workspace, text_at(memo, "channel"), text_at(memo, "root"))
    act = Act(thread, text_at(memo, "message"), user, text_at(memo, "response_url"))
    return replace(act, said={"thread_ts": thread.root}) if memo.get("in_thread") is True else act


def _chosen(view: Json) -> str:
    return text_at(object_at(view, "state", "values", BLOCK, CHOICE, "selected_option"), "value")
