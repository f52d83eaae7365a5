"""What counts as a character."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.markup.characters import LARGEST, fitting, size, whole_before


@pytest.mark.parametrize(
    ("text", "counted"), [("", 0), ("abc", 3), ("é", 2), ("漢", 3), ("😀", 4), ("&", 5), ("<>", 8), ("\ud83d", 3)]
)
def test_size_counts_escaped_bytes(text: str, counted: int) -> None:
    assert size(text) == counted


@given(st.text(), st.text())
def test_sizes_add_up_and_stay_below_the_largest(first: str, second: str) -> None:
    assert size(first + second) == size(first) + size(second) <= LARGEST * len(first + second)


@given(st.text(), st.integers(-3, 200))
def test_what_fits_is_as_long_as_it_can_be(text: str, room: int) -> None:
    length = fitting(text, room)
    assert length == 0 or size(text[:length]) <= room
    assert length == len(text) or size(text[: length + 1]) > room


@pytest.mark.parametrize(
    "cluster",
    [
        "e\u0301",
        "\r\n",
        "👩\u200d💻",
        "👍🏽",
        "🇩🇪",
        "❤\ufe0f",
        "\ud83d\ude00",
        "\u1112\u1161\u11ab",
        "👩🏽\u200d🚀",
        "🏴\U000e0067",
    ],
)
def test_what_people_see_as_one_character_stays_whole(cluster: str) -> None:
    text = f"a{cluster}b"
    places = [whole_before(text, place) for place in range(len(text) + 1)]
    assert places == [0, *[1] * len(cluster), 1 + len(cluster), 2 + len(cluster)]


def test_flags_are_told_apart_in_a_long_row() -> None:
    flags = "🇩🇪" * 100
    assert [whole_before(flags, place) for place in (198, 199, 200)] == [198, 198, 200]


def test_a_stack_of_marks_without_end_is_divided() -> None:
    assert whole_before("e" + "\u0301" * 500, 300) == 300
