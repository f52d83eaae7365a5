"""Presence in SQLite: until when the bot has heard what people wrote, and in which threads it was lately."""

from dataclasses import dataclass

from bot.domain.conversation import ThreadKey
from bot.store.database import Database

_HEARD_UNTIL = "SELECT heard_until FROM presence"
_NOTE = """
INSERT INTO presence (only, heard_until) VALUES (1, :at)
ON CONFLICT (only) DO UPDATE SET heard_until = excluded.heard_until
"""
_LATEST_THREADS = """
SELECT workspace, channel, root FROM messages
GROUP BY workspace, channel, root ORDER BY MAX(sent_at) DESC, channel, root LIMIT :most
"""


@dataclass(frozen=True, slots=True)
class SqlitePresence:
    """Keeps in the database until when the bot has heard. Raises StoreUnavailable from every method."""

    database: Database

    async def heard_until(self) -> float | None:
        rows = await self.database.select(_HEARD_UNTIL)
        return rows[0][0] if rows else None

    async def note(self, at: float) -> None:
        await self.database.execute(_NOTE, {"at": at})

    async def latest_threads(self, most: int) -> tuple[ThreadKey, ...]:
        """The threads in which messages came in last, the latest first: those of about a week are remembered."""
        return tuple(ThreadKey(*row) for row in await self.database.select(_LATEST_THREADS, {"most": most}))
