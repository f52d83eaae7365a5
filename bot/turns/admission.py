"""Decides whether a message is answered at all, before anything is read or paid for it."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.conversation import Message, ThreadKey
from bot.domain.errors import BotError
from bot.domain.language import SpeakingTo, as_spoken, say
from bot.ports import ChatPlatform, Notices, Now, ProfileOf
from bot.turns.limits import Limits
from bot.turns.policy import Policy, Refusal

log = logging.getLogger(__name__)

PATIENCE = 5.0
"""Seconds that a lane may be held up in order to tell somebody why there is no answer."""


@dataclass(frozen=True, slots=True)
class Admission:
    """The door: who may ask, and whether they may ask just now.

    `profile_of` is asked only where the ids of a message do not decide. Who may not ask is told once, privately, and
    only when they spoke to the bot; after that there is silence.
    """

    policy: Policy
    limits: Limits
    profile_of: ProfileOf
    platform: ChatPlatform
    notices: Notices
    is_direct: Callable[[ThreadKey], bool]
    now: Now
    speaking_to: SpeakingTo = as_spoken

    async def admits(self, message: Message) -> bool:
        """Whether the author of this message may talk to the bot here; tells them, if not."""
        refusal = await self.refusal(message)
        if refusal is None:
            return True
        if message.to_bot:
            log.info("not admitted: %s", refusal.name.lower())
            await self._tell(message, refusal)
        return False

    async def refusal(self, message: Message) -> Refusal | None:
        """Why the author of this message gets no answer."""
        thread, author = message.thread, message.author
        refusal = self.policy.by_ids(thread, author.id, is_direct=self.is_direct(thread))
        if refusal or not self.policy.needs_profile(thread, author.workspace):
            return refusal
        return self.policy.by_profile(thread, await self.profile_of(author.id))

    async def _tell(self, message: Message, refusal: Refusal) -> None:
        user, place = message.author.id, f"/{message.thread.channel}" if refusal is Refusal.CHANNEL else ""
        notice = f"refused/{refusal.name.lower()}{place}"
        try:
            async with asyncio.timeout(PATIENCE):
                # What passes by itself is worth telling each time.
                if refusal is Refusal.UNKNOWN or await self.notices.is_first(
                    message.thread.workspace, user, notice, self.now()
                ):
                    async with self.speaking_to(user):
                        await self.platform.whisper(message, say(refusal), is_answered=False)
        except (BotError, TimeoutError) as error:
            log.warning("a person was not told something: %s: %s", type(error).__name__, error)
