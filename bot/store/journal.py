"""The journal in SQLite: references of messages and of the replies being written, never a text."""

import sqlite3
from dataclasses import dataclass
from typing import Any

from bot.domain.conversation import ThreadKey
from bot.domain.errors import LeaseLost
from bot.domain.records import Backlog
from bot.ports import Attempts, Reference
from bot.store.database import Database

_EPOCH = "SELECT epoch FROM threads WHERE (workspace, channel, root) = (:workspace, :channel, :root)"
_KEEP_DELIVERY = """
INSERT INTO deliveries (workspace, event, delivered_at) VALUES (:workspace, :event, :now)
ON CONFLICT DO NOTHING
"""
_KEEP_MESSAGE = """
INSERT INTO messages (workspace, channel, message, root, event, to_bot, sent_at, finished_at, since_epoch)
VALUES (:workspace, :channel, :message, :root, :event, :to_bot, :sent_at, :finished_at, COALESCE(
    (SELECT epoch FROM threads WHERE (workspace, channel, root) = (:workspace, :channel, :root)), 0))
ON CONFLICT DO NOTHING
"""
_CLAIM = """
INSERT INTO threads (workspace, channel, root, epoch) VALUES (:workspace, :channel, :root, 1)
ON CONFLICT (workspace, channel, root) DO UPDATE SET epoch = threads.epoch + 1
RETURNING epoch
"""
_WAITING = """
SELECT message, event, to_bot, sent_at FROM messages
WHERE (workspace, channel, root) = (:workspace, :channel, :root) AND finished_at IS NULL
ORDER BY sent_at, message
"""
_ATTEMPTS = """
SELECT COALESCE((SELECT epoch FROM threads WHERE (workspace, channel, root) = (:workspace, :channel, :root))
    - MIN(since_epoch), 0), COALESCE(
    (SELECT waited FROM threads WHERE (workspace, channel, root) = (:workspace, :channel, :root)), 0)
FROM messages WHERE (workspace, channel, root) = (:workspace, :channel, :root) AND finished_at IS NULL
"""
_THREADS_WITH_WORK = """
SELECT workspace, channel, root FROM messages WHERE finished_at IS NULL
GROUP BY workspace, channel, root ORDER BY MIN(sent_at), workspace, channel, root LIMIT :most
"""
_BACKLOG = "SELECT COUNT(*), MIN(sent_at) FROM messages WHERE finished_at IS NULL"
_REPLY_MESSAGES = """
SELECT message, finished_at IS NULL FROM reply_messages
WHERE (workspace, channel, root) = (:workspace, :channel, :root) ORDER BY position
"""
_ADD_REPLY_MESSAGE = """
INSERT INTO reply_messages (workspace, channel, root, message) VALUES (:workspace, :channel, :root, :message)
ON CONFLICT DO NOTHING
"""
_FINISH_MESSAGE = """
UPDATE messages SET finished_at = :now
WHERE (workspace, channel, message) = (:workspace, :channel, :message) AND root = :root AND finished_at IS NULL
"""
_FINISH_REPLY = """
UPDATE reply_messages SET finished_at = :now
WHERE (workspace, channel, root) = (:workspace, :channel, :root) AND finished_at IS NULL
"""
_NOTE_WAITED = """
UPDATE threads SET waited = :waited WHERE (workspace, channel, root) = (:workspace, :channel, :root)
"""
_COUNT_ATTEMPTS_AFRESH = """
UPDATE messages SET since_epoch = :epoch
WHERE (workspace, channel, root) = (:workspace, :channel, :root) AND finished_at IS NULL
"""
# Not while anything waits in the thread: the reply to that is, or will be, the unfinished one.
_REOPEN = """
UPDATE messages SET finished_at = NULL, sent_at = MAX(sent_at, :now), since_epoch = COALESCE(
    (SELECT epoch FROM threads WHERE (workspace, channel, root) = (:workspace, :channel, :root)), 0)
WHERE (workspace, channel, message) = (:workspace, :channel, :message) AND root = :root AND NOT EXISTS (
    SELECT 1 FROM messages AS others
    WHERE (workspace, channel, root) = (:workspace, :channel, :root) AND finished_at IS NULL)
"""
_DROP_REPLY_MESSAGE = """
DELETE FROM reply_messages WHERE (workspace, channel, message) = (:workspace, :channel, :message) AND root = :root
"""
# A thread with work keeps its old replies: what is left of an interrupted one is found by knowing all others.
_FORGET = (
    "DELETE FROM messages WHERE finished_at < :references_before",
    "DELETE FROM deliveries WHERE delivered_at < :references_before",
    """DELETE FROM reply_messages WHERE finished_at < :replies_before AND (workspace, channel, root) IN (
       SELECT workspace, channel, root FROM reply_messages
       EXCEPT SELECT workspace, channel, root FROM messages WHERE finished_at IS NULL)""",
    """DELETE FROM threads WHERE (workspace, channel, root) IN (
       SELECT workspace, channel, root FROM threads
       EXCEPT SELECT workspace, channel, root FROM messages
       EXCEPT SELECT workspace, channel, root FROM reply_messages)""",
)


