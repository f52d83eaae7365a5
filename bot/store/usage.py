"""Usage in SQLite: what each answer cost."""

from dataclasses import asdict, dataclass

from bot.domain.records import Expense, Totals
from bot.store.database import Database

_NOTE = """
INSERT INTO usage (workspace, channel, person, model, input_tokens, cached_tokens, output_tokens,
    pictures, dollars, answered_at)
VALUES (:workspace, :channel, :user, :model, :input_tokens, :cached_tokens, :output_tokens, :pictures, :dollars, :at)
"""
_TOTALS = """
SELECT COUNT(*), COALESCE(SUM(pictures), 0), COALESCE(SUM(input_tokens + output_tokens), 0),
    COALESCE(SUM(dollars), 0.0)
FROM usage WHERE (workspace, person) = (:workspace, :user) AND answered_at >= :since
"""
_FORGET = "DELETE FROM usage WHERE answered_at < :before"


@dataclass(frozen=True, slots=True)
class SqliteUsage:
    """Keeps what answers cost in the database. Raises StoreUnavailable from every method."""

    database: Database

    async def note(self, expense: Expense) -> None:
        row = asdict(expense)
        row |= row.pop("usage")
        await self.database.write(lambda connection: connection.execute(_NOTE, row).rowcount)

    async def totals(self, workspace: str, user: str, since: float) -> Totals:
        span = {"workspace": workspace, "user": user, "since": since}
        return Totals(*await self.database.read(lambda connection: connection.execute(_TOTALS, span).fetchone()))

    async def forget(self, before: float) -> int:
        """Delete what was noted before this time; returns how many answers that are."""
        return await self.database.write(lambda connection: connection.execute(_FORGET, {"before": before}).rowcount)
