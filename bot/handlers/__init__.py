"""What answers which intent."""

from collections.abc import Mapping

from bot.domain.intent import Intent
from bot.handlers.introduction import introduction_handler
from bot.handlers.text import text_handler
from bot.ports import Handler, Model


def routing_table(model: Model, instructions: str, introduction: str) -> Mapping[Intent, Handler]:
    """Every intent with its handler."""
    return {
        Intent.INTRODUCTION: introduction_handler(introduction),
        Intent.TEXT: text_handler(model, instructions),
    }
