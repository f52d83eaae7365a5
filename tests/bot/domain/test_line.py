"""A line: places in the order of asking, and numbers that people can trust."""

import asyncio
from contextlib import ExitStack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import LineClosed
from bot.domain.line import Line, Spot
from bot.domain.reply import THINKING, StatusChange


def number(count: int) -> StatusChange:
    return StatusChange(f"waiting: you are number {count} in line")


async def waits(spot: Spot, told: list[StatusChange]) -> None:
    async for status in spot.statuses():
        told.append(status)  # noqa: PERF401 - each as it comes


async def test_who_finds_a_free_place_is_told_nothing() -> None:
    with Line(1).spot() as spot:
        assert [status async for status in spot.statuses()] == []


async def test_who_waits_is_told_each_step_and_then_what_goes_on() -> None:
    line, told = Line(1), list[StatusChange]()
    with ExitStack() as first, ExitStack() as second, line.spot() as third:
        # Entered after the third, they stand behind it; so they are made to stand before it here.
        line.leave(third)
        first.enter_context(line.spot())
        second.enter_context(line.spot())
        line.join(third)
        waiting = asyncio.create_task(waits(third, told))
        await asyncio.sleep(0)
        for leaving in (first, second):
            leaving.close()
            await asyncio.sleep(0)
        await waiting
    assert told == [number(2), number(1), THINKING]


async def test_who_gives_up_lets_the_others_move_up() -> None:
    line, told = Line(1), list[StatusChange]()
    with line.spot(), line.spot() as second, line.spot() as third:
        waiting = asyncio.create_task(waits(third, told))
        await asyncio.sleep(0)
        line.leave(second)
        await asyncio.sleep(0)
        assert (told, line.waiting) == ([number(2), number(1)], 1)
        waiting.cancel()
    assert line.waiting == 0


async def test_a_long_line_does_not_tell_every_step() -> None:
    line, told = Line(1), list[StatusChange]()
    with ExitStack() as before:
        others = [before.enter_context(line.spot()) for _ in range(24)]
        with line.spot() as last:
            waiting = asyncio.create_task(waits(last, told))
            for other in others:
                await asyncio.sleep(0)
                line.leave(other)
            await waiting
    assert told == [*map(number, (24, 20, *range(10, 0, -1))), THINKING]


async def test_when_a_line_closes_who_waits_is_turned_away_and_who_has_a_place_keeps_it() -> None:
    line, told = Line(1), list[StatusChange]()
    with line.spot() as first:
        with line.spot() as second, line.spot() as late:
            waiting = asyncio.create_task(waits(second, told))
            await asyncio.sleep(0)
            line.close()
            (error,) = await asyncio.gather(waiting, return_exceptions=True)
            assert isinstance(error, LineClosed)
            with pytest.raises(LineClosed):
                await waits(late, told)
        with pytest.raises(LineClosed), line.spot():
            pass
        assert (first.number, told, line.waiting) == (0, [number(1)], 0)
    with line.spot() as newcomer:
        assert newcomer.number == 0


async def test_who_leaves_for_a_while_waits_for_a_place_again() -> None:
    line = Line(1)
    with line.spot() as spot:
        async with spot.left():
            assert [spot.number] == [None]
            with line.spot() as other:
                assert other.number == 0
        assert spot.number == 0
    with line.spot() as spot:
        assert spot.number == 0


async def test_who_is_disturbed_while_away_does_not_wait_for_the_place() -> None:
    line, other = Line(1), ExitStack()

    async def disturbed() -> None:
        with line.spot() as spot:
            async with spot.left():
                other.enter_context(line.spot())
                raise ZeroDivisionError

    (error,) = await asyncio.gather(disturbed(), return_exceptions=True)
    assert isinstance(error, ZeroDivisionError)
    assert line.waiting == 0
    other.close()
    with line.spot() as spot:
        assert spot.number == 0


@given(places=st.integers(1, 4), steps=st.lists(st.tuples(st.booleans(), st.integers(0, 20)), max_size=60))
def test_places_are_never_lost_and_always_go_to_who_asked_first(places: int, steps: list[tuple[bool, int]]) -> None:
    line, inside = Line(places), list[Spot]()
    for joins, which in steps:
        if joins or not inside:
            spot = line.spot()
            line.join(spot)
            inside.append(spot)
        else:
            line.leave(inside.pop(which % len(inside)))
        numbers = [spot.number for spot in inside]
        assert numbers == [max(0, place - places + 1) for place in range(len(inside))]
        assert line.waiting == max(0, len(inside) - places)
