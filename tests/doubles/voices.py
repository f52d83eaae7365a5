"""A bot that speaks German with everybody."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.domain.language import SpeakingTo, Texts, Voice, speaking
from bot.domain.settings import Language


def speaking_german(texts: Texts) -> SpeakingTo:
    """Says with these texts what is said to somebody."""

    @asynccontextmanager
    async def speaking_to(_person: str) -> AsyncIterator[None]:
        with speaking(Voice({Language.DE: texts}, Language.DE)):
            yield

    return speaking_to
