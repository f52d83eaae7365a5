"""In which language the bot speaks with a person when nobody else listens: in forms, on the home tab, aside."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from bot.domain.errors import BotError
from bot.domain.language import Texts, Voice, speaking
from bot.domain.settings import Language, Scope
from bot.ports import ProfileOf
from bot.turns.preferences import Preferences

log = logging.getLogger(__name__)

PATIENCE = 0.5
"""Seconds to find a language out: a form has to open within three."""


@dataclass(frozen=True, slots=True)
class Voices:
    """Makes what sentences are said with; `workspace` is that of the people."""

    texts: Mapping[Language, Texts]
    preferences: Preferences
    profile_of: ProfileOf
    workspace: str

    def in_threads(self) -> Voice:
        """For a reply, until the settings of its thread are known."""
        return Voice(self.texts, self.preferences.defaults.language)

    @asynccontextmanager
    async def speaking_to(self, user: str) -> AsyncIterator[None]:
        """Inside, the bot speaks with this person; with somebody without an id as everywhere."""
        with speaking(Voice(self.texts, await self.language_of(user))):
            yield

    async def language_of(self, user: str) -> Language:
        """The language that this person has chosen; else that of their app, if there are texts; else the default."""
        if user:
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    return await self._chosen(user) or await self._of_app(user) or self.preferences.defaults.language
        return self.preferences.defaults.language

    async def _chosen(self, user: str) -> Language | None:
        try:
            sheet = await self.preferences.sheet(self.workspace, "", user)
        except BotError as error:
            log.info("a chosen language is not known: %s", error)
            return None
        return sheet.settings.language if sheet.origins["language"] is Scope.USER else None

    async def _of_app(self, user: str) -> Language | None:
        profile = await self.profile_of(user)
        tag = profile.locale.partition("-")[0].lower() if profile else ""
        return next((language for language in Language if language == tag), None)
