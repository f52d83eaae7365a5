"""The SQLite file: one writer that commits in groups, one reader, and the care that a file needs."""

import asyncio
import logging
import os
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

import aiosqlite

from bot.ports import Now
from bot.store.backup import DATABASE, copy_before
from bot.store.damage import finish_replacing, replace_damaged
from bot.store.errors import DatabaseDamaged, StoreUnavailable, disk_errors, translated
from bot.store.lock import locked
from bot.store.migrations import Migration, applied, lacking, migrate, migrations

log = logging.getLogger(__name__)

Result = TypeVar("Result")

OLDEST_SQLITE = (3, 37)
"""The first SQLite with STRICT tables."""

GROUP = 500
"""At most so many changes share a commit, so that the first of them does not wait for ever."""

# FULL, because a message that Slack believes to be safe must survive a power cut: WAL with NORMAL may lose the last
# commits (sqlite.org, "PRAGMA synchronous"). Group commit makes it affordable.
# What is deleted is overwritten, so that nobody finds in the file what somebody had forgotten.
_WRITER = """
PRAGMA busy_timeout = 5000;
PRAGMA secure_delete = ON;
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
PRAGMA journal_size_limit = 16777216;
"""
_READER = """
PRAGMA busy_timeout = 5000;
PRAGMA query_only = ON;
"""


@dataclass(frozen=True, slots=True)
class _Pending:
    change: Callable[[sqlite3.Connection], Any]
    settled: asyncio.Future[Any]


class Database:
    """Runs small functions against the file; each gets the plain connection, in the thread that owns it."""

    def __init__(self, writer: aiosqlite.Connection, reader: aiosqlite.Connection) -> None:
        self._writer = writer
        self._reader = reader
        self._closed = False
        self._pending: list[_Pending] = []
        self._committing: asyncio.Task[None] | None = None

    async def write(self, change: Callable[[sqlite3.Connection], Result]) -> Result:
        """Run the change in a transaction; returns its result when that has reached the disk.

        Changes that come in while others are being committed share the next commit; one that raises undoes only what
        it did itself. A caller that is cancelled does not learn whether its change was made. Raises StoreUnavailable.
        """
        self._require_open()
        settled: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._pending.append(_Pending(change, settled))
        if self._committing is None:
            self._committing = asyncio.create_task(self._commit_pending(), name="commit")
        return await settled

    async def read(self, query: Callable[[sqlite3.Connection], Result]) -> Result:
        """The query's result; it sees every write that has returned. Raises StoreUnavailable."""
        self._require_open()
        try:
            return await _in_thread(self._reader, query)
        except sqlite3.Error as error:
            raise translated(error) from error

    async def execute(self, statement: str, row: Mapping[str, Any]) -> int:
        """Run one statement as `write` does; returns how many rows it changed. Raises StoreUnavailable."""
        return await self.write(lambda connection: connection.execute(statement, row).rowcount)

    async def select(self, query: str, row: Mapping[str, Any] | None = None) -> list[Any]:
        """All rows that one query finds, as `read` does. Raises StoreUnavailable."""
        return await self.read(lambda connection: connection.execute(query, row or {}).fetchall())

    async def touch(self) -> None:
        """Write something that changes nothing; returns when it has reached the disk. Raises StoreUnavailable."""
        # Whatever its value, setting it writes the first page anew, and nothing of ours is in it.
        await self.execute("PRAGMA user_version = 0", {})

    async def close(self) -> None:
        """Take nothing more, and wait until nothing is left to commit."""
        self._closed = True
        while self._committing is not None:
            await asyncio.wait({self._committing})

    def _require_open(self) -> None:
        if self._closed:
            raise StoreUnavailable("the database is closed")

    async def _commit_pending(self) -> None:
        try:
            while self._pending:
                group, self._pending = self._pending[:GROUP], self._pending[GROUP:]
                await self._commit_group(group)
        finally:
            self._committing = None

    async def _commit_group(self, group: list[_Pending]) -> None:
        outcomes: Sequence[Any]
        try:
            outcomes = await _in_thread(self._writer, partial(_commit, [pending.change for pending in group]))
        except Exception as error:
            outcomes = [error] * len(group)
        for pending, outcome in zip(group, outcomes, strict=True):
            if pending.settled.done():
                continue
            if isinstance(outcome, sqlite3.Error):
                pending.settled.set_exception(translated(outcome))
            elif isinstance(outcome, Exception):
                pending.settled.set_exception(outcome)
            else:
                pending.settled.set_result(outcome)


