"""Turns for the tests of tools."""

from bot.domain.conversation import Conversation, Message, Turn
from bot.domain.settings import Settings


def turn_of(*messages: Message) -> Turn:
    """A turn that answers the last of these messages."""
    return Turn(Conversation(messages), Settings())
