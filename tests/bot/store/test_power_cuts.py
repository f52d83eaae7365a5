"""The power goes out at any moment: the next start holds all that was acknowledged, and nothing half.

A power cut leaves what was synced, and anything of what was not: here, any beginning of what the next commit was
writing, with what stood there before, nothing, or rubbish behind it. With `synchronous=FULL` everything is synced
that stands in the log when a commit returns, and everything in the log before a checkpoint touches the database
(sqlite.org, "Write-Ahead Logging"; the format of the log is that of "Database File Format", section 4).
"""

import asyncio
import random
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from bot.store.database import Database, open_database
from bot.store.journal import SqliteJournal
from tests.doubles.journal import reference, thread_of

SEED, ROUNDS = 7, 25
PAGES_UNTIL_CHECKPOINT = 15
HEADER, FRAME, SECTOR = 32, 24 + 4096, 512

Rows = dict[str, list[tuple[object, ...]]]


@dataclass(frozen=True, slots=True)
class Disk:
    """Both files when all so far was acknowledged and nothing more was asked for, and the rows that they hold."""

    database: bytes
    log: bytes
    rows: Rows

    def ends(self, *, commits: bool) -> list[int]:
        """Where the header and the frames of the log end, or those alone that complete a commit."""
        salts = self.log[16:24]
        ends = [HEADER]
        for at in range(HEADER, len(self.log) - FRAME + 1, FRAME):
            if self.log[at + 8 : at + 16] != salts:
                break  # of an earlier run through the log
            if not commits or self.log[at + 4 : at + 8] != bytes(4):
                ends.append(at + FRAME)
        return ends


def rows_in(connection: sqlite3.Connection) -> Rows:
    tables = ("messages", "deliveries", "threads", "reply_messages")
    return {table: connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall() for table in tables}


async def work(journal: SqliteJournal, rng: random.Random) -> AsyncIterator[None]:
    """Writes of all kinds, one alone or several side by side; comes back each time that all are acknowledged."""
    for number in range(1, ROUNDS):
        thread = thread_of(rng.randint(1, 4))
        come = [reference(number * 10 + each, thread) for each in range(rng.choice((1, 1, 4)))]
        await asyncio.gather(*(journal.accept(each, now=number) for each in come))
        yield
        epoch = await journal.claim(thread)
        yield
        await asyncio.gather(*(journal.add_reply_message(thread, epoch, f"{number}.{each}") for each in range(3)))
        yield
        if rng.random() < 0.7:
            await journal.finish(thread, epoch, await journal.waiting(thread), now=number)
            yield


async def lived_through(folder: Path, rng: random.Random) -> list[Disk]:
    disks: list[Disk] = []
    async with open_database(folder, now=lambda: 0.0) as database:
        await database.write(lambda db: db.execute(f"PRAGMA wal_autocheckpoint = {PAGES_UNTIL_CHECKPOINT}"))
        disks.extend([await as_it_is(folder, database) async for _ in work(SqliteJournal(database), rng)])
    return disks


async def as_it_is(folder: Path, database: Database) -> Disk:
    path = folder / "bot.db"
    return Disk(path.read_bytes(), path.with_name("bot.db-wal").read_bytes(), await database.read(rows_in))


def cuts(before: Disk, after: Disk, rng: random.Random) -> Iterator[bytes]:
    """What may stand in the log when the power goes out between the two."""
    is_anew = before.log[16:24] != after.log[16:24]
    synced = 0 if is_anew else before.ends(commits=True)[-1]
    ends = [end for end in after.ends(commits=False) if end >= synced]
    for end in (*ends, *(rng.randrange(synced, ends[-1]) for _ in range(4))):
        yield after.log[:end] + rng.choice((b"", before.log[end:], rng.randbytes(rng.randint(1, 2 * FRAME))))


def half_checkpointed(before: Disk, after: Disk, rng: random.Random) -> bytes:
    """The database with some sectors from before, and some from after."""
    old = before.database.ljust(len(after.database), b"\0")
    sectors = range(0, len(after.database), SECTOR)
    return b"".join(rng.choice((old, after.database))[at : at + SECTOR] for at in sectors)


def found_after(folder: Path, database: bytes, log: bytes) -> Rows:
    """What is there when the files are opened again."""
    put(folder, database, log)
    with closing(sqlite3.connect(folder / "bot.db")) as connection:
        connection.execute("PRAGMA synchronous = OFF")  # of this one nothing need survive
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return rows_in(connection)


def put(folder: Path, database: bytes, log: bytes) -> None:
    for left_over in folder.iterdir():
        left_over.unlink()
    (folder / "bot.db").write_bytes(database)
    (folder / "bot.db-wal").write_bytes(log)


def is_whole(rows: Rows) -> bool:
    """Nothing of the journal is half: every message came in an event, and every reply belongs to a claimed thread."""
    messages, deliveries = rows["messages"], rows["deliveries"]
    threads = {(workspace, channel, root) for workspace, channel, root, *_ in rows["threads"]}
    replies = {(workspace, channel, root) for _, workspace, channel, root, *_ in rows["reply_messages"]}
    return {row[4] for row in messages} == {row[1] for row in deliveries} and replies <= threads


async def test_wherever_the_power_goes_out_everything_acknowledged_is_there_and_nothing_half(tmp_path: Path) -> None:
    rng, life, start = random.Random(SEED), tmp_path / "life", tmp_path / "start"
    start.mkdir()
    disks = await lived_through(life, rng)
    checkpoints = logs_begun_anew = 0

    for before, after in pairwise(disks):
        committed = after.log[: after.ends(commits=True)[-1]]
        for log in cuts(before, after, rng):
            found = found_after(start, before.database, log)
            # What stood there before may go on just as the new does.
            assert found == (after.rows if log.startswith(committed) else before.rows)
            assert is_whole(found)

        if before.database != after.database:
            checkpoints += 1
            assert found_after(start, half_checkpointed(before, after, rng), after.log) == after.rows
        logs_begun_anew += before.log[16:24] != after.log[16:24]

    assert checkpoints > 3
    assert logs_begun_anew > 3


async def test_the_daemons_own_start_finds_it_all_without_a_repair(tmp_path: Path) -> None:
    rng, start = random.Random(SEED), tmp_path / "start"
    start.mkdir()
    disks = await lived_through(tmp_path / "life", rng)
    for before, after in list(pairwise(disks))[::10]:
        *_, log = cuts(before, after, rng)
        put(start, before.database, log)
        async with open_database(start, now=lambda: 0.0) as database:
            assert await database.read(rows_in) in (before.rows, after.rows)
        assert list(start.glob("*damaged*")) == []
