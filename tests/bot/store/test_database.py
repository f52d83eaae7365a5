"""The file, its writer and its reader: what is kept, what is refused, and in what words."""

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.store.database import Database, open_database
from bot.store.errors import AlreadyRunning, StoreUnavailable
from bot.store.migrations import Migration
from tests.doubles.until import until

ROOT = Path(__file__).parents[3]
NOTES = (Migration(1, "001_notes.sql", "CREATE TABLE notes (id INTEGER PRIMARY KEY, word TEXT NOT NULL) STRICT;"),)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with open_database(tmp_path, now=lambda: 0.0, schema=NOTES) as opened:
        yield opened


async def note(database: Database, word: str | None) -> None:
    await database.write(lambda db: db.execute("INSERT INTO notes (word) VALUES (?)", (word,)))


async def notes(database: Database) -> list[str]:
    rows = await database.read(lambda db: db.execute("SELECT word FROM notes ORDER BY id").fetchall())
    return [word for (word,) in rows]


def modes(directory: Path) -> dict[str, int]:
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in directory.iterdir()}


async def test_a_write_is_read_as_soon_as_it_has_returned(database: Database) -> None:
    for number in range(20):
        await note(database, f"word {number}")
        assert len(await notes(database)) == number + 1


async def test_a_write_returns_what_the_change_returns(database: Database) -> None:
    assert await database.write(lambda db: db.execute("SELECT 6 * 7").fetchone()) == (42,)


async def test_changes_made_at_once_share_a_few_commits(database: Database) -> None:
    statements: list[str] = []
    await database.write(lambda db: db.set_trace_callback(statements.append))

    await asyncio.gather(*(note(database, f"word {number}") for number in range(200)))

    assert statements.count("COMMIT") <= 3
    assert len(await notes(database)) == 200


async def test_a_crowd_of_changes_is_committed_in_groups_so_that_the_first_need_not_wait_for_the_last(
    database: Database,
) -> None:
    statements: list[str] = []
    await database.write(lambda db: db.set_trace_callback(statements.append))

    await asyncio.gather(*(note(database, "word") for _ in range(1_001)))

    assert statements.count("COMMIT") >= 3


async def test_a_change_that_fails_undoes_itself_and_no_other(database: Database) -> None:
    def half_done(db: sqlite3.Connection) -> None:
        db.execute("INSERT INTO notes (word) VALUES ('half done')")
        raise LookupError("changed my mind")

    outcomes = await asyncio.gather(
        note(database, "before"),
        database.write(half_done),
        note(database, None),
        note(database, "after"),
        return_exceptions=True,
    )

    assert [type(outcome) for outcome in outcomes] == [type(None), LookupError, StoreUnavailable, type(None)]
    assert await notes(database) == ["before", "after"]


