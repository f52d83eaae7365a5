"""What every store of usage promises."""

import dataclasses
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.records import Expense, Spending, Totals, Use
from bot.domain.usage import Usage
from bot.store.database import open_database
from bot.store.usage import SqliteUsage
from tests.doubles.records import MemoryUsage

EXPENSE = Expense("T1", "C1", "U1", "gpt", Usage(100, 60, 20), pictures=1, dollars=0.25, at=10.0)


@pytest.fixture(params=["memory", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[MemoryUsage | SqliteUsage]:
    if request.param == "memory":
        yield MemoryUsage()
    else:
        async with open_database(tmp_path, now=lambda: 0.0) as database:
            yield SqliteUsage(database)


async def test_who_was_never_answered_has_used_nothing(store: MemoryUsage | SqliteUsage) -> None:
    assert await store.totals("T1", "U1", since=0) == Totals()


async def test_answers_add_up_whatever_the_channel_and_the_model(store: MemoryUsage | SqliteUsage) -> None:
    await store.note(EXPENSE)
    await store.note(EXPENSE)
    await store.note(dataclasses.replace(EXPENSE, channel="C2", model="other", pictures=0, dollars=0.5))

    assert await store.totals("T1", "U1", since=0) == Totals(answers=3, pictures=2, tokens=360, dollars=1.0)


async def test_people_pay_for_themselves(store: MemoryUsage | SqliteUsage) -> None:
    await store.note(EXPENSE)

    assert await store.totals("T1", "U2", since=0) == Totals()
    assert await store.totals("T2", "U1", since=0) == Totals()


async def test_what_was_before_does_not_count(store: MemoryUsage | SqliteUsage) -> None:
    await store.note(EXPENSE)

    assert (await store.totals("T1", "U1", since=10)).answers == 1
    assert (await store.totals("T1", "U1", since=10.5)).answers == 0


async def test_what_is_old_is_forgotten(store: MemoryUsage | SqliteUsage) -> None:
    await store.note(EXPENSE)
    await store.note(dataclasses.replace(EXPENSE, at=20.0))

    assert await store.forget(before=20.0) == 1
    assert await store.forget(before=20.0) == 0
    assert (await store.totals("T1", "U1", since=0)).answers == 1


async def test_what_one_answer_cost_is_kept_as_a_whole_and_is_one_answer(store: MemoryUsage | SqliteUsage) -> None:
    drawn = dataclasses.replace(EXPENSE, model="painter", usage=Usage(5, 0, 440), dollars=0.5, answers=0)
    await store.note(dataclasses.replace(EXPENSE, pictures=0, usage=Usage(100, 60, 20, searches=2)), drawn)

    assert await store.totals("T1", "U1", since=0) == Totals(1, 1, 565, 0.75, searches=2)


async def test_uses_are_told_by_person_channel_and_model_the_most_expensive_first(
    store: MemoryUsage | SqliteUsage,
) -> None:
    elsewhere = dataclasses.replace(EXPENSE, workspace="T2")
    others = [
        dataclasses.replace(EXPENSE, user="U2", dollars=2.0),
        dataclasses.replace(EXPENSE, model="other", dollars=2.0),
    ]
    early, late = (dataclasses.replace(EXPENSE, at=at) for at in (9.9, 20.0))
    await store.note(EXPENSE, EXPENSE, *others, elsewhere, early, late)

    once = Totals(1, 1, 120, 2.0)
    assert await store.uses("T1", since=10, until=20) == (
        Use("U1", "C1", "other", once),
        Use("U2", "C1", "gpt", once),
        Use("U1", "C1", "gpt", Totals(2, 2, 240, 0.5)),
    )


NOON = datetime(2026, 11, 25, 12, tzinfo=UTC).timestamp()
DAY = 86_400.0


async def test_nothing_is_spent_at_first(store: MemoryUsage | SqliteUsage) -> None:
    assert await store.spending("T1", "C1", "U1", NOON) == Spending()


async def test_what_is_spent_counts_for_the_person_the_channel_and_everybody(store: MemoryUsage | SqliteUsage) -> None:
    today = dataclasses.replace(EXPENSE, at=NOON)
    await store.note(today)
    await store.note(dataclasses.replace(today, user="U2", dollars=0.5))
    await store.note(dataclasses.replace(today, channel="C2", dollars=1.0))
    await store.note(dataclasses.replace(today, workspace="T2", dollars=9.0))

    assert await store.spending("T1", "C1", "U1", NOON) == Spending(1.25, 0.75, 1.75, pictures=2)
    assert await store.spending("T1", "C2", "U2", NOON) == Spending(0.5, 1.0, 1.75, pictures=1)


async def test_dollars_are_those_of_the_month_and_pictures_those_of_the_day(store: MemoryUsage | SqliteUsage) -> None:
    for at in (NOON, NOON - DAY, NOON - 24.5 * DAY, NOON - 24.51 * DAY):
        await store.note(dataclasses.replace(EXPENSE, at=at))

    assert await store.spending("T1", "C1", "U1", NOON) == Spending(0.75, 0.75, 0.75, pictures=1)


async def test_what_is_spent_this_month_stays_when_older_days_are_forgotten(store: MemoryUsage | SqliteUsage) -> None:
    for at in (NOON, NOON - 40 * DAY):
        await store.note(dataclasses.replace(EXPENSE, at=at))

    assert await store.forget(before=NOON - 30 * DAY) == 1
    assert (await store.spending("T1", "C1", "U1", NOON)).person == 0.25
    assert (await store.spending("T1", "C1", "U1", NOON - 40 * DAY)).pictures == 0
