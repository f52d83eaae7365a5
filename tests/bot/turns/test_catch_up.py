"""When the bot was not there, and what it does about it: on a clock that jumps."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from bot.domain.errors import BotError
from bot.turns.catch_up import Attendance
from tests.doubles.clock import run_virtually, virtual_now

MORNING = 1_000_000.0
"""When each test begins, in seconds since the epoch."""

HOUR = 3_600.0


@dataclass(slots=True)
class Day:
    """A line that can be cut, a memory that can be full, and a platform that notes from when it was looked through."""

    noted: float | None = None
    line: bool = True
    is_full: bool = False
    asked: list[float] = field(default_factory=list)
    failures: int = 0
    takes: float = 0.0

    async def heard_until(self) -> float | None:
        return self.noted

    async def note(self, at: float) -> None:
        if self.is_full:
            raise BotError("the disk is full")
        self.noted = at

    async def catch_up(self, beginning: float) -> None:
        self.asked.append(beginning - MORNING)
        await asyncio.sleep(self.takes)
        if self.failures:
            self.failures -= 1
            raise BotError("Slack does not answer")

    def live(self, events: Callable[[], Awaitable[None]], max_age: float = HOUR) -> None:
        """Let the bot attend while these events happen."""

        async def attend() -> None:
            attendance = Attendance(self, lambda: self.line, self.catch_up, max_age, lambda: MORNING + virtual_now())
            attending = asyncio.create_task(attendance.run())
            await events()
            attending.cancel()
            await asyncio.wait({attending})

        run_virtually(attend())


async def nothing() -> None:
    await asyncio.sleep(100)


def test_the_first_start_has_missed_nothing_and_is_noted_to_its_last_second() -> None:
    day = Day()
    day.live(nothing)
    assert day.asked == []
    assert day.noted == MORNING + 100


def test_a_life_of_a_moment_is_noted_too() -> None:
    day = Day(line=False)

    async def the_line_stands_just_before_the_end() -> None:
        await asyncio.sleep(0.5)
        day.line = True

    day.live(the_line_stands_just_before_the_end)
    assert day.noted == MORNING + 0.5


def test_a_life_of_a_moment_leaves_what_was_missed_to_the_next_process() -> None:
    day = Day(noted=MORNING - 10, line=False)

    async def the_line_stands_just_before_the_end() -> None:
        await asyncio.sleep(0.5)
        day.line = True

    day.live(the_line_stands_just_before_the_end)
    assert day.noted == MORNING - 10


@pytest.mark.parametrize("away", [5.0, 600.0])
def test_a_start_catches_up_however_short_the_absence_was(away: float) -> None:
    day = Day(noted=MORNING - away)
    day.live(nothing)
    assert day.asked == [-away - 60]
    assert day.noted == MORNING + 100


def test_what_is_too_old_is_left_alone() -> None:
    day = Day(noted=MORNING - 10 * HOUR)
    day.live(nothing)
    assert day.asked == [-HOUR]


def test_an_age_of_nothing_switches_it_off() -> None:
    day = Day(noted=MORNING - HOUR)
    day.live(nothing, max_age=0)
    assert day.asked == []


@pytest.mark.parametrize(("seconds", "asked"), [(0.5, [1 - 60.0]), (25, [1 - 60.0]), (90, [0 - 60.0])])
def test_any_gap_of_the_line_is_caught_up_with(seconds: float, asked: list[float]) -> None:
    day = Day()

    async def the_line_breaks() -> None:
        await asyncio.sleep(1.1)
        day.line = False
        await asyncio.sleep(seconds)
        day.line = True
        await asyncio.sleep(100)

    day.live(the_line_breaks)
    assert day.asked == asked


def test_nothing_is_looked_up_before_the_line_stands() -> None:
    day = Day(noted=MORNING - 10, line=False)

    async def still_waiting() -> None:
        await asyncio.sleep(500)
        assert day.asked == []
        assert day.noted == MORNING - 10

    day.live(still_waiting)
    assert day.noted == MORNING - 10


def test_a_full_disk_leaves_a_gap_too() -> None:
    day = Day()

    async def the_disk_fills() -> None:
        await asyncio.sleep(45)
        day.is_full = True
        await asyncio.sleep(300)
        day.is_full = False
        await asyncio.sleep(300)

    day.live(the_disk_fills)
    assert day.asked
    assert day.asked[0] == 30 - 60


def test_what_fails_is_tried_again_and_the_note_waits_for_it() -> None:
    day = Day(noted=MORNING - 10, failures=2)

    async def trouble() -> None:
        await asyncio.sleep(100)
        assert day.noted == MORNING - 10
        await asyncio.sleep(200)
        assert day.asked == [-70, -70, -70]

    day.live(trouble)
    assert day.noted == MORNING + 300


def test_an_end_in_the_middle_leaves_the_gap_to_the_next_process() -> None:
    day = Day(noted=MORNING - 10, takes=500)
    day.live(nothing)
    assert day.noted == MORNING - 10


def test_a_gap_that_opens_while_another_is_being_closed_is_closed_after_it() -> None:
    day = Day(noted=MORNING - 10, takes=400)

    async def the_line_breaks() -> None:
        await asyncio.sleep(31)
        day.line = False
        await asyncio.sleep(100)
        day.line = True
        await asyncio.sleep(900)

    day.live(the_line_breaks)
    assert day.asked == [-70, 30 - 60]
    assert day.noted == MORNING + 1031
