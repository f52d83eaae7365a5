"""Copies of the database: made while the bot works, the newest good one found again when it is needed."""

import asyncio
import logging
import os
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.ports import Now
from bot.store.errors import disk_errors, translated

log = logging.getLogger(__name__)

DATABASE = "bot.db"
"""The file in a data directory."""

FOLDER = "backups"
"""Where copies lie, in the folder of the database."""

_NAME = re.compile(r"bot-\d{8}T\d{6}Z\.sqlite")
_UNFINISHED = "unfinished"

# What waited when the copy was made has been answered, or given up, by the time that the copy is needed.
_WORK = ("messages", "deliveries", "reply_messages", "threads", "presence")


@dataclass(frozen=True, slots=True)
class Backups:
    """Keeps the newest `keep` copies of the database in this data directory.

    A copy holds what people have made, and what must not be forgotten of them: settings, usage, feedback, notices. It
    holds no journal, so that nobody is answered twice after it has been put in place.
    """

    directory: Path
    keep: int
    now: Now

    async def make(self) -> None:
        """Make a copy and remove those that are too old; nobody who writes waits. Raises StoreUnavailable.

        One that was begun is finished, even when this is cancelled: no thread may outlive the lock on the database.
        """
        making = asyncio.create_task(asyncio.to_thread(self._make), name="backup")
        try:
            name = await asyncio.shield(making)
        except asyncio.CancelledError:
            await asyncio.wait({making})
            raise
        log.info("the database was copied to %s/%s", FOLDER, name)

    def _make(self) -> str:
        folder = self.directory / FOLDER
        name = put_copy(self.directory / DATABASE, f"bot-{stamp(self.now())}.sqlite", without=_WORK).name
        with disk_errors(folder):
            for older in backups_in(folder)[self.keep :]:
                older.unlink()
        return name


def copy_before(database: Path, schema: int) -> Path:
    """Copy everything, work included, before this schema is applied: for going back to the version that it came from.

    These copies stay until somebody deletes them, one for each schema. Raises StoreUnavailable.
    """
    return put_copy(database, f"before-schema-{schema}.sqlite")


def put_copy(database: Path, name: str, without: tuple[str, ...] = ()) -> Path:
    """Copy the database under this name, in place of an older copy, with nothing in the tables `without`.

    A copy that fails leaves nothing behind. Raises StoreUnavailable.
    """
    folder = database.parent / FOLDER
    with disk_errors(folder):
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
        unfinished, finished = folder / _UNFINISHED, folder / name
        try:
            _private(unfinished)
            _copy(database, unfinished, without)
            _flush(unfinished)
            unfinished.replace(finished)
            _flush(folder)
        except sqlite3.Error as error:
            raise translated(error) from error
        finally:
            unfinished.unlink(missing_ok=True)
    return finished


def backups_in(folder: Path) -> list[Path]:
    """The copies in this folder, the newest first; other files are not looked at."""
    return sorted((path for path in folder.glob("*") if _NAME.fullmatch(path.name)), reverse=True)


def newest_good(folder: Path) -> Path | None:
    """The newest copy that SQLite finds sound."""
    return next((path for path in backups_in(folder) if is_sound(path)), None)


def stamp(at: float) -> str:
    """A time in seconds since the epoch, as it stands in the names of files: in UTC, and sorted as texts are."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y%m%dT%H%M%SZ")


def _private(path: Path) -> None:
    """An empty file that nobody else may read, in place of what a copy that was cut off has left."""
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def _copy(source: Path, target: Path, without: tuple[str, ...]) -> None:
    with closing(read_only(source)) as live, closing(sqlite3.connect(target, isolation_level=None)) as copy:
        # In one step: it reads one state of the database, beside which others go on writing (sqlite.org, "WAL").
        live.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
        tables = {name for (name,) in copy.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        for table in tables.intersection(without):
            copy.execute(f"DELETE FROM {table}")  # noqa: S608 - the names are ours
        if without:
            copy.execute("VACUUM")


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_sound(path: Path) -> bool:
    """True when SQLite finds nothing wrong in this file, and it is a database of ours."""
    try:
        with closing(read_only(path)) as copy:
            (verdict,) = copy.execute("PRAGMA quick_check(1)").fetchone()
            is_ours = copy.execute("SELECT COUNT(*) FROM sqlite_schema WHERE name = 'schema_version'").fetchone()
    except sqlite3.Error:
        return False
    return bool(verdict == "ok" and is_ours == (1,))


def read_only(path: Path) -> sqlite3.Connection:
    """A connection that changes nothing; to be closed by `closing`."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
