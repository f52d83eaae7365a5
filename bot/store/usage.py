"""Usage in SQLite: what each answer cost."""

import sqlite3
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from bot.domain.records import Expense, Spending, Totals, Use
from bot.store.database import Database

_NOTE = """
INSERT INTO usage (workspace, channel, person, model, input_tokens, cached_tokens, output_tokens, searches,
    pictures, dollars, answered_at, answers)
VALUES (:workspace, :channel, :user, :model, :input_tokens, :cached_tokens, :output_tokens, :searches,
    :pictures, :dollars, :at, :answers)
"""
_SUMS = """COALESCE(SUM(answers), 0), COALESCE(SUM(pictures), 0), COALESCE(SUM(input_tokens + output_tokens), 0),
    COALESCE(SUM(dollars), 0.0), COALESCE(SUM(searches), 0)"""
_TOTALS = f"SELECT {_SUMS} FROM usage WHERE (workspace, person) = (:workspace, :user) AND answered_at >= :since"  # noqa: S608
_USES = f"""
SELECT person, channel, model, {_SUMS} FROM usage
WHERE workspace = :workspace AND answered_at >= :since AND answered_at < :until
GROUP BY person, channel, model ORDER BY SUM(dollars) DESC, SUM(input_tokens + output_tokens) DESC, 1, 2, 3
"""  # noqa: S608
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

    async def note(self, *expenses: Expense) -> None:
        def keep(connection: sqlite3.Connection) -> None:
            for expense in expenses:
                row = asdict(expense) | asdict(expense.usage)
                del row["usage"]
                connection.execute(_NOTE, row)
                spent = {**row, "day": _day(expense.at)}
                for kind, holder in _holders(expense.channel, expense.user).items():
                    connection.execute(_SPEND, {**spent, "kind": kind, "holder": holder})

        await self.database.write(keep)

    async def totals(self, workspace: str, user: str, since: float) -> Totals:
        span = {"workspace": workspace, "user": user, "since": since}
        (sums,) = await self.database.select(_TOTALS, span)
        return Totals(*sums)

    async def uses(self, workspace: str, since: float, until: float) -> tuple[Use, ...]:
        span = {"workspace": workspace, "since": since, "until": until}
        rows = await self.database.select(_USES, span)
        return tuple(Use(user, channel, model, Totals(*sums)) for user, channel, model, *sums in rows)

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
