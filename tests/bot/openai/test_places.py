"""Who asks holds a place, and leaves it while there is nothing to ask."""

import asyncio

import pytest

from bot.openai.places import Place


async def test_a_place_that_is_left_is_somebody_else_s_for_a_while() -> None:
    places = asyncio.Semaphore(1)
    async with Place(places) as place:
        assert places.locked()
        async with place.left(), Place(places):
            pass
        assert places.locked()
    assert not places.locked()


async def test_who_is_disturbed_while_away_does_not_wait_for_the_place() -> None:
    places = asyncio.Semaphore(1)
    with pytest.raises(ZeroDivisionError):
        async with Place(places) as place, place.left():
            await places.acquire()
            raise ZeroDivisionError
    assert places.locked()
    places.release()
    assert not places.locked()
