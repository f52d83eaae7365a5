"""What every store of settings promises."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.settings import Holder, Scope
from bot.ports import SettingsStore
from bot.store.database import open_database
from bot.store.settings import SqliteSettings
from tests.doubles.records import MemorySettings

ANN = Holder(Scope.USER, "T1", "U1")
ELSEWHERE = [
    Holder(Scope.USER, "T1", "U2"),
    Holder(Scope.USER, "T2", "U1"),
    Holder(Scope.CHANNEL, "T1", "U1"),
]


@pytest.fixture(params=["memory", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SettingsStore]:
    if request.param == "memory":
        yield MemorySettings()
    else:
        async with open_database(tmp_path, now=lambda: 0.0) as database:
            yield SqliteSettings(database)


async def test_nothing_was_made_for_a_new_holder(store: SettingsStore) -> None:
    assert await store.overrides((ANN, *ELSEWHERE)) == {holder: {} for holder in (ANN, *ELSEWHERE)}


async def test_what_was_made_is_kept_for_its_holder_alone(store: SettingsStore) -> None:
    await store.override(ANN, {"model": "gpt", "temperature": ""}, by="U1", at=5)

    overrides = await store.overrides((ANN, *ELSEWHERE))
    assert overrides[ANN] == {"model": "gpt", "temperature": ""}
    assert [overrides[holder] for holder in ELSEWHERE] == [{}, {}, {}]


async def test_only_what_is_named_changes(store: SettingsStore) -> None:
    await store.override(ANN, {"model": "old", "verbosity": "low", "top_p": "0.5"}, by="U1", at=5)
    await store.override(ANN, {"model": "new", "verbosity": None, "streaming": None}, by="U1", at=6)

    assert (await store.overrides((ANN,)))[ANN] == {"model": "new", "top_p": "0.5"}


async def test_people_who_change_different_settings_at_once_lose_nothing(store: SettingsStore) -> None:
    changes = {f"setting{number}": str(number) for number in range(50)}

    async with asyncio.TaskGroup() as group:
        for name, value in changes.items():
            group.create_task(store.override(ANN, {name: value}, by="U1", at=5))

    assert (await store.overrides((ANN,)))[ANN] == changes


async def test_clearing_takes_everything_of_one_holder(store: SettingsStore) -> None:
    for holder in (ANN, *ELSEWHERE):
        await store.override(holder, {"model": "gpt", "verbosity": "low"}, by="U1", at=5)
    await store.clear(ANN)

    overrides = await store.overrides((ANN, *ELSEWHERE))
    assert [len(overrides[holder]) for holder in (ANN, *ELSEWHERE)] == [0, 2, 2, 2]


async def test_it_is_known_what_anybody_has_chosen(store: SettingsStore) -> None:
    await store.override(ANN, {"model": "gpt", "verbosity": "low"}, by="U1", at=5)
    await store.override(ELSEWHERE[0], {"model": "gpt", "image_model": "painter"}, by="U2", at=5)
    await store.override(ELSEWHERE[1], {"model": "other"}, by="U1", at=5)

    assert await store.chosen("T1", ("model", "image_model")) == {"gpt", "painter"}
    assert await store.chosen("T1", ("top_p",)) == frozenset()


NAMES = st.sampled_from(["model", "verbosity", "instructions"])
CHANGES = st.dictionaries(NAMES, st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=20))


@given(st.lists(CHANGES, max_size=6))
def test_all_stores_agree(tmp_path_factory: pytest.TempPathFactory, changes: list[dict[str, str | None]]) -> None:
    async def outcome() -> list[object]:
        async with open_database(tmp_path_factory.mktemp("data"), now=lambda: 0.0) as database:
            seen: list[object] = []
            for store in (MemorySettings(), SqliteSettings(database)):
                for change in changes:
                    await store.override(ANN, change, by="U1", at=5)
                seen.append(await store.overrides((ANN,)))
            return seen

    in_memory, in_sqlite = asyncio.run(outcome())
    assert in_memory == in_sqlite
