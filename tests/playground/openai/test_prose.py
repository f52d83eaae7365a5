"""Long Markdown to order."""

import re

from hypothesis import given
from hypothesis import strategies as st

from playground.openai.prose import prose


@given(st.integers(min_value=0, max_value=20_000))
def test_has_exactly_the_length_that_was_ordered(characters: int) -> None:
    text = prose(characters)
    assert len(text) == characters
    assert text == text.rstrip()
    assert text.count("```") % 2 == 0


def test_has_everything_that_is_hard_to_split() -> None:
    text = prose(30_000)
    for mark in ("```python", "|---|", "## Part", "    - Detail", "> Sentence"):
        assert text.count(mark) > 3


def test_every_sentence_has_its_own_number() -> None:
    numbers = re.findall(r"Sentence (\d+)", prose(30_000))
    assert len(numbers) == len(set(numbers)) > 100
