"""From an empty file to the newest schema, and never back."""

import sqlite3
from pathlib import Path

import pytest

from bot.store.errors import DatabaseNewer, StoreUnavailable
from bot.store.migrations import Migration, migrate, migrations

FIRST = Migration(1, "001_first.sql", "CREATE TABLE first (id INTEGER PRIMARY KEY) STRICT;")
SECOND = Migration(2, "002_second.sql", "CREATE TABLE second (id INTEGER PRIMARY KEY) STRICT;")
BROKEN = Migration(2, "002_broken.sql", "CREATE TABLE third (id INTEGER PRIMARY KEY) STRICT; INSERT INTO nowhere;")


@pytest.fixture
def connection(tmp_path: Path) -> sqlite3.Connection:
    return sqlite3.connect(":memory:", isolation_level=None)


def tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}


def test_the_files_are_numbered_without_a_gap() -> None:
    assert [migration.number for migration in migrations()] == list(range(1, len(migrations()) + 1))


def test_an_empty_database_gets_everything(connection: sqlite3.Connection) -> None:
    migrate(connection, migrations(), now=lambda: 5.0)

    assert connection.execute("SELECT number, sha256, applied_at FROM schema_version").fetchall() == [
        (migration.number, migration.sha256, 5.0) for migration in migrations()
    ]


def test_all_tables_are_strict(connection: sqlite3.Connection) -> None:
    migrate(connection, migrations(), now=lambda: 5.0)

    strictness = connection.execute("SELECT name, strict FROM pragma_table_list WHERE name NOT LIKE 'sqlite_%'")
    assert {name for name, strict in strictness if not strict} == set()


def test_only_what_is_missing_is_applied(connection: sqlite3.Connection) -> None:
    migrate(connection, (FIRST,), now=lambda: 5.0)
    migrate(connection, (FIRST, SECOND), now=lambda: 6.0)
    migrate(connection, (FIRST, SECOND), now=lambda: 7.0)

    assert tables(connection) == {"schema_version", "first", "second"}
    assert connection.execute("SELECT applied_at FROM schema_version").fetchall() == [(5.0,), (6.0,)]


def test_a_migration_that_fails_leaves_nothing_behind(connection: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.Error):
        migrate(connection, (FIRST, BROKEN), now=lambda: 5.0)

    assert tables(connection) == {"schema_version", "first"}
    migrate(connection, (FIRST, SECOND), now=lambda: 6.0)
    assert tables(connection) == {"schema_version", "first", "second"}


def test_a_newer_schema_is_refused(connection: sqlite3.Connection) -> None:
    migrate(connection, (FIRST, SECOND), now=lambda: 5.0)

    with pytest.raises(DatabaseNewer, match="its schema is 2, this version knows 1"):
        migrate(connection, (FIRST,), now=lambda: 6.0)


def test_a_changed_file_is_refused(connection: sqlite3.Connection) -> None:
    migrate(connection, (FIRST,), now=lambda: 5.0)

    with pytest.raises(StoreUnavailable, match=r"001_first\.sql"):
        migrate(connection, (Migration(1, "001_first.sql", FIRST.sql + "\n"),), now=lambda: 6.0)
