"""Sentences in another language: known by themselves, or by their shape."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.language import Voice, say, speak, speaking, translated
from bot.domain.settings import Language

TEXTS = {
    "Stopped.": "Angehalten.",
    "thinking": "denkt nach",
    "It takes {time}.": "Es dauert {time}.",
    "{number} seconds": "{number} Sekunden",
    "{number} seconds of rest": "{number} Sekunden Ruhe",
    "searching: {query}": "sucht: {query}",
    "{names} and {name}": "{names} und {name}",
}


def german() -> Voice:
    return Voice({Language.DE: TEXTS}, Language.DE)


@pytest.mark.parametrize(
    ("english", "other"),
    [
        ("Stopped.", "Angehalten."),
        ("8 seconds", "8 Sekunden"),
        ("8 seconds of rest", "8 Sekunden Ruhe"),
        ("It takes 8 seconds.", "Es dauert 8 Sekunden."),
        ("It takes 8 hours.", "Es dauert 8 hours."),
        ("It takes long.", "It takes long."),
        ("Nobody has translated this, and why.", "Nobody has translated this, and why."),
    ],
)
def test_a_sentence_is_known_with_its_parts_in_it(english: str, other: str) -> None:
    assert translated(english, TEXTS) == other


@pytest.mark.parametrize("query", ["thinking", "Stopped.", "{number}", "searching: {query}", "a\nb"])
def test_what_others_wrote_is_never_translated(query: str) -> None:
    assert translated(f"searching: {query}", TEXTS) == f"sucht: {query}"


@given(st.text(), st.text())
def test_parts_are_put_in_as_they_are(names: str, name: str) -> None:
    assert translated("{names} and {name}", TEXTS, names=names, name=name) == f"{names} und {name}"
    assert translated("{names} or {name}", TEXTS, names=names, name=name) == f"{names} or {name}"


@given(st.text())
def test_any_text_is_a_sentence(text: str) -> None:
    assert translated(text, {}) == text
    assert isinstance(translated(text, TEXTS), str)


def test_without_a_voice_english_is_spoken() -> None:
    assert say("Stopped.") == "Stopped."
    assert say("{names} and {name}", names="`a`", name="`b`") == "`a` and `b`"


def test_a_voice_speaks_its_language_and_english_where_it_has_no_texts() -> None:
    with speaking(german()):
        assert say("Stopped.") == "Angehalten."
        speak(Language.FR)
        assert say("Stopped.") == "Stopped."
    assert say("Stopped.") == "Stopped."


async def test_tasks_that_have_begun_hear_of_a_new_language_and_other_replies_do_not() -> None:
    asked, told = asyncio.Event(), asyncio.Event()

    async def write() -> tuple[str, str]:
        first = say("thinking")
        asked.set()
        await told.wait()
        return first, say("thinking")

    with speaking(Voice({Language.DE: TEXTS})):
        writing = asyncio.create_task(write())
        await asked.wait()
        speak(Language.DE)
        told.set()
        assert await writing == ("thinking", "denkt nach")
    with speaking(Voice({Language.DE: TEXTS})):
        assert say("thinking") == "thinking"


def test_a_language_is_chosen_for_a_reply_and_never_for_everybody() -> None:
    with pytest.raises(LookupError):
        speak(Language.DE)
