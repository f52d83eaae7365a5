"""Settings in SQLite: what was made for channels, people and threads, as texts."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.settings import Holder
from bot.store.database import Database

_OVERRIDES = """
SELECT name, value FROM settings WHERE (workspace, scope, holder) = (:workspace, :scope, :holder) ORDER BY name
"""
_CHOSEN = "SELECT DISTINCT name, value FROM settings WHERE workspace = :workspace"
_KEEP = """
INSERT INTO settings (workspace, scope, holder, name, value, changed_by, changed_at)
VALUES (:workspace, :scope, :holder, :name, :value, :by, :at)
ON CONFLICT (workspace, scope, holder, name) DO UPDATE
SET value = excluded.value, changed_by = excluded.changed_by, changed_at = excluded.changed_at
"""
_FORGET = """
DELETE FROM settings WHERE (workspace, scope, holder) = (:workspace, :scope, :holder) AND name = :name
"""
_CLEAR = "DELETE FROM settings WHERE (workspace, scope, holder) = (:workspace, :scope, :holder)"


@dataclass(frozen=True, slots=True)
class SqliteSettings:
    """Keeps settings in the database. Raises StoreUnavailable from every method."""

    database: Database

    async def overrides(self, holders: tuple[Holder, ...]) -> Mapping[Holder, Mapping[str, str]]:
        def select(connection: sqlite3.Connection) -> dict[Holder, dict[str, str]]:
            return {holder: dict(connection.execute(_OVERRIDES, _row(holder)).fetchall()) for holder in holders}

        return await self.database.read(select)

    async def chosen(self, workspace: str, names: tuple[str, ...]) -> frozenset[str]:
        rows = await self.database.select(_CHOSEN, {"workspace": workspace})
        return frozenset(value for name, value in rows if name in names)

    async def override(self, holder: Holder, changes: Mapping[str, str | None], by: str, at: float) -> None:
        rows = [_row(holder, name=name, value=value, by=by, at=at) for name, value in changes.items()]

        def change(connection: sqlite3.Connection) -> None:
            connection.executemany(_KEEP, [row for row in rows if row["value"] is not None])
            connection.executemany(_FORGET, [row for row in rows if row["value"] is None])

        await self.database.write(change)

    async def clear(self, holder: Holder) -> None:
        await self.database.execute(_CLEAR, _row(holder))


def _row(holder: Holder, **more: Any) -> dict[str, Any]:
    return {"workspace": holder.workspace, "scope": str(holder.scope), "holder": holder.id, **more}
