"""What every store of feedback promises."""

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.records import Feedback, Verdict
from bot.ports import FeedbackStore
from bot.store.database import Database, open_database
from bot.store.feedback import SqliteFeedback
from tests.doubles.records import MemoryFeedback

GOOD = Feedback("T1", "C1", "1.5", "U1", Verdict.GOOD, at=10.0)


@dataclass
class Box:
    """A store, and a look into it."""

    store: FeedbackStore
    content: Callable[[], Awaitable[list[Feedback]]]


@pytest.fixture(params=["memory", "sqlite"])
async def box(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Box]:
    if request.param == "memory":
        memory = MemoryFeedback()

        async def content() -> list[Feedback]:
            return list(memory.verdicts.values())

        yield Box(memory, content)
    else:
        async with open_database(tmp_path, now=lambda: 0.0) as database:
            yield Box(SqliteFeedback(database), lambda: rows(database))


async def rows(database: Database) -> list[Feedback]:
    query = (
        "SELECT workspace, channel, answer, person AS user, verdict, given_at AS at, comment FROM feedback ORDER BY at"
    )

    def read(connection: sqlite3.Connection) -> list[dict[str, Any]]:
        cursor = connection.execute(query)
        return [dict(zip((column[0] for column in cursor.description), row, strict=True)) for row in cursor]

    return [Feedback(**{**row, "verdict": Verdict(row["verdict"])}) for row in await database.read(read)]


async def test_a_verdict_is_kept(box: Box) -> None:
    await box.store.keep(GOOD)
    assert await box.content() == [GOOD]


async def test_the_latest_verdict_counts(box: Box) -> None:
    await box.store.keep(GOOD)
    await box.store.keep(replace(GOOD, verdict=Verdict.BAD, at=11.0, comment="It is wrong."))
    assert await box.content() == [replace(GOOD, verdict=Verdict.BAD, at=11.0, comment="It is wrong.")]


async def test_a_verdict_without_a_comment_leaves_the_earlier_comment(box: Box) -> None:
    await box.store.keep(replace(GOOD, comment="Thanks!"))
    await box.store.keep(replace(GOOD, at=11.0))
    assert await box.content() == [replace(GOOD, at=11.0, comment="Thanks!")]
    await box.store.keep(replace(GOOD, at=12.0, comment=""))
    assert await box.content() == [replace(GOOD, at=12.0, comment="")]


@pytest.mark.parametrize("other", [{"user": "U2"}, {"answer": "2.5"}, {"channel": "C2"}, {"workspace": "T2"}])
async def test_each_person_judges_each_answer(box: Box, other: dict[str, str]) -> None:
    another = replace(GOOD, verdict=Verdict.BAD, at=11.0, **other)
    await box.store.keep(GOOD)
    await box.store.keep(another)
    assert await box.content() == [GOOD, another]
