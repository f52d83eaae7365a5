"""Decides what a message wants: certain cases by rule, at no cost."""

from bot.domain.conversation import Turn
from bot.domain.intent import Intent


def classify(turn: Turn) -> Intent:
    """The intent of the turn's message; whatever no rule knows is text."""
    if not turn.message.text.strip() and not turn.message.attachments:
        return Intent.INTRODUCTION
    return Intent.TEXT
