"""Takes messages as fast as it can, and finishes some, until it is killed; says what the journal promised."""

import asyncio
import itertools
import os
import sys
import time
from pathlib import Path

from bot.store.database import open_database
from bot.store.journal import SqliteJournal
from tests.doubles.journal import reference, thread_of


async def take_messages(journal: SqliteJournal, worker: int) -> None:
    for number in itertools.count(1):
        name = f"{os.getpid()}-{worker}-{number}"
        asked = reference(number, thread_of(channel=name), event=name)
        if await journal.accept(asked, now=time.time()):
            say(f"accepted {name}")
        if number % 3 == 0:
            epoch = await journal.claim(asked.thread)
            await journal.finish(asked.thread, epoch, (asked,), now=time.time())
            say(f"finished {name}")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def main(directory: Path) -> None:
    async with open_database(directory, now=time.time) as database, asyncio.TaskGroup() as group:
        for worker in range(20):
            group.create_task(take_messages(SqliteJournal(database), worker))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
