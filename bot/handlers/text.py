"""Answers a message in words."""

from bot.domain.conversation import Turn
from bot.domain.reply import ReplyStream
from bot.handlers.words import Words
from bot.ports import Handler


def text_handler(words: Words) -> Handler:
    """A handler that talks; of long documents it knows the beginning, which stays the same from turn to turn."""

    def answer(turn: Turn) -> ReplyStream:
        return words.answer(turn)

    return answer
