"""From every schema that was released to the newest: nothing is lost, and there is a way back."""

import logging
import resource
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot.store.backup import FOLDER, Backups
from bot.store.database import open_database
from bot.store.errors import StoreUnavailable
from bot.store.migrations import Migration, migrations
from tests.bot.store.released import lost, released, restore, rows_of, without_rows
from tests.doubles.clock import StillClock

NEWEST = len(migrations())
OLDER = range(1, NEWEST)
BROKEN = Migration(NEWEST + 1, f"{NEWEST + 1:03}_broken.sql", "CREATE TABLE more (id INTEGER) STRICT; broken;")


async def upgrade(folder: Path, schema: tuple[Migration, ...] = migrations()) -> None:
    async with open_database(folder, lambda: 1_795_600_000.0, schema):
        pass


def copies(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / FOLDER).glob("*"))


def test_there_is_a_dump_of_every_schema_with_rows_in_every_table(tmp_path: Path) -> None:
    assert list(released()) == [migration.number for migration in migrations()], "see tests/bot/store/released.py"
    for schema in released():
        restore(schema, tmp_path / f"{schema}.db")
        assert without_rows(rows_of(tmp_path / f"{schema}.db")) == []


@pytest.mark.parametrize("schema", released())
async def test_no_row_is_lost_on_the_way_to_the_newest_schema(schema: int, tmp_path: Path) -> None:
    restore(schema, tmp_path / "bot.db")
    before = rows_of(tmp_path / "bot.db")

    await upgrade(tmp_path)

    after = rows_of(tmp_path / "bot.db")
    assert lost(before, after) == []
    assert [row["number"] for row in after["schema_version"]] == list(range(1, NEWEST + 1))


@pytest.mark.parametrize("schema", released())
async def test_it_ends_where_a_new_database_begins(schema: int, tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    restore(schema, old / "bot.db")

    await upgrade(old)
    await upgrade(new)

    assert shape(old / "bot.db") == shape(new / "bot.db")


def shape(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as database:
        shapes = "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name"
        return [(name, " ".join(sql.split())) for name, sql in database.execute(shapes)]


@pytest.mark.parametrize("schema", OLDER)
async def test_everything_is_copied_before_a_schema_changes(
    schema: int, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    restore(schema, tmp_path / "bot.db")
    before = rows_of(tmp_path / "bot.db")

    await upgrade(tmp_path)

    (name,) = copies(tmp_path)
    copy = tmp_path / FOLDER / name
    assert name == f"before-schema-{schema + 1}.sqlite"
    assert name in caplog.text
    assert rows_of(copy) == before
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


async def test_what_is_new_or_up_to_date_is_not_copied(tmp_path: Path) -> None:
    await upgrade(tmp_path)
    await upgrade(tmp_path)

    assert copies(tmp_path) == []


async def test_the_copy_outlives_those_of_each_night(tmp_path: Path) -> None:
    restore(1, tmp_path / "bot.db")
    await upgrade(tmp_path)

    clock = StillClock(1_795_600_000.0)
    for _ in range(5):
        await Backups(tmp_path, 1, clock).make()
        clock.now += 86_400

    assert copies(tmp_path)[0] == "before-schema-2.sqlite"
    assert len(copies(tmp_path)) == 2


async def test_the_old_version_goes_on_with_the_copy(tmp_path: Path) -> None:
    restore(1, tmp_path / "bot.db")
    before = rows_of(tmp_path / "bot.db")
    await upgrade(tmp_path)
    back = tmp_path / "back"
    back.mkdir()
    shutil.copyfile(tmp_path / FOLDER / "before-schema-2.sqlite", back / "bot.db")

    await upgrade(back, migrations()[:1])

    assert rows_of(back / "bot.db") == before


async def test_a_start_that_fails_again_and_again_keeps_one_copy(tmp_path: Path) -> None:
    restore(NEWEST, tmp_path / "bot.db")
    for _ in range(3):
        with pytest.raises(StoreUnavailable, match="refused a statement"):
            await upgrade(tmp_path, (*migrations(), BROKEN))

    assert copies(tmp_path) == [f"before-schema-{BROKEN.number}.sqlite"]


async def test_where_no_copy_can_be_made_nothing_is_changed(tmp_path: Path) -> None:
    restore(1, tmp_path / "bot.db")
    before = rows_of(tmp_path / "bot.db")
    (tmp_path / FOLDER).touch()

    with pytest.raises(StoreUnavailable, match=r"stays as it is, because it could not be copied .*backups"):
        await upgrade(tmp_path)

    assert rows_of(tmp_path / "bot.db") == before


async def test_on_a_full_disk_nothing_is_changed_and_no_half_copy_stays(tmp_path: Path) -> None:
    restore(1, tmp_path / "bot.db")
    before = rows_of(tmp_path / "bot.db")

    with no_file_grows_beyond(33_000), pytest.raises(StoreUnavailable, match="stays as it is, because"):
        await upgrade(tmp_path)

    assert rows_of(tmp_path / "bot.db") == before
    assert copies(tmp_path) == []


@contextmanager
def no_file_grows_beyond(size: int) -> Iterator[None]:
    """What a full disk is to whoever writes, for this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