async def test_a_caller_that_gives_up_spoils_nothing(database: Database) -> None:
    writes = [asyncio.create_task(note(database, word)) for word in ("first", "given up", "last")]
    await asyncio.sleep(0)
    writes[1].cancel()

    outcomes = await asyncio.gather(*writes, return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [type(None), asyncio.CancelledError, type(None)]
    assert {"first", "last"} <= set(await notes(database))


async def test_a_full_disk_is_named_and_gets_better(database: Database) -> None:
    await database.write(lambda db: db.execute("PRAGMA max_page_count = 1"))
    outcomes = await asyncio.gather(*(note(database, "w" * 5000) for _ in range(3)), return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [StoreUnavailable] * 3
    assert "the disk is full" in str(outcomes[0])
    assert await notes(database) == []

    await database.write(lambda db: db.execute("PRAGMA max_page_count = 1000000"))
    await note(database, "room again")
    assert await notes(database) == ["room again"]


async def test_a_read_only_database_is_named(database: Database) -> None:
    await database.write(lambda db: db.execute("PRAGMA query_only = ON"))

    with pytest.raises(StoreUnavailable, match="read-only"):
        await note(database, "word")
    with pytest.raises(StoreUnavailable, match="read-only"):
        await database.touch()


async def test_a_touch_reaches_the_disk_and_changes_nothing(database: Database, tmp_path: Path) -> None:
    await note(database, "word")
    log = tmp_path / "bot.db-wal"
    before = log.stat().st_size

    await database.touch()

    assert log.stat().st_size > before
    assert await notes(database) == ["word"]


async def test_another_program_that_holds_the_database_is_named(database: Database, tmp_path: Path) -> None:
    await database.write(lambda db: db.execute("PRAGMA busy_timeout = 1"))
    other = sqlite3.connect(tmp_path / "bot.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StoreUnavailable, match="another program holds the database"):
        await note(database, "word")

    other.close()
    await note(database, "word")


async def test_another_program_that_is_soon_done_is_waited_for(database: Database, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "bot.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        noting = asyncio.create_task(note(database, "word"))
        await asyncio.wait({noting}, timeout=0.05)
        assert not noting.done()
        other.execute("COMMIT")
        await noting
    assert await notes(database) == ["word"]


async def test_a_wrong_query_is_our_error_too(database: Database) -> None:
    with pytest.raises(StoreUnavailable):
        await database.read(lambda db: db.execute("SELECT nothing FROM nowhere"))


async def test_the_reader_cannot_write(database: Database) -> None:
    with pytest.raises(StoreUnavailable):
        await database.read(lambda db: db.execute("INSERT INTO notes (word) VALUES ('word')"))


async def test_every_commit_reaches_the_disk(database: Database) -> None:
    assert await database.write(lambda db: db.execute("PRAGMA journal_mode").fetchone()) == ("wal",)
    assert await database.write(lambda db: db.execute("PRAGMA synchronous").fetchone()) == (2,)
    assert await database.write(lambda db: db.execute("PRAGMA foreign_keys").fetchone()) == (1,)


async def test_the_log_of_a_busy_hour_does_not_stay_on_the_disk(database: Database, tmp_path: Path) -> None:
    megabytes = 20
    await database.write(lambda db: db.execute(f"INSERT INTO notes (word) VALUES (hex(zeroblob({megabytes << 19})))"))
    log = tmp_path / "bot.db-wal"
    assert log.stat().st_size > megabytes << 20
    for word in ("one that has it emptied", "one that begins it anew"):
        await note(database, word)
    assert log.stat().st_size <= 16 << 20


async def test_what_was_begun_is_committed_before_closing(tmp_path: Path) -> None:
    async with open_database(tmp_path, now=lambda: 0.0, schema=NOTES) as database:
        write = asyncio.create_task(note(database, "at the last moment"))
        await asyncio.sleep(0)
    await write

    async with open_database(tmp_path, now=lambda: 0.0, schema=NOTES) as database:
        assert await notes(database) == ["at the last moment"]


async def test_closing_leaves_one_file_and_no_thread(tmp_path: Path) -> None:
    await asyncio.to_thread(threading.get_ident)  # the loop's own thread stays until the loop ends
    before = set(threading.enumerate())
    async with open_database(tmp_path, now=lambda: 0.0, schema=NOTES) as database:
        await note(database, "word")
        assert set(threading.enumerate()) - before

    await until(lambda: set(threading.enumerate()) <= before)
    assert set(modes(tmp_path)) == {"bot.db", "lock"}
    for use in (note(database, "word"), notes(database)):
        with pytest.raises(StoreUnavailable, match="closed"):
            await use


async def test_only_the_owner_may_look(tmp_path: Path) -> None:
    directory = tmp_path / "new" / "data"
    mask = os.umask(0)
    try:
        async with open_database(directory, now=lambda: 0.0, schema=NOTES) as database:
            await note(database, "word")
            found = modes(directory)
    finally:
        os.umask(mask)

    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert found == dict.fromkeys(("bot.db", "bot.db-shm", "bot.db-wal", "lock"), 0o600)


async def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    (tmp_path / "bot.db").touch(mode=0o644)

    async with open_database(tmp_path, now=lambda: 0.0, schema=NOTES):
        assert modes(tmp_path)["bot.db"] == 0o600


async def test_a_second_process_is_refused_by_name(database: Database, tmp_path: Path) -> None:
    second = await asyncio.to_thread(
        subprocess.run,
        [
            sys.executable,
            "-c",
            "import asyncio, pathlib, sys; from bot.store.database import open_database\n"
            "asyncio.run(open_database(pathlib.Path(sys.argv[1]), now=lambda: 0.0).__aenter__())",
            str(tmp_path),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert second.returncode == 1
    assert f"AlreadyRunning: another bot is running on this DATA_DIR (pid {os.getpid()})" in second.stderr


async def test_a_disk_that_is_full_at_the_start_is_named_and_nothing_is_set_aside(tmp_path: Path) -> None:
    tried = await asyncio.to_thread(
        subprocess.run,
        [
            sys.executable,
            "-c",
            "import asyncio, pathlib, resource, sys; from bot.store.database import open_database\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (2000, resource.RLIM_INFINITY))\n"
            "asyncio.run(open_database(pathlib.Path(sys.argv[1]), now=lambda: 0.0).__aenter__())",
            str(tmp_path),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert "bot.store.errors.StoreUnavailable: the disk" in tried.stderr
    assert "bot.db" in modes(tmp_path)
    assert not [name for name in modes(tmp_path) if "damaged" in name]


async def test_the_directory_is_free_again_after_closing(tmp_path: Path) -> None:
    async with open_database(tmp_path, now=lambda: 0.0, schema=NOTES):
        with pytest.raises(AlreadyRunning):
            await open_database(tmp_path, now=lambda: 0.0, schema=NOTES).__aenter__()
    async with open_database(tmp_path, now=lambda: 0.0, schema=NOTES) as database:
        assert await notes(database) == []


async def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StoreUnavailable, match="file"):
        await open_database(tmp_path / "file" / "data", now=lambda: 0.0).__aenter__()


async def test_a_sqlite_that_is_too_old_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 0))

    with pytest.raises(StoreUnavailable, match=r"3\.37"):
        await open_database(tmp_path, now=lambda: 0.0).__aenter__()
