"""What is taken out of a text, and which patterns an operator may add."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.redaction import LONGEST_PATTERN, Kind, PatternInvalid, Redaction, is_card, pattern_of

EVERYTHING = Redaction(frozenset(Kind))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("write to ann.o'neil+x@mail.example.co.uk.", "write to [e-mail]."),
        ("<ann@example.com>", "<[e-mail]>"),
        ("müller@köln.example", "[e-mail]"),
        ("card 4111 1111 1111 1111, please", "card [card], please"),
        ("4111-1111-1111-1111", "[card]"),
        ("378282246310005", "[card]"),
        ("call +49 (0)221 123456-78 now", "call [phone] now"),
        ("+1 415 555 2671", "[phone]"),
        ("0221/1234567", "[phone]"),
        ("(415) 555-2671", "[phone]"),
        ("0041 44 668 18 00", "[phone]"),
    ],
)
def test_what_is_recognised_is_named_by_its_kind(text: str, left: str) -> None:
    assert EVERYTHING(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "4111 1111 1111 1112",
        "0000000000000000",
        "2026-11-25 11:03:00",
        "build 20261125110300",
        "1,234,567.89",
        "3.14159265358979",
        "192.168.10.200",
        "@ann and @ben",
        "a@b",
        "v1.2.3-4567",
        "",
    ],
)
def test_other_numbers_and_words_are_left_alone(text: str) -> None:
    assert EVERYTHING(text) == text


def test_only_what_was_asked_for_is_taken_out() -> None:
    text = "ann@example.com +1 415 555 2671 4111111111111111 K-1234"
    assert Redaction()(text) == text
    assert not Redaction()
    assert Redaction(frozenset({Kind.CARD}))(text) == "ann@example.com +1 415 555 2671 [card] K-1234"
    assert Redaction(patterns=(re.compile(r"K-\d+"),))("K-1234 and K-5") == "[redacted] and [redacted]"


@given(st.lists(st.integers(0, 9), min_size=12, max_size=18))
def test_of_ten_numbers_that_differ_in_the_last_digit_one_is_a_card(digits: list[int]) -> None:
    number = "".join(map(str, digits))
    cards = [last for last in range(10) if is_card(f"{number}{last}")]
    assert len(cards) == (1 if any(digits) else 0)


@given(st.text(st.sampled_from("ab1 +-()@./\n0"), max_size=200))
def test_what_was_redacted_once_stays_as_it_is(text: str) -> None:
    assert EVERYTHING(EVERYTHING(text)) == EVERYTHING(text)


@pytest.mark.parametrize("piece", ["a", "1", "1 ", "a.", "a@", "@a.", "+1", "(0", "0-", "1-1 "])
def test_long_texts_take_no_longer_than_their_length_allows(piece: str) -> None:
    began = time.process_time()
    EVERYTHING(piece * (200_000 // len(piece)))
    assert time.process_time() - began < 2.0


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("(", "regular expressions"),
        ("a*", "empty"),
        ("(a+)+b", "for ever"),
        ("(?:a*)*b", "for ever"),
        ("(a{1,9}){2,}b", "for ever"),
        ("x" * (LONGEST_PATTERN + 1), "at most"),
    ],
)
def test_a_pattern_that_does_harm_is_refused(pattern: str, says: str) -> None:
    with pytest.raises(PatternInvalid, match=says):
        pattern_of(pattern)


def test_a_good_pattern_is_taken() -> None:
    assert pattern_of(r"\bK-\d{4}\b").search("K-1234")
