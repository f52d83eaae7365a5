"""Pauses of the event loop are found, and belong to what was under way."""

import asyncio
import time
from pathlib import Path

import pytest

from benchmarks import document_files, pauses
from benchmarks.pauses import longest, measure_pauses, noise, read_pauses
from benchmarks.ticking_bot import tick
from tests.doubles.until import until

HELD_UP = 0.05


async def test_a_loop_that_is_held_up_is_found_out(tmp_path: Path) -> None:
    file = tmp_path / "pauses"
    ticking = asyncio.create_task(tick(file))
    await until(file.exists)
    began = time.monotonic()
    time.sleep(HELD_UP)  # noqa: ASYNC251 - which is what must not happen in the bot
    await until(lambda: "\n" in file.read_text())
    found = read_pauses(file.read_text().splitlines())
    ticking.cancel()
    assert longest(found, began, time.monotonic()) >= HELD_UP - 0.002


@pytest.mark.parametrize(
    ("begin", "end", "expected"), [(0, 1, 0), (0, 2.1, 0.5), (2.2, 2.3, 0.5), (2.6, 9, 0.1), (0, 9, 0.5), (6, 9, 0)]
)
def test_a_pause_counts_where_it_lies_at_least_in_part(begin: float, end: float, expected: float) -> None:
    assert longest([(2.5, 0.5), (5.0, 0.1)], begin, end) == expected


def test_the_picture_is_as_large_as_is_told() -> None:
    assert 3 * 100 * 100 < len(noise(100)) < 3.1 * 100 * 100


async def test_the_real_bot_is_measured_with_files_that_it_can_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_files, "PAGES", 2)
    for name, value in (("_EDGE", 50), ("_ROUNDS", 1), ("_IDLE", 0.0), ("_SETTLING", 0.0)):
        monkeypatch.setattr(pauses, name, value)
    figures = await measure_pauses()
    assert [(figure.unit, figure.target is not None) for figure in figures] == [
        ("ms", False),
        ("ms", True),
        ("ms", True),
    ]
