"""Tokens are estimated, on the safe side."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.tokens import estimate

COUNTED_WITH_O200K_BASE = {
    "All human beings are born free and equal in dignity and rights. They are endowed with reason.": 19,
    "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft begabt.": 23,
    "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw.": 26,
    "Все люди рождаются свободными и равными в своем достоинстве и правах.": 17,
    "人人生而自由,在尊严和权利上一律平等。他们赋有理性和良心,并应以兄弟关系的精神相对待。": 37,
    "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。": 35,
    "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.": 24,
    '{"id": 17, "tags": ["a", "b"], "price": {"amount": 12.5, "currency": "EUR"}, "active": true}': 37,
    "| name | size | price |\n|------|-----:|------:|\n| pen | 3 | 0.50 |\n| cup | 12 | 4.99 |\n": 38,
    "2026-11-21T03:14:15.926Z INFO [pid=5358] 10.0.17.7 GET /api/v1/items/42 200 97ms": 43,
    "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4f72b9807785afee48bb": 33,
    "H0D8ktokFpR1CXnubPWC8tXX0o4YM13gWrxU1FYOD1MC3lgM/VMgOZckdOtdoJzcZ4/kMh5uhxcsC8LTQTyXdQ==": 61,
    "😀🎉🚀 👩‍👩‍👧 ❤️🔥": 15,
}


@pytest.mark.parametrize(("text", "tokens"), COUNTED_WITH_O200K_BASE.items())
def test_an_estimate_is_hardly_ever_too_low_and_never_absurd(text: str, tokens: int) -> None:
    assert 0.9 * tokens <= estimate(text) <= 1.5 * tokens


@given(st.text(max_size=200))
def test_an_estimate_grows_with_the_text_and_never_exceeds_a_token_a_byte(text: str) -> None:
    assert 0 <= estimate(text) <= len(text.encode())
    assert estimate(text) <= estimate(text + text)
