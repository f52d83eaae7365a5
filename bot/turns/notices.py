"""Tells people aside, and once, what they should know besides their answer."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.domain.conversation import Message, ThreadKey
from bot.domain.errors import BotError
from bot.domain.language import SpeakingTo, as_spoken, say
from bot.ports import ChatPlatform, Notices, Now
from bot.turns.preferences import Preferences

log = logging.getLogger(__name__)

PATIENCE = 5.0
"""Seconds that the lane may be held up, on the rare occasion that there is something to tell."""

HINT = "settings"
"""Names the hint, whatever its words."""


Warnings = Callable[[Message], Awaitable[Mapping[str, str]]]
"""What the author of a message should be warned of, by the names under which it is remembered that they were told."""


async def no_warnings(_message: Message) -> Mapping[str, str]:
    """Nothing to warn of."""
    return {}


@dataclass(frozen=True, slots=True)
class Asides:
    """What one person alone gets to see below an answer: problems with settings, and a hint that there are settings.

    Warnings come with them. `command` is what opens the settings; `is_direct` tells whether only one person and the bot
    are in a thread. What cannot be told is not told again.
    """

    platform: ChatPlatform
    notices: Notices
    preferences: Preferences
    command: str
    is_direct: Callable[[ThreadKey], bool]
    now: Now
    warnings: Warnings = no_warnings
    speaking_to: SpeakingTo = as_spoken

    async def tell(self, message: Message) -> None:
        """Tell the author of this message, which was answered just now, what they have not been told before."""
        try:
            async with asyncio.timeout(PATIENCE):
                for notice, text in (await self._known_to_us(message)).items():
                    if await self.notices.is_first(message.thread.workspace, message.author.id, notice, self.now()):
                        async with self.speaking_to(message.author.id):
                            await self.platform.whisper(message, say(text))
        except (BotError, TimeoutError) as error:
            log.warning("a person was not told something: %s: %s", type(error).__name__, error)
        except Exception:
            log.exception("a person was not told something")

    async def _known_to_us(self, message: Message) -> dict[str, str]:
        """What there is to tell, by the names under which it is remembered."""
        if not message.author.id:
            return {}
        thread = message.thread
        sheet = await self.preferences.sheet(thread.workspace, thread.channel, message.author.id, thread.root)
        hints = {HINT: f"You can choose the model and more with {self.command}."} if self.is_direct(thread) else {}
        return {problem: problem for problem in sheet.problems} | hints | dict(await self.warnings(message))
