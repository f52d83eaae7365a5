"""A long life leaves nothing behind: a short one here, the long one is `make age`."""

from pathlib import Path

import pytest

from tests.stories.ageing import live
from tests.stories.growth import Sample, growing, table

TURNS, SAMPLES = 120, 4
ROWS_OF_A_TURN = 8


async def test_what_a_daemon_holds_does_not_grow_with_its_turns(tmp_path: Path) -> None:
    life = await live(TURNS, tmp_path, samples=SAMPLES)
    assert growing(life.samples, ("open_files", "threads", "children", "tasks", "lanes")) == [], table(life.samples)
    assert life.samples[-1].rows <= ROWS_OF_A_TURN * TURNS


def life_of(*memory: int) -> list[Sample]:
    return [Sample(number, each, 40, 6, 1, 15, 0, 100, 90, 4_000, 3) for number, each in enumerate(memory)]


@pytest.mark.parametrize(
    ("memory", "found"),
    [
        ((60_000, 90_000, 90_000, 90_000, 90_000, 90_000, 90_000, 90_000), []),
        ((60_000, 90_000, 90_000, 91_000, 92_000, 93_000, 94_000, 95_000), []),
        (
            (60_000, 70_000, 80_000, 90_000, 100_000, 110_000, 120_000, 130_000),
            ["memory has grown from 85000 to 125000"],
        ),
        ((60_000, 90_000, 90_000, 90_000, 900_000, 90_000, 90_000, 90_000), []),
    ],
)
def test_a_leak_is_told_from_a_beginning_and_from_a_peak(memory: tuple[int, ...], found: list[str]) -> None:
    assert growing(life_of(*memory)) == found


def test_the_table_shows_what_is_compared() -> None:
    last = table(life_of(1_000, 2_000, 3_000, 4_000)).splitlines()[-2:]
    assert [line.split()[:2] for line in last] == [["second", "2000"], ["last", "4000"]]
