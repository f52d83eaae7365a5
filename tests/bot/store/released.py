"""A small database of each schema that was released, as SQL: that of the schema before, migrated, with rows added."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

DUMPS = Path(__file__).parents[2] / "data" / "schemas"

Row = dict[str, Any]


def released() -> dict[int, Path]:
    """The dumps, by the number of their schema."""
    return {int(dump.stem): dump for dump in sorted(DUMPS.glob("*.sql"))}


def restore(schema: int, path: Path) -> None:
    """Make a database of this schema."""
    with closing(sqlite3.connect(path)) as database:
        database.executescript(released()[schema].read_text("utf-8"))
        database.execute("PRAGMA journal_mode = WAL")


def rows_of(path: Path) -> dict[str, list[Row]]:
    """Everything in a database, by the names of tables."""
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {table: [dict(row) for row in database.execute(f"SELECT * FROM {table}")] for table in tables}


def lost(before: dict[str, list[Row]], after: dict[str, list[Row]]) -> list[tuple[str, Row]]:
    """Rows that are no more, with their table; what a row has gained does not matter."""
    return [
        (table, row)
        for table, rows in before.items()
        for row in rows
        if not any(row.items() <= kept.items() for kept in after.get(table, []))
    ]


def without_rows(tables: dict[str, list[Row]]) -> Iterable[str]:
    """The tables in which nothing stands."""
    return [table for table, rows in tables.items() if not rows]
