"""The three time limits of an answer."""

import asyncio

import pytest

from bot.domain.errors import ModelStalled
from bot.openai.patience import Clocks, Patience

ENDLESS = 1e6


async def result() -> str:
    await asyncio.sleep(0)
    return "event"


async def test_a_step_in_time_has_its_result() -> None:
    assert await Clocks(Patience()).limit(result()) == "event"


@pytest.mark.parametrize(
    ("patience", "clock"),
    [
        (Patience(idle=0.01, progress=ENDLESS, total=ENDLESS), "idle"),
        (Patience(idle=ENDLESS, progress=0.01, total=ENDLESS), "progress"),
        (Patience(idle=ENDLESS, progress=ENDLESS, total=0.01), "total"),
    ],
)
async def test_the_shortest_limit_ends_the_wait(patience: Patience, clock: str) -> None:
    with pytest.raises(ModelStalled, match=f"the {clock} time limit has passed"):
        await Clocks(patience).limit(asyncio.Event().wait())


async def test_a_drawing_may_be_silent_for_longer() -> None:
    clocks = Clocks(Patience(idle=0.01, drawing=ENDLESS, progress=0.1, total=ENDLESS), drawing=True)
    with pytest.raises(ModelStalled, match="progress"):
        await clocks.limit(asyncio.Event().wait())
    clocks.drawing = False
    clocks.progressed()
    with pytest.raises(ModelStalled, match="idle"):
        await clocks.limit(asyncio.Event().wait())


async def test_a_long_patience_is_not_shortened_by_drawing() -> None:
    clocks = Clocks(Patience(idle=ENDLESS, drawing=0.001, progress=0.05, total=ENDLESS), drawing=True)
    with pytest.raises(ModelStalled, match="progress"):
        await clocks.limit(asyncio.Event().wait())


async def test_progress_starts_its_clock_again() -> None:
    clocks = Clocks(Patience(idle=ENDLESS, progress=0.05, total=ENDLESS))
    for _ in range(3):
        await asyncio.sleep(0.03)
        clocks.progressed()
    assert await clocks.limit(result()) == "event"


async def test_what_is_left_of_the_total_is_known() -> None:
    clocks = Clocks(Patience(total=60))
    assert clocks.leave(50)
    assert not clocks.leave(60)


async def test_a_cancelled_wait_is_no_stall() -> None:
    waiting = asyncio.create_task(Clocks(Patience()).limit(asyncio.Event().wait()))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_time_in_which_the_clocks_are_stopped_is_not_the_model_s() -> None:
    clocks = Clocks(Patience(idle=ENDLESS, progress=ENDLESS, total=0.05))
    with clocks.stopped():
        await asyncio.sleep(0.1)
    assert await clocks.limit(result()) == "event"
    with pytest.raises(ModelStalled, match="total"):
        await clocks.limit(asyncio.Event().wait())
