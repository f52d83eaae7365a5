"""What every memory of notices promises."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.ports import Notices
from bot.store.database import open_database
from bot.store.notices import SqliteNotices
from tests.doubles.records import MemoryNotices


@pytest.fixture(params=["memory", "sqlite"])
async def notices(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Notices]:
    if request.param == "memory":
        yield MemoryNotices()
    else:
        async with open_database(tmp_path, now=lambda: 0.0) as database:
            yield SqliteNotices(database)


async def test_a_notice_is_first_once(notices: Notices) -> None:
    assert await notices.is_first("T1", "U1", "hint", at=1)
    assert not await notices.is_first("T1", "U1", "hint", at=2)


async def test_everybody_and_every_notice_has_a_first_time(notices: Notices) -> None:
    await notices.is_first("T1", "U1", "hint", at=1)
    assert await notices.is_first("T2", "U1", "hint", at=1)
    assert await notices.is_first("T1", "U2", "hint", at=1)
    assert await notices.is_first("T1", "U1", "problem", at=1)


async def test_of_many_who_ask_at_once_one_is_first(notices: Notices) -> None:
    answers = await asyncio.gather(*(notices.is_first("T1", "U1", "hint", at=1) for _ in range(50)))
    assert answers.count(True) == 1


async def test_what_is_taken_back_is_first_once_more_and_nothing_else_is(notices: Notices) -> None:
    for user in ("U1", "U2"):
        await notices.is_first("T1", user, "hint", at=1)
    await notices.take_back("T1", "U1", "hint")
    await notices.take_back("T1", "U1", "never told")
    assert await notices.is_first("T1", "U1", "hint", at=2)
    assert not await notices.is_first("T1", "U1", "hint", at=3)
    assert not await notices.is_first("T1", "U2", "hint", at=3)
