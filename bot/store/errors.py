"""What goes wrong with the store; errors of SQLite and of the disk become ours here.

    BotError
    └── StoreUnavailable
        ├── AlreadyRunning
        ├── DatabaseDamaged
        └── DatabaseNewer

Their messages are written for the operator.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.domain.errors import BotError


class StoreUnavailable(BotError):
    """The database cannot be read or written."""

    explanation = (
        "I cannot read or write my own notes right now. Please try again in a minute; "
        "if it happens again, tell the person who runs me."
    )


class AlreadyRunning(StoreUnavailable):
    """Another process works on this data directory."""


class DatabaseDamaged(StoreUnavailable):
    """The file is no sound SQLite database."""

    def __init__(self, finding: object) -> None:
        super().__init__(f"the database is damaged ({' '.join(str(finding).split())})")


class DatabaseNewer(StoreUnavailable):
    """A newer version of the bot has changed the schema."""


_CAUSES = {
    sqlite3.SQLITE_BUSY: "another program holds the database",
    sqlite3.SQLITE_CANTOPEN: "the database cannot be opened",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "the disk does not work",
    sqlite3.SQLITE_READONLY: "the database is read-only",
}
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def translated(error: sqlite3.Error) -> StoreUnavailable:
    """Our name for an error of SQLite; its own words follow, they hold names of tables and never values."""
    # The low byte of an extended result code is the primary one (sqlite.org, "Result and Error Codes").
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in _DAMAGE:
        return DatabaseDamaged(error)
    return StoreUnavailable(f"{_CAUSES.get(code, 'the database refused a statement')} ({error})")


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Raises StoreUnavailable for what the operating system refuses."""
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(f"{path} cannot be used: {error.strerror}") from error
