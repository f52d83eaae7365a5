"""What the repositories in SQLite promise beyond every other: they search no whole table, and survive the process."""

from pathlib import Path

from bot.domain.records import Expense
from bot.domain.settings import Holder, Scope
from bot.domain.usage import Usage
from bot.store.database import Database, open_database
from bot.store.notices import SqliteNotices
from bot.store.settings import SqliteSettings
from bot.store.usage import SqliteUsage

ANN = Holder(Scope.USER, "T1", "U1")


async def fill(database: Database) -> None:
    await SqliteSettings(database).override(ANN, {"model": "gpt"}, by="U1", at=5)
    await SqliteUsage(database).note(Expense("T1", "C1", "U1", "gpt", Usage(1, 0, 1), 0, 0.5, at=5))
    await SqliteNotices(database).is_first("T1", "U1", "hint", at=5)


async def test_nothing_is_lost_with_the_process(tmp_path: Path) -> None:
    async with open_database(tmp_path, now=lambda: 0.0) as database:
        await fill(database)
    async with open_database(tmp_path, now=lambda: 0.0) as database:
        assert await SqliteSettings(database).overrides((ANN,)) == {ANN: {"model": "gpt"}}
        assert (await SqliteUsage(database).totals("T1", "U1", since=0)).answers == 1
        assert not await SqliteNotices(database).is_first("T1", "U1", "hint", at=6)


async def test_what_an_answer_waits_for_is_found_without_searching(tmp_path: Path) -> None:
    async with open_database(tmp_path, now=lambda: 0.0) as database:
        statements: list[str] = []
        await database.read(lambda connection: connection.set_trace_callback(statements.append))
        await SqliteSettings(database).overrides((ANN,))
        await SqliteUsage(database).totals("T1", "U1", since=0)
        await SqliteNotices(database).is_first("T1", "U1", "hint", at=5)
        await database.read(lambda connection: connection.set_trace_callback(None))
        plans = await database.read(
            lambda connection: [connection.execute(f"EXPLAIN QUERY PLAN {text}").fetchall() for text in statements]
        )

    steps = [step[3] for plan in plans for step in plan]
    assert len(steps) == 3
    assert [step for step in steps if not step.startswith("SEARCH")] == []
