"""How things stand when somebody asks."""

import asyncio
import math
from collections.abc import Awaitable, Callable

import pytest
from prometheus_client import CollectorRegistry

from bot.domain.errors import BotError
from bot.domain.line import Line
from bot.domain.records import Backlog
from bot.monitor import readings as readings_module
from bot.monitor.health import Checkup
from bot.monitor.pulse import Pulse
from bot.monitor.readings import Exposition, Readings
from tests.bot.monitor.figures import Figures, figures_in


async def writes() -> None:
    pass


def exposition(backlog: Callable[[], Awaitable[Backlog]], sockets: Callable[[], int] = lambda: 2) -> Exposition:
    readings = Readings(
        checkup=Checkup(Pulse(), sockets, writes, lambda: True),
        slack_calls_waiting=lambda: 3,
        lanes=lambda: 4,
        lines={"turns": Line(1)},
        backlog=backlog,
        now=lambda: 1_000.0,
    )
    return Exposition(CollectorRegistry(), readings)


async def three_wait() -> Backlog:
    return Backlog(3, 940.0)


async def figures(page: Exposition) -> Figures:
    return figures_in((await page.page()).decode())


async def test_what_is_stands_on_the_page() -> None:
    found = await figures(exposition(three_wait))
    assert found.pop("chatgpt_in_line") == {("turns",): 0}
    assert {name: value[()] for name, value in found.items() if name.startswith("chatgpt_")} == {
        "chatgpt_sockets": 2,
        "chatgpt_model_up": 1,
        "chatgpt_slack_calls_waiting": 3,
        "chatgpt_lanes": 4,
        "chatgpt_loop_lag_seconds": 0,
        "chatgpt_tasks": len(asyncio.all_tasks()),
        "chatgpt_journal_waiting": 3,
        "chatgpt_journal_oldest_seconds": 60,
    }
    assert found["process_resident_memory_bytes"][()] > 1_000_000
    assert found["process_open_fds"][()] > 0


async def test_it_is_read_anew_each_time() -> None:
    sockets = [2]
    page = exposition(three_wait, lambda: sockets[0])
    assert (await figures(page))["chatgpt_sockets"] == {(): 2}
    sockets[0] = 0
    assert (await figures(page))["chatgpt_sockets"] == {(): 0}


async def test_an_empty_journal_has_no_oldest_message() -> None:
    async def nothing_waits() -> Backlog:
        return Backlog()

    found = await figures(exposition(nothing_waits))
    assert found["chatgpt_journal_waiting"] == found["chatgpt_journal_oldest_seconds"] == {(): 0}


@pytest.mark.parametrize("hangs", [True, False])
async def test_a_journal_that_does_not_answer_leaves_a_gap_and_the_rest(
    hangs: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readings_module, "LONGEST_LOOK", 0.05)

    async def trouble() -> Backlog:
        if hangs:
            await asyncio.Event().wait()
        raise BotError("the disk is gone")

    found = await figures(exposition(trouble))
    assert math.isnan(found["chatgpt_journal_waiting"][()])
    assert math.isnan(found["chatgpt_journal_oldest_seconds"][()])
    assert found["chatgpt_sockets"] == {(): 2}
