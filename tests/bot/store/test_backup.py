"""Copies of the database: made beside work, few in number, private, sound, and good for a new beginning."""

import asyncio
import shutil
import sqlite3
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.settings import Holder, Scope
from bot.store.backup import FOLDER, Backups, backups_in, newest_good
from bot.store.database import Database, open_database
from bot.store.errors import StoreUnavailable
from bot.store.journal import SqliteJournal
from bot.store.notices import SqliteNotices
from bot.store.presence import SqlitePresence
from bot.store.settings import SqliteSettings
from tests.doubles.clock import StillClock
from tests.doubles.journal import reference, thread_of

ANN = Holder(Scope.USER, "T1", "U1")
NIGHT = 1_795_604_400.0  # 2026-11-25 11:00 UTC


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with open_database(tmp_path, now=lambda: 0.0) as opened:
        yield opened


async def fill(database: Database) -> None:
    """A setting, a notice, a message that waits, and a note of when the bot was there."""
    await SqliteSettings(database).override(ANN, {"model": "gpt-6-luna"}, by="U1", at=1.0)
    await SqliteNotices(database).is_first("T1", "U1", "welcome", at=1.0)
    await SqliteJournal(database).accept(reference(1), now=1.0)
    await SqlitePresence(database).note(1.0)


async def model_of_ann(database: Database) -> str | None:
    return (await SqliteSettings(database).overrides((ANN,)))[ANN].get("model")


async def test_a_copy_is_named_by_its_time_and_belongs_to_its_user_alone(database: Database, tmp_path: Path) -> None:
    await Backups(tmp_path, 7, lambda: NIGHT).make()

    (copy,) = (tmp_path / FOLDER).iterdir()
    assert copy.name == "bot-20261125T110000Z.sqlite"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700


async def test_only_the_newest_copies_are_kept_and_nothing_else_is_touched(database: Database, tmp_path: Path) -> None:
    clock = StillClock(NIGHT)
    for _ in range(5):
        await Backups(tmp_path, 2, clock).make()
        (tmp_path / FOLDER / "mine.sqlite").touch()
        clock.now += 86_400

    assert [path.name for path in backups_in(tmp_path / FOLDER)] == [
        "bot-20261129T110000Z.sqlite",
        "bot-20261128T110000Z.sqlite",
    ]
    assert (tmp_path / FOLDER / "mine.sqlite").exists()


async def test_people_write_on_while_a_copy_is_made(database: Database, tmp_path: Path) -> None:
    settings = SqliteSettings(database)
    writes = [settings.override(ANN, {"model": f"gpt-{n}"}, by="U1", at=float(n)) for n in range(200)]
    await asyncio.gather(Backups(tmp_path, 7, lambda: NIGHT).make(), *writes)

    assert newest_good(tmp_path / FOLDER)
    assert await model_of_ann(database) == "gpt-199"


async def test_a_copy_put_in_place_has_what_people_made_and_no_work(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    async with open_database(first, now=lambda: 0.0) as database:
        await fill(database)
        await Backups(first, 7, lambda: NIGHT).make()
    second.mkdir()
    shutil.copyfile(backups_in(first / FOLDER)[0], second / "bot.db")

    async with open_database(second, now=lambda: 0.0) as database:
        assert await model_of_ann(database) == "gpt-6-luna"
        assert not await SqliteNotices(database).is_first("T1", "U1", "welcome", at=2.0)
        assert await SqliteJournal(database).waiting(thread_of()) == ()
        assert await SqlitePresence(database).heard_until() is None


async def test_a_copy_that_was_begun_is_finished_when_the_bot_ends(database: Database, tmp_path: Path) -> None:
    making = asyncio.create_task(Backups(tmp_path, 7, lambda: NIGHT).make())
    await asyncio.sleep(0)
    making.cancel()
    with pytest.raises(asyncio.CancelledError):
        await making

    assert [path.name for path in (tmp_path / FOLDER).iterdir()] == ["bot-20261125T110000Z.sqlite"]


async def test_a_copy_that_fails_leaves_nothing_behind_and_works_the_next_time(
    database: Database, tmp_path: Path
) -> None:
    (tmp_path / FOLDER).touch()
    backups = Backups(tmp_path, 7, lambda: NIGHT)
    with pytest.raises(StoreUnavailable, match="backups"):
        await backups.make()

    (tmp_path / FOLDER).unlink()
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "unfinished").write_bytes(b"half a copy")
    await backups.make()
    assert [path.name for path in (tmp_path / FOLDER).iterdir()] == ["bot-20261125T110000Z.sqlite"]


async def test_a_copy_of_a_damaged_database_is_not_taken_for_a_good_one(tmp_path: Path) -> None:
    (tmp_path / "bot.db").write_bytes(b"not a database at all " * 100)

    with pytest.raises(StoreUnavailable, match="damaged"):
        await Backups(tmp_path, 7, lambda: NIGHT).make()
    assert list((tmp_path / FOLDER).iterdir()) == []


async def test_the_newest_good_copy_is_found_behind_bad_ones(database: Database, tmp_path: Path) -> None:
    assert newest_good(tmp_path / FOLDER) is None
    await Backups(tmp_path, 7, lambda: NIGHT).make()
    folder = tmp_path / FOLDER
    (folder / "bot-20271125T110000Z.sqlite").write_bytes(b"rubbish " * 1000)
    (folder / "bot-20271126T110000Z.sqlite").touch()
    rotten = bytearray((folder / "bot-20261125T110000Z.sqlite").read_bytes())
    rotten[2 * 4096 : 5 * 4096] = b"\xff" * 3 * 4096
    (folder / "bot-20271128T110000Z.sqlite").write_bytes(rotten)
    sqlite3.connect(folder / "bot-20271127T110000Z.sqlite").execute("CREATE TABLE others (id)").connection.close()

    assert newest_good(folder) == folder / "bot-20261125T110000Z.sqlite"
