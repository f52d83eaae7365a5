"""With whom the bot speaks which language."""

import asyncio

import pytest

from bot.domain.conversation import Profile
from bot.domain.errors import BotError
from bot.domain.language import say
from bot.domain.models import ModelInfo
from bot.domain.settings import Holder, Language, Scope, Settings
from bot.turns import voices as voices_module
from bot.turns.preferences import Preferences
from bot.turns.voices import Voices
from tests.doubles.records import MemorySettings

ANN = Holder(Scope.USER, "T1", "U1")
TEXTS = {Language.DE: {"Stopped.": "Angehalten."}, Language.FR: {"Stopped.": "Arrêté."}}


def voices(store: MemorySettings, locale: str | None = "en-US", default: Language = Language.ES) -> Voices:
    async def profile_of(_user: str) -> Profile | None:
        return None if locale is None else Profile("T1", locale=locale)

    return Voices(TEXTS, Preferences(store, Settings(language=default), ModelInfo, lambda: 0.0), profile_of, "T1")


@pytest.mark.parametrize(
    ("chosen", "locale", "language"),
    [
        ({"language": "fr"}, "de-DE", Language.FR),
        ({"verbosity": "low"}, "de-DE", Language.DE),
        ({}, "fr-FR", Language.FR),
        ({}, "en-GB", Language.EN),
        ({}, "DE", Language.DE),
        ({}, "it-IT", Language.ES),
        ({}, "", Language.ES),
        ({}, None, Language.ES),
    ],
)
async def test_what_somebody_chose_comes_before_the_language_of_their_app_and_that_before_the_default(
    chosen: dict[str, str], locale: str | None, language: Language
) -> None:
    assert await voices(MemorySettings({ANN: chosen}), locale).language_of("U1") is language


async def test_what_a_channel_chose_is_for_its_threads() -> None:
    store = MemorySettings({Holder(Scope.CHANNEL, "T1", "C1"): {"language": "fr"}})
    assert await voices(store, "de-DE").language_of("U1") is Language.DE


async def test_where_settings_cannot_be_read_the_app_decides() -> None:
    store = MemorySettings({ANN: {"language": "fr"}})
    store.broken = BotError("the disk is full")
    assert await voices(store, "de-DE").language_of("U1") is Language.DE


async def test_a_language_that_takes_long_to_find_out_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(_user: str) -> Profile | None:
        await asyncio.Event().wait()
        return None

    monkeypatch.setattr(voices_module, "PATIENCE", 0.01)
    slow = Voices(TEXTS, voices(MemorySettings()).preferences, never, "T1")
    assert await slow.language_of("U1") is Language.ES


async def test_each_person_is_spoken_to_in_their_own_language_and_nobody_in_that_of_the_organisation() -> None:
    german = voices(MemorySettings(), "de-DE", Language.FR)
    async with german.speaking_to("U1"):
        first = say("Stopped.")
        async with german.speaking_to(""):
            second = say("Stopped.")
        third = say("Stopped.")
    assert (first, second, third, say("Stopped.")) == ("Angehalten.", "Arrêté.", "Angehalten.", "Stopped.")
    assert german.in_threads().language is Language.FR