@asynccontextmanager
async def open_database(
    directory: Path, now: Now, schema: tuple[Migration, ...] | None = None
) -> AsyncIterator[Database]:
    """The database of this data directory, checked and brought to the newest schema; closed when the context ends.

    One that is damaged is set aside, and the newest good backup, or else an empty one, takes its place. One that lacks
    schemas is copied before they are applied.

    Raises AlreadyRunning, DatabaseNewer or StoreUnavailable, each with a message for the operator.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StoreUnavailable(f"SQLite {sqlite3.sqlite_version} is too old; 3.37 or newer is needed")
    _make_private(directory)
    with locked(directory):
        path = directory / DATABASE
        prepare = partial(_prepare, path=path, schema=schema or migrations(), now=now)
        finish_replacing(path)
        async with AsyncExitStack() as opened:
            try:
                writer = await opened.enter_async_context(_writer(path, prepare))
            except DatabaseDamaged as damage:
                await asyncio.to_thread(replace_damaged, path, damage, now)
                writer = await opened.enter_async_context(_writer(path, prepare))
            reader = await opened.enter_async_context(aiosqlite.connect(path, isolation_level=None))
            await reader.executescript(_READER)
            database = Database(writer, reader)
            opened.push_async_callback(database.close)
            yield database


@asynccontextmanager
async def _writer(path: Path, prepare: Callable[[sqlite3.Connection], None]) -> AsyncIterator[aiosqlite.Connection]:
    async with aiosqlite.connect(_private_file(path), isolation_level=None) as connection:
        try:
            await _in_thread(connection, prepare)
        except sqlite3.Error as error:
            raise translated(error) from error
        yield connection


def _make_private(directory: Path) -> None:
    with disk_errors(directory):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)


def _private_file(path: Path) -> Path:
    with disk_errors(path):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        path.chmod(0o600)
    return path


def _prepare(connection: sqlite3.Connection, path: Path, schema: tuple[Migration, ...], now: Now) -> None:
    connection.executescript(_WRITER)
    (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise StoreUnavailable("this file system cannot hold the database; use a local disk")
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise DatabaseDamaged(verdict)
    done = applied(connection)
    if done and (missing := lacking(done, schema)):
        _keep_a_copy(path, missing[0])
    migrate(connection, schema, now)


def _keep_a_copy(path: Path, before: Migration) -> None:
    try:
        copy = copy_before(path, before.number)
    except DatabaseDamaged:
        raise
    except StoreUnavailable as error:
        raise StoreUnavailable(
            f"the database stays as it is, because it could not be copied before its schema changes: {error}"
        ) from error
    log.info("before the schema changes, the database was copied to %s/%s", copy.parent.name, copy.name)


def _commit(changes: list[Callable[[sqlite3.Connection], Any]], connection: sqlite3.Connection) -> list[Any]:
    """What each change returned or raised, once all of it has been committed; raises when nothing was."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        outcomes = [_attempt(change, connection) for change in changes]
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise
    return outcomes


def _attempt(change: Callable[[sqlite3.Connection], Any], connection: sqlite3.Connection) -> Any:
    connection.execute("SAVEPOINT change")
    try:
        outcome = change(connection)
    except Exception as error:
        # A full disk and the like end the whole transaction, and with it the savepoint (sqlite.org, "Response To
        # Errors Within A Transaction"): then nobody's change is there.
        if not connection.in_transaction:
            raise
        connection.execute("ROLLBACK TO change")
        outcome = error
    connection.execute("RELEASE change")
    return outcome


async def _in_thread(connection: aiosqlite.Connection, function: Callable[[sqlite3.Connection], Result]) -> Result:
    """Run a function in the connection's own thread.

    aiosqlite offers this to single statements only. Statement by statement, each would cost a change of threads there
    and back, some 0.1 ms, and a group of 500 changes more than 2,000 of them.
    """
    run = cast("Callable[..., Awaitable[Result]]", connection._execute)
    return await run(function, connection._conn)
