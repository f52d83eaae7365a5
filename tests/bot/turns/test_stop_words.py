"""Which messages are a wish to stop, and nothing else."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.conversation import Attachment
from bot.turns.stop_words import WORDS, is_stop_word
from tests.doubles.messages import person_writes


@pytest.mark.parametrize(
    "text", ["stop", "Stop!", "CANCEL", " stop. ", "…stop…", "Abbrechen", "停止。", "arre\u0302te"]
)
def test_a_single_word_is_understood(text: str) -> None:
    assert is_stop_word(person_writes(1, text))


@pytest.mark.parametrize(
    "text",
    ["", "!", "stop it", "stop?", "stopping", "don't stop", "stop\nstop", "stop @Ben", "@Ben stop", "s" * 10_000],
)
def test_anything_more_is_talk(text: str) -> None:
    assert not is_stop_word(person_writes(1, text))


def test_a_mention_after_the_word_counts_in_a_message_to_the_bot() -> None:
    assert is_stop_word(person_writes(1, "stop @chatgpt!", to_bot=True))


def test_a_word_below_a_file_is_about_the_file() -> None:
    file = Attachment("F1", "sign.png", "image/png", 8)
    assert not is_stop_word(replace(person_writes(1, "stop"), attachments=(file,)))


@given(st.sampled_from(sorted(WORDS)), st.sampled_from(["{}", "{}!", " {} ", "{}..."]))
def test_every_word_is_understood_however_it_is_written(word: str, form: str) -> None:
    assert is_stop_word(person_writes(1, form.format(word)))
    assert is_stop_word(person_writes(1, form.format(word.title())))


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    assert not is_stop_word(person_writes(1, f"why {text}"))
