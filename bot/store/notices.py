"""Notices in SQLite: what people were told, of what is said once."""

from dataclasses import dataclass

from bot.store.database import Database

_TOLD = "SELECT told_at FROM notices WHERE (workspace, person, notice) = (:workspace, :user, :notice)"
_TELL = """
INSERT INTO notices (workspace, person, notice, told_at) VALUES (:workspace, :user, :notice, :at)
ON CONFLICT DO NOTHING
"""
_TAKE_BACK = "DELETE FROM notices WHERE (workspace, person, notice) = (:workspace, :user, :notice)"


@dataclass(frozen=True, slots=True)
class SqliteNotices:
    """Keeps in the database what people were told. Raises StoreUnavailable."""

    database: Database

    async def is_first(self, workspace: str, user: str, notice: str, at: float) -> bool:
        row = {"workspace": workspace, "user": user, "notice": notice, "at": at}
        # Almost always they were told; finding that out should cost no commit.
        if await self.database.select(_TOLD, row):
            return False
        return await self.database.execute(_TELL, row) == 1

    async def take_back(self, workspace: str, user: str, notice: str) -> None:
        await self.database.execute(_TAKE_BACK, {"workspace": workspace, "user": user, "notice": notice})
