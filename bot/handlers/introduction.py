"""Answers a message that says nothing but the bot's name, at no cost."""

from bot.domain.conversation import Turn
from bot.domain.language import say
from bot.domain.reply import Done, ReplyStream, TextDelta
from bot.ports import Handler


def introduction_handler(introduction: str) -> Handler:
    """A handler that answers with this text."""

    async def introduce(_turn: Turn) -> ReplyStream:
        yield TextDelta(say(introduction))
        yield Done()

    return introduce
