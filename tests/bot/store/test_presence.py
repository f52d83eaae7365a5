"""What is remembered of when the bot was there, and where."""

from pathlib import Path

from bot.store.database import open_database
from bot.store.journal import SqliteJournal
from bot.store.presence import SqlitePresence
from tests.doubles.journal import reference, thread_of


async def test_the_newest_note_outlives_the_process(tmp_path: Path) -> None:
    async with open_database(tmp_path, now=lambda: 0.0) as database:
        presence = SqlitePresence(database)
        assert await presence.heard_until() is None
        await presence.note(1.5)
        await presence.note(2.5)
    async with open_database(tmp_path, now=lambda: 0.0) as database:
        assert await SqlitePresence(database).heard_until() == 2.5


async def test_the_latest_threads_are_those_in_which_messages_came_in_last(tmp_path: Path) -> None:
    async with open_database(tmp_path, now=lambda: 0.0) as database:
        journal, presence = SqliteJournal(database), SqlitePresence(database)
        first, second, third = thread_of(1), thread_of(2, "C2"), thread_of(3)
        for number, thread in ((1, first), (2, second), (3, third), (4, first)):
            await journal.accept(reference(number, thread), now=0.0)

        assert await presence.latest_threads(9) == (first, third, second)
        assert await presence.latest_threads(1) == (first,)
