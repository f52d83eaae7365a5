"""Numbers are shown as Excel shows them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.documents.numbers import PLAIN, Form, read_format, shown


@pytest.mark.parametrize(
    ("number", "code", "raw", "expected"),
    [
        (0, "", "0.1", "0.1"),
        (0, "", "0.30000000000000004", "0.3"),
        (0, "", "12345678901234", "12345678901234"),
        (0, "", "1E+2", "100"),
        (9, "", "0.125", "12%"),
        (10, "", "0.125", "12.50%"),
        (164, "0.0##%", "0.5", "50.000%"),
        (14, "", "45000", "2023-03-15"),
        (14, "", "59", "1900-02-28"),
        (14, "", "1", "1900-01-01"),
        (22, "", "45000.5", "2023-03-15 12:00:00"),
        (20, "", "0.75", "18:00:00"),
        (46, "", "1.5", "36:00:00"),
        (164, "[h]:mm", "2", "48:00:00"),
        (164, 'dd"day" mmm', "45000", "2023-03-15"),
        (164, "[$-409]d/m/yy h:mm", "45000.25", "2023-03-15 06:00:00"),
        (164, '#,##0 "days"', "7", "7"),
        (164, "[Red]0.00;[Blue]-0.00", "7.5", "7.5"),
        (164, "General", "7.5", "7.5"),
        (14, "", "-5", "-5"),
        (14, "", "9999999", "9999999"),
        (14, "", "words", "words"),
    ],
)
def test_a_number_is_shown_by_its_format(number: int, code: str, raw: str, expected: str) -> None:
    assert shown(raw, read_format(number, code)) == expected


def test_days_count_from_1904_where_the_workbook_says_so() -> None:
    assert shown("0", (Form.DATE, 0), from_1904=True) == "1904-01-01"


@given(st.floats(allow_nan=True, allow_infinity=True), st.integers(0, 70), st.text(max_size=12), st.booleans())
def test_no_number_and_no_format_can_fail(value: float, number: int, code: str, from_1904: bool) -> None:
    assert shown(repr(value), read_format(number, code), from_1904)


@given(st.floats(min_value=-1e12, max_value=1e12))
def test_plain_numbers_keep_fifteen_digits(value: float) -> None:
    assert math.isclose(float(shown(repr(value), PLAIN)), value, rel_tol=1e-14)
