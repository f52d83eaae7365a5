"""Usage in SQLite: what each answer cost."""

import sqlite3
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from bot.domain.records import Expense, Spending, Totals
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
_SPEND = """
INSERT INTO spending (workspace, kind, holder, day, pictures, dollars)
VALUES (:workspace, :kind, :holder, :day, :pictures, :dollars)
ON CONFLICT (workspace, kind, holder, day) DO UPDATE
SET pictures = spending.pictures + excluded.pictures, dollars = spending.dollars + excluded.dollars
"""
_SPENT = """
SELECT COALESCE(SUM(dollars), 0.0), COALESCE(SUM(CASE WHEN day = :today THEN pictures END), 0)
FROM spending WHERE (workspace, kind, holder) = (:workspace, :kind, :holder) AND day BETWEEN :first AND :today
"""
_FORGET_DAYS = "DELETE FROM spending WHERE day < :day"
_FORGET = "DELETE FROM usage WHERE answered_at < :before"


@dataclass(frozen=True, slots=True)
class SqliteUsage:
    """Keeps what answers cost in the database. Raises StoreUnavailable from every method."""

    database: Database

    async def note(self, expense: Expense) -> None:
        row = asdict(expense)
        row |= row.pop("usage")
        spent = {**row, "day": _day(expense.at)}

        def keep(connection: sqlite3.Connection) -> None:
            connection.execute(_NOTE, row)
            for kind, holder in _holders(expense.channel, expense.user).items():
                connection.execute(_SPEND, {**spent, "kind": kind, "holder": holder})

        await self.database.write(keep)

    async def totals(self, workspace: str, user: str, since: float) -> Totals:
        span = {"workspace": workspace, "user": user, "since": since}
        return Totals(*await self.database.read(lambda connection: connection.execute(_TOTALS, span).fetchone()))

    async def spending(self, workspace: str, channel: str, user: str, now: float) -> Spending:
        """Reads at most 31 rows for each of the three sums."""
        today = _day(now)
        span = {"workspace": workspace, "first": today - datetime.fromtimestamp(now, UTC).day + 1, "today": today}

        def sums(connection: sqlite3.Connection) -> dict[str, tuple[float, int]]:
            return {
                kind: connection.execute(_SPENT, {**span, "kind": kind, "holder": holder}).fetchone()
                for kind, holder in _holders(channel, user).items()
            }

        spent = await self.database.read(sums)
        person, pictures = spent["person"]
        return Spending(person, spent["channel"][0], spent["everybody"][0], pictures)

    async def forget(self, before: float) -> int:
        """Delete what was noted before this time; returns how many answers that are."""

        def tidy(connection: sqlite3.Connection) -> int:
            connection.execute(_FORGET_DAYS, {"day": _day(before)})
            return connection.execute(_FORGET, {"before": before}).rowcount

        return await self.database.write(tidy)


def _day(at: float) -> int:
    """The day of UTC in which this time lies, in days since the epoch."""
    return int(at // 86_400)


def _holders(channel: str, user: str) -> dict[str, str]:
    """Whose spending one answer counts as, by kind."""
    return {"person": user, "channel": channel, "everybody": ""}
