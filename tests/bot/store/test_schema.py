"""What the database can hold: ids, times and counts, and the few texts that people write in order to be kept."""

import sqlite3
from pathlib import Path

from bot.store.database import open_database

COLUMNS = {
    "deliveries": {"workspace", "event", "delivered_at"},
    "feedback": {"workspace", "channel", "answer", "person", "verdict", "comment", "given_at"},
    "messages": {
        "workspace",
        "channel",
        "message",
        "root",
        "event",
        "to_bot",
        "sent_at",
        "since_epoch",
        "finished_at",
    },
    "notices": {"workspace", "person", "notice", "told_at"},
    "presence": {"only", "heard_until"},
    "reply_messages": {"position", "workspace", "channel", "root", "message", "finished_at"},
    "schema_version": {"number", "sha256", "applied_at"},
    "settings": {"workspace", "scope", "holder", "name", "value", "changed_by", "changed_at"},
    "spending": {"workspace", "kind", "holder", "day", "pictures", "dollars"},
    "threads": {"workspace", "channel", "root", "epoch", "waited"},
    "usage": {
        "answer",
        "workspace",
        "channel",
        "person",
        "model",
        "input_tokens",
        "cached_tokens",
        "output_tokens",
        "pictures",
        "dollars",
        "answered_at",
        "answers",
        "searches",
    },
}


def columns(connection: sqlite3.Connection) -> dict[str, set[str]]:
    tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    return {name: {row[1] for row in connection.execute(f"PRAGMA table_info({name})")} for (name,) in tables}


async def test_the_schema_has_no_column_for_what_people_write_in_threads(tmp_path: Path) -> None:
    async with open_database(tmp_path, now=lambda: 0.0) as database:
        assert await database.read(columns) == COLUMNS