@dataclass(frozen=True, slots=True)
class SqliteJournal:
    """Keeps the journal of an engine in the database. Raises StoreUnavailable from every method."""

    database: Database

    async def accept(self, reference: Reference, now: float) -> bool:
        kept = {name: getattr(reference, name) for name in ("message", "event", "to_bot", "sent_at")}
        finished_at = None if reference.wants_answer else now
        row = _row(reference.thread, now=now, finished_at=finished_at, **kept)

        def keep(connection: sqlite3.Connection) -> bool:
            event_is_new = connection.execute(_KEEP_DELIVERY, row).rowcount == 1
            return event_is_new and connection.execute(_KEEP_MESSAGE, row).rowcount == 1

        return await self.database.write(keep)

    async def claim(self, thread: ThreadKey) -> int:
        (epoch,) = await self.database.write(lambda connection: connection.execute(_CLAIM, _row(thread)).fetchone())
        return int(epoch)

    async def waiting(self, thread: ThreadKey) -> tuple[Reference, ...]:
        rows = await self._select(_WAITING, thread)
        return tuple(Reference(thread, message, event, bool(to_bot), at) for message, event, to_bot, at in rows)

    async def attempts(self, thread: ThreadKey) -> Attempts:
        (row,) = await self._select(_ATTEMPTS, thread)
        return Attempts(*row)

    async def note_waited(self, thread: ThreadKey, epoch: int, waited: int) -> None:
        await self._write(_NOTE_WAITED, _row(thread, epoch=epoch, waited=waited))

    async def threads_with_work(self, most: int | None = None) -> tuple[ThreadKey, ...]:
        # SQLite takes a negative limit for none.
        rows = await self.database.select(_THREADS_WITH_WORK, {"most": -1 if most is None else most})
        return tuple(ThreadKey(*row) for row in rows)

    async def backlog(self) -> Backlog:
        """All messages that wait, in whatever thread."""
        (row,) = await self.database.select(_BACKLOG)
        return Backlog(*row)

    async def reply_messages(self, thread: ThreadKey) -> tuple[str, ...]:
        return tuple(message for message, unfinished in await self._select(_REPLY_MESSAGES, thread) if unfinished)

    async def add_reply_message(self, thread: ThreadKey, epoch: int, message_id: str) -> None:
        await self._write(_ADD_REPLY_MESSAGE, _row(thread, epoch=epoch, message=message_id))

    async def strangers(self, thread: ThreadKey, message_ids: tuple[str, ...]) -> tuple[str, ...]:
        known = {message for message, _ in await self._select(_REPLY_MESSAGES, thread)}
        return tuple(message for message in message_ids if message not in known)

    async def finish(self, thread: ThreadKey, epoch: int, references: tuple[Reference, ...], now: float) -> None:
        row = _row(thread, epoch=epoch, now=now)

        def mark(connection: sqlite3.Connection) -> None:
            _require_lease(connection, row)
            connection.executemany(_FINISH_MESSAGE, [{**row, "message": done.message} for done in references])
            connection.execute(_FINISH_REPLY, row)
            connection.execute(_COUNT_ATTEMPTS_AFRESH, row)
            connection.execute(_NOTE_WAITED, {**row, "waited": 0})

        await self.database.write(mark)

    async def forget(self, references_before: float, replies_before: float) -> int:
        times = {"references_before": references_before, "replies_before": replies_before}
        # One at a time, so that messages that arrive meanwhile need not wait for all of them.
        return sum([await self.database.execute(statement, times) for statement in _FORGET])

    async def reopen(self, thread: ThreadKey, message_id: str, reply_messages: tuple[str, ...], now: float) -> bool:
        row = _row(thread, message=message_id, now=now)
        reply = [_row(thread, message=message) for message in reply_messages]

        def open_again(connection: sqlite3.Connection) -> bool:
            if connection.execute(_REOPEN, row).rowcount == 0:
                return False
            # Noted afresh, because housekeeping may have forgotten some, and their order is that of the reply.
            connection.executemany(_DROP_REPLY_MESSAGE, reply)
            connection.executemany(_ADD_REPLY_MESSAGE, reply)
            return True

        return await self.database.write(open_again)

    async def _write(self, statement: str, row: dict[str, Any]) -> None:
        """Execute this for the epoch of the row, as long as that is the newest."""

        def write(connection: sqlite3.Connection) -> None:
            _require_lease(connection, row)
            connection.execute(statement, row)

        await self.database.write(write)

    async def _select(self, query: str, thread: ThreadKey) -> list[Any]:
        return await self.database.select(query, _row(thread))


def _row(thread: ThreadKey, **more: Any) -> dict[str, Any]:
    return {"workspace": thread.workspace, "channel": thread.channel, "root": thread.root, **more}


def _require_lease(connection: sqlite3.Connection, row: dict[str, Any]) -> None:
    if connection.execute(_EPOCH, row).fetchone() != (row["epoch"],):
        raise LeaseLost(f"epoch {row['epoch']} of thread {row['channel']}/{row['root']} is over")
