"""What a model may look up of people."""

import pytest

from bot.domain.conversation import Person, Profile
from bot.tools.people import NOBODY, described, person_finder
from tests.bot.tools.turns import turn_of
from tests.doubles.messages import person_writes

NOW = 1_700_000_000.0  # Tuesday, 2023-11-14 22:13:20 UTC
BEN = Person("B", "Ben", "Gardener", "Asia/Tokyo", 9 * 3600, "On holiday")
EVE = Person("E", "Eve")


async def find(who: str) -> tuple[Person, ...]:
    return {"Ben": (BEN,), "anybody": (BEN, EVE)}.get(who, ())


def profile(found: Profile | None):  # type: ignore[no-untyped-def]
    async def look(_identifier: str) -> Profile | None:
        return found

    return look


TURN = turn_of(person_writes(1, "Hello", who="Ben"), person_writes(2, "What time is it for Ben?"))


@pytest.mark.parametrize(
    ("person", "text"),
    [
        (
            BEN,
            "Name: Ben\nTitle: Gardener\nTime zone: Asia/Tokyo\nLocal time: Wednesday, 2023-11-15 07:13\n"
            "Status, in their own words: On holiday",
        ),
        (EVE, "Name: Eve"),
        (Person("X", "Xi", utc_offset=-3600), "Name: Xi\nLocal time: Tuesday, 2023-11-14 21:13"),
    ],
)
def test_what_is_not_shown_is_not_told(person: Person, text: str) -> None:
    assert described(person, NOW) == text


async def test_everybody_who_may_be_meant_is_told() -> None:
    function = person_finder(find, profile(Profile("T1")), lambda: NOW, TURN)
    assert (await function.run({"who": "anybody"})).split("\n\n") == [described(BEN, NOW), described(EVE, NOW)]
    assert await function.run({"who": "Nobody"}) == NOBODY
    assert function.status.foreign


@pytest.mark.parametrize("asker", [None, Profile("T1", is_guest=True), Profile("T2")])
async def test_guests_and_strangers_learn_of_those_who_write_here_alone(asker: Profile | None) -> None:
    function = person_finder(find, profile(asker), lambda: NOW, TURN)
    assert await function.run({"who": "anybody"}) == described(BEN, NOW)
