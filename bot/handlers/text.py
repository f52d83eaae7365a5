"""Answers a message with the model's words."""

from bot.domain.conversation import Turn
from bot.domain.models import Prompt
from bot.domain.reply import ReplyStream
from bot.handlers.prompt import prompt_messages
from bot.ports import Handler, Model


def text_handler(model: Model, instructions: str) -> Handler:
    """A handler that asks this model."""

    def answer(turn: Turn) -> ReplyStream:
        thread = turn.message.thread
        return model.stream(
            Prompt(
                settings=turn.settings,
                instructions=instructions,
                messages=prompt_messages(turn.conversation),
                cache_key=f"{thread.workspace}/{thread.channel}/{thread.root}",
                asker=f"{thread.workspace}/{turn.message.author.id}",
            )
        )

    return answer
