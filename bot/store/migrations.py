"""Brings a database to the newest schema: numbered files, forward only, each in one transaction."""

import hashlib
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.ports import Now
from bot.store.errors import DatabaseNewer, StoreUnavailable

SCHEMA = Path(__file__).parent / "schema"

_VERSIONS = """
CREATE TABLE IF NOT EXISTS schema_version (
    number INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL,
    applied_at REAL NOT NULL
) STRICT
"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of the schema: `NNN_name.sql`."""

    number: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations(folder: Path = SCHEMA) -> tuple[Migration, ...]:
    """All files of the schema, the oldest first."""
    return tuple(
        Migration(int(file.name.partition("_")[0]), file.name, file.read_text("utf-8"))
        for file in sorted(folder.glob("*.sql"))
    )


def migrate(connection: sqlite3.Connection, known: tuple[Migration, ...], now: Now) -> None:
    """Apply what the database lacks.

    Raises DatabaseNewer or StoreUnavailable, as `lacking` does. A file that fails leaves the database as it was before
    that file.
    """
    connection.execute(_VERSIONS)
    for migration in lacking(applied(connection), known):
        _apply(connection, migration, now)


def applied(connection: sqlite3.Connection) -> dict[int, str]:
    """The SHA-256 of each file that the database was made with, by its number; nothing for an empty database."""
    if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'schema_version'").fetchone():
        return {}
    return dict(connection.execute("SELECT number, sha256 FROM schema_version").fetchall())


def lacking(done: Mapping[int, str], known: tuple[Migration, ...]) -> tuple[Migration, ...]:
    """What is still to be applied, the oldest first.

    Raises DatabaseNewer when the database has what we do not know, and StoreUnavailable when a file was changed after
    it had been applied.
    """
    newest = max((migration.number for migration in known), default=0)
    if done and max(done) > newest:
        raise DatabaseNewer(
            f"the database was written by a newer version of the bot: its schema is {max(done)}, "
            f"this version knows {newest}"
        )
    for migration in known:
        if done.get(migration.number, migration.sha256) != migration.sha256:
            raise StoreUnavailable(f"{migration.name} is not the file that this database was made with")
    return tuple(migration for migration in known if migration.number not in done)


def _apply(connection: sqlite3.Connection, migration: Migration, now: Now) -> None:
    try:
        connection.executescript(f"BEGIN IMMEDIATE;\n{migration.sql}")
        connection.execute(
            "INSERT INTO schema_version (number, sha256, applied_at) VALUES (:number, :sha256, :now)",
            {"number": migration.number, "sha256": migration.sha256, "now": now()},
        )
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise
