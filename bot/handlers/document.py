"""Answers a message about documents."""

from bot.domain.conversation import Turn
from bot.domain.reply import ReplyStream
from bot.handlers.words import Words
from bot.ports import Handler


def document_handler(words: Words) -> Handler:
    """A handler that reads; of a document that is too long, the pages that the message names come first."""

    def answer(turn: Turn) -> ReplyStream:
        return words.answer(turn, question="\n".join(message.text for message in turn.asked))

    return answer
