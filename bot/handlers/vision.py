"""Answers a message about pictures."""

from bot.domain.conversation import Turn
from bot.domain.errors import ModelBlind
from bot.domain.reply import ReplyStream
from bot.handlers.words import Words
from bot.ports import Handler


def vision_handler(words: Words) -> Handler:
    """A handler that looks. Raises ModelBlind for a model that cannot."""

    def answer(turn: Turn) -> ReplyStream:
        if not words.sees(turn.settings):
            raise ModelBlind(turn.settings.model)
        return words.answer(turn)

    return answer
