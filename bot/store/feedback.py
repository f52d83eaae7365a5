"""Feedback in SQLite: the latest verdict of each person on each answer."""

from dataclasses import asdict, dataclass

from bot.domain.records import Feedback
from bot.store.database import Database

_KEEP = """
INSERT INTO feedback (workspace, channel, answer, person, verdict, comment, given_at)
VALUES (:workspace, :channel, :answer, :user, :verdict, :comment, :at)
ON CONFLICT (workspace, channel, answer, person) DO UPDATE
SET verdict = excluded.verdict, comment = COALESCE(excluded.comment, feedback.comment), given_at = excluded.given_at
"""


@dataclass(frozen=True, slots=True)
class SqliteFeedback:
    """Keeps what people thought of answers in the database. Raises StoreUnavailable."""

    database: Database

    async def keep(self, feedback: Feedback) -> None:
        row = {**asdict(feedback), "verdict": str(feedback.verdict)}
        await self.database.execute(_KEEP, row)
