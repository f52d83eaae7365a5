"""Builds a turn from what the platform knows of the thread and from the settings that hold."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.conversation import Author, Conversation, Message, Turn
from bot.domain.errors import BotError
from bot.domain.models import ModelInfo
from bot.domain.settings import Language, Settings
from bot.ports import CountTokens, Reference
from bot.turns.budget import fits, trim
from bot.turns.preferences import Preferences

log = logging.getLogger(__name__)

USED_OF_WINDOW = 0.85
"""Which share of a model's window a conversation may fill: instructions need room, and counts may be estimates."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a turn is made of besides the thread. `budget` is the most that a conversation may cost, in tokens."""

    preferences: Preferences
    budget: int
    count_tokens: CountTokens
    describe: Callable[[str], ModelInfo]

    async def turn(self, conversation: Conversation, questions: tuple[str, ...] = (), *, made: bool = False) -> Turn:
        """The turn that answers the newest messages of this conversation, of which `questions` are the ids.

        The settings are those of whoever wrote the newest message; the defaults, where they cannot be read.
        """
        settings = await self._settings_for(conversation.latest)
        budget = min(self.budget, _room_for_conversation(self.describe(settings.model), settings))
        if not fits(conversation, budget):
            conversation = await asyncio.to_thread(trim, conversation, budget, self.count_tokens)
        return Turn(conversation, settings, questions, made=made)

    async def language(self, message: Message) -> Language:
        """In which language the bot's own words stand in an answer to this message."""
        return (await self._settings_for(message)).language

    async def _settings_for(self, message: Message) -> Settings:
        thread = message.thread
        try:
            sheet = await self.preferences.sheet(thread.workspace, thread.channel, message.author.id, thread.root)
        except BotError as error:
            log.warning("answering with the default settings: %s: %s", type(error).__name__, error)
            sheet = self.preferences.untouched()
        return sheet.settings


def _room_for_conversation(model: ModelInfo, settings: Settings) -> int:
    """What the model can read, in tokens, when its window is to hold the longest answer as well."""
    answer = min(settings.max_output_tokens or model.max_output, model.max_output, model.context_window // 2)
    return int((model.context_window - answer) * USED_OF_WINDOW)


def conversation_to_answer(
    history: Conversation, waiting: tuple[Reference, ...], half_written: tuple[str, ...]
) -> Conversation | None:
    """The thread as this turn sees it: what was said, then the waiting messages; None when those were all deleted.

    Left out are messages of people who wrote after the newest waiting one (the next turn answers them), and what an
    interrupted attempt had written of this very reply.
    """
    asked = {reference.message for reference in waiting}
    newest = waiting[-1].message
    questions = tuple(message for message in history.messages if message.id in asked)
    said = tuple(
        message
        for message in history.messages
        if message.id not in asked and message.id not in half_written and (message.from_bot or message.id < newest)
    )
    return Conversation(said + questions) if questions else None


def stand_in(reference: Reference) -> Message:
    """What is left of a message that cannot be read any more: enough to reply to its thread."""
    return Message(reference.message, reference.thread, Author("", ""), "", reference.sent_at, to_bot=reference.to_bot)
