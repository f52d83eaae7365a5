"""What the journal in SQLite promises beyond every other: it survives, and finds its way without searching."""

import asyncio
import os
import random
import re
import signal
import sys
from pathlib import Path

from bot.domain.records import Backlog
from bot.store.database import open_database
from bot.store.journal import SqliteJournal
from tests.doubles.journal import reference, thread_of

ROOT = Path(__file__).parents[3]


async def test_nothing_done_for_a_thread_looks_at_all_messages_of_its_channel(tmp_path: Path) -> None:
    async with open_database(tmp_path, now=lambda: 0.0) as database:
        journal, statements = SqliteJournal(database), list[str]()
        for use in (database.read, database.write):
            await use(lambda db: db.set_trace_callback(statements.append))

        await journal.accept(reference(1), now=1)
        epoch = await journal.claim(thread_of())
        await journal.attempts(thread_of())
        await journal.add_reply_message(thread_of(), epoch, "2.5")
        await journal.reply_messages(thread_of())
        await journal.finish(thread_of(), epoch, await journal.waiting(thread_of()), now=2)
        await journal.reopen(thread_of(), "1.000000", ("2.5",), 0.0)

        queries = [text for text in statements if text.lstrip().startswith(("SELECT", "UPDATE", "DELETE"))]
        plans = await database.read(
            lambda db: [db.execute(f"EXPLAIN QUERY PLAN {text}").fetchall() for text in queries]
        )

    steps = [step[3] for plan in plans for step in plan if "SUBQUERY" not in step[3]]
    assert len(steps) >= 8
    assert [step for step in steps if not re.search(r"\b(root|message)=\?", step)] == []


async def test_what_waits_is_counted_without_a_look_at_what_was_answered(tmp_path: Path) -> None:
    async with open_database(tmp_path, now=lambda: 0.0) as database:
        journal, statements = SqliteJournal(database), list[str]()
        assert await journal.backlog() == Backlog()
        for number in (3, 1, 2):
            await journal.accept(reference(number), now=9)
        epoch = await journal.claim(thread_of())
        await journal.finish(thread_of(), epoch, (reference(1),), now=9)

        await database.read(lambda db: db.set_trace_callback(statements.append))
        assert await journal.backlog() == Backlog(2, reference(2).sent_at)
        plan = await database.read(lambda db: db.execute(f"EXPLAIN QUERY PLAN {statements[0]}").fetchall())
    assert "INDEX waiting_messages" in plan[0][3]


async def kill_at_a_random_moment(directory: Path) -> list[tuple[str, str]]:
    """What the process said before it died."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(__file__).with_name("accepting.py")),
        str(directory),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    said = await process.stdout.readline()
    for _ in range(random.randrange(300)):
        said += await process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    said += await process.stdout.read()
    assert await process.wait() == -signal.SIGKILL
    complete = said[: said.rfind(b"\n")].decode()
    return [(kind, name) for kind, name in (line.split() for line in complete.splitlines())]


async def test_nothing_that_was_acknowledged_is_lost_however_often_the_process_is_killed(tmp_path: Path) -> None:
    said = [line for _ in range(20) for line in await kill_at_a_random_moment(tmp_path)]

    async with open_database(tmp_path, now=lambda: 0.0) as database:
        kept = dict(await database.read(lambda db: db.execute("SELECT event, finished_at FROM messages").fetchall()))
        waiting = {thread.channel for thread in await SqliteJournal(database).threads_with_work()}

    assert {name for kind, name in said if kind == "accepted"} <= kept.keys()
    assert not {name for kind, name in said if kind == "finished"} & waiting
    assert any(kind == "finished" for kind, _ in said)
    assert waiting
