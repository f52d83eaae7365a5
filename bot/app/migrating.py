"""Brings the database to the newest schema, and ends: what an operator does before a new version starts."""

import time
from collections.abc import Callable
from pathlib import Path

from bot.app import StartFailed
from bot.store.backup import DATABASE, FOLDER
from bot.store.database import open_database
from bot.store.errors import StoreUnavailable
from bot.store.inspection import schema_of


async def bring_up_to_date(data_dir: Path, say: Callable[[str], None]) -> None:
    """Migrate the database of this folder, and say what was done. Raises StartFailed."""
    path, folder = data_dir / DATABASE, data_dir / FOLDER
    try:
        before, copies = schema_of(path), set(folder.glob("*"))
        async with open_database(data_dir, time.time):
            pass
        after, fresh = schema_of(path), sorted(set(folder.glob("*")) - copies)
    except StoreUnavailable as error:
        raise StartFailed(str(error)) from error
    say(outcome(path, before, after, fresh))


def outcome(path: Path, before: int | None, after: int | None, copies: list[Path]) -> str:
    """What became of the database at this path, in a sentence; `before` is None for one that was not there."""
    if before is None:
        done = f"{path} was made, with schema {after}."
    elif before == after:
        done = f"{path} has schema {after}, which is the newest: nothing was to be done."
    else:
        done = f"{path} was brought from schema {before} to schema {after}."
    return " ".join((done, *(f"A copy of what was there before: {copy}." for copy in copies)))
