"""What the database holds of one person, taken away at once."""

import sqlite3
from dataclasses import dataclass

from bot.store.database import Database

_OWN = (
    "DELETE FROM settings WHERE (workspace, scope, holder) = (:workspace, 'user', :user)",
    "DELETE FROM usage WHERE (workspace, person) = (:workspace, :user)",
    "DELETE FROM spending WHERE (workspace, kind, holder) = (:workspace, 'person', :user)",
    "DELETE FROM feedback WHERE (workspace, person) = (:workspace, :user)",
    "DELETE FROM notices WHERE (workspace, person) = (:workspace, :user)",
)
_SHARED = "UPDATE settings SET changed_by = '' WHERE (workspace, changed_by) = (:workspace, :user)"
"""Settings of a channel or a thread are not one person's, but who made them is."""


@dataclass(frozen=True, slots=True)
class SqlitePersonalRecords:
    """Forgets people. Raises StoreUnavailable."""

    database: Database

    async def forget(self, workspace: str, user: str) -> None:
        """Delete this person's settings, usage, feedback and notices, and their name under the settings of others."""
        person = {"workspace": workspace, "user": user}

        def forget(connection: sqlite3.Connection) -> None:
            for statement in (*_OWN, _SHARED):
                connection.execute(statement, person)

        await self.database.write(forget)
