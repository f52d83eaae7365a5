"""What is left in the database of somebody who was forgotten."""

from pathlib import Path

from bot.domain.records import Expense, Feedback, Verdict
from bot.domain.settings import Holder, Scope
from bot.domain.usage import Usage
from bot.store.database import Database, open_database
from bot.store.feedback import SqliteFeedback
from bot.store.notices import SqliteNotices
from bot.store.people import SqlitePersonalRecords
from bot.store.settings import SqliteSettings
from bot.store.usage import SqliteUsage

CHANNEL = Holder(Scope.CHANNEL, "T1", "C1")


async def keep(database: Database, user: str) -> None:
    """All that the bot ever keeps of a person."""
    settings = SqliteSettings(database)
    await settings.override(Holder(Scope.USER, "T1", user), {"instructions": f"call me {user}-nick"}, by=user, at=1)
    await settings.override(CHANNEL, {f"note-{len(user)}": "short"}, by=user, at=1)
    await SqliteUsage(database).note(Expense("T1", "C1", user, "gpt", Usage(1, 0, 1), 0, 0.5, at=1))
    await SqliteFeedback(database).keep(Feedback("T1", "C1", "1.1", user, Verdict.BAD, 1, f"from {user}"))
    await SqliteNotices(database).is_first("T1", user, "hint", at=1)


def in_files(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


async def test_nothing_of_them_is_left_in_the_files_and_all_of_others(tmp_path: Path) -> None:
    async with open_database(tmp_path, now=lambda: 0.0) as database:
        await keep(database, "UANNANN")
        await keep(database, "UBEN")
    async with open_database(tmp_path, now=lambda: 0.0) as database:
        assert b"UANNANN" in in_files(tmp_path)
        await SqlitePersonalRecords(database).forget("T1", "UANNANN")
        assert not await SqliteNotices(database).is_first("T1", "UBEN", "hint", at=2)
        assert (await SqliteUsage(database).totals("T1", "UBEN", since=0)).answers == 1
        assert (await SqliteSettings(database).overrides((CHANNEL,)))[CHANNEL] == {"note-4": "short", "note-7": "short"}
    left = in_files(tmp_path)
    assert b"UANNANN" not in left
    assert b"UBEN-nick" in left


async def test_in_another_workspace_they_are_somebody_else(tmp_path: Path) -> None:
    async with open_database(tmp_path, now=lambda: 0.0) as database:
        await keep(database, "UBEN")
        await SqlitePersonalRecords(database).forget("T2", "UBEN")
        assert (await SqliteUsage(database).totals("T1", "UBEN", since=0)).answers == 1
