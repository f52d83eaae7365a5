"""Places as an operator writes them."""

import pytest

from config.places import place
from config.variables import VariableInvalid


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", {}),
        ("DE", {"country": "DE"}),
        ("DE, Berlin, Europe/Berlin", {"country": "DE", "city": "Berlin", "timezone": "Europe/Berlin"}),
        (" Region = Bavaria ,city=Hof,", {"region": "Bavaria", "city": "Hof"}),
        (
            "New York, US, America/Argentina/La_Rioja",
            {
                "city": "New York",
                "country": "US",
                "timezone": "America/Argentina/La_Rioja",
            },
        ),
    ],
)
def test_the_parts_of_a_place_are_told_apart(text: str, found: dict[str, str]) -> None:
    assert place(text) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("XX", "two letters of ISO 3166, not XX"),
        ("country=Germany", "not Germany"),
        ("Berlin, Hof", "must be a place such as"),
        ("planet=Mars", "must be a place such as"),
        ("city=", "must be a place such as"),
        ("x" * 101, "must be a place such as"),
        ("timezone=Berlin", "must name a time zone"),
        ("here/now!", "must name a time zone"),
    ],
)
def test_an_operator_is_told_what_is_wrong(text: str, words: str) -> None:
    with pytest.raises(VariableInvalid, match=words):
        place(text)
