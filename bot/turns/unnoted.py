"""Tells people that what they wrote cannot be noted down, so that they need not wonder why nothing happens."""

import asyncio
import logging
from dataclasses import dataclass, field

from bot.domain.conversation import Message
from bot.domain.errors import BotError
from bot.domain.language import SpeakingTo, as_spoken, say
from bot.domain.recent import Recent
from bot.ports import ChatPlatform
from bot.turns.admission import Admission

log = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds that the delivery of a message may be held up; it is not acknowledged in any case."""

REMEMBERED = 1_000
"""How many people in their channels are kept in mind."""


@dataclass(frozen=True, slots=True)
class Unnoted:
    """Whispers, because without a journal anything else might stand there twice, or pass for the answer.

    Each person is told once in a channel until something of theirs can be noted there, and only if they spoke to the
    bot: whether another message is meant for it is known only once its thread is read.
    """

    platform: ChatPlatform
    admission: Admission
    speaking_to: SpeakingTo = as_spoken
    _told: Recent[tuple[str, str], None] = field(default_factory=lambda: Recent(REMEMBERED))

    async def tell(self, message: Message) -> None:
        """Tell the author of this message, which could not be noted; trouble is logged, no more."""
        place = (message.thread.channel, message.author.id)
        if not message.to_bot or place in self._told:
            return
        self._told[place] = None
        try:
            async with asyncio.timeout(PATIENCE):
                if await self.admission.refusal(message) is None:
                    async with self.speaking_to(message.author.id):
                        words = say(
                            "⚠️ I cannot note down new messages at the moment; probably my disk is full. There is no "
                            "need to ask again: as soon as I can, I look for what you wrote and answer it. If this "
                            "lasts, please tell the person who runs me."
                        )
                    await self.platform.whisper(message, words, is_answered=False)
        except (BotError, TimeoutError) as error:
            log.warning("a person was not told something: %s: %s", type(error).__name__, error)

    def noted(self, message: Message) -> None:
        """Something of this person's could be noted there."""
        self._told.pop((message.thread.channel, message.author.id), None)
