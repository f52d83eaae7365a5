"""Looks at the database and its disk without changing anything, also while a bot works on it."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from bot.domain.findings import Finding, note, ok, problem, warning
from bot.store.backup import DATABASE, FOLDER, backups_in, is_sound, read_only
from bot.store.database import OLDEST_SQLITE
from bot.store.errors import DatabaseDamaged, DatabaseNewer, StoreUnavailable, disk_errors, translated
from bot.store.lock import running_bot
from bot.store.migrations import applied, lacking, migrations

_TOO_LITTLE, _LITTLE = 64 * 2**20, 512 * 2**20
"""Bytes that are free on the disk; below the first, the database's own log and one backup may not find room."""


_REMEDY = "Let it be a folder that the bot's user may write, and run this as that user."


def inspect(directory: Path, keep: int) -> list[Finding]:
    """Everything about the database of this data directory; `keep` is how many backups are wanted.

    Blocks while the whole file is read, and may take seconds for a large one.
    """
    findings: list[Finding] = []
    for look in (_sqlite, _folder, _bot, _database, partial(_copies, keep=keep)):
        try:
            with disk_errors(directory):
                findings.extend(look(directory))
        except StoreUnavailable as error:
            findings.append(problem(f"DATA_DIR: {error}.", _REMEDY))
    return list(dict.fromkeys(findings))


def schema_of(path: Path) -> int | None:
    """The schema that this database has; None when there is no database. Raises StoreUnavailable."""
    if not path.exists():
        return None
    return max(_applied(path), default=0)


def _sqlite(_: Path) -> Iterator[Finding]:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        oldest = ".".join(map(str, OLDEST_SQLITE))
        yield problem(f"SQLite {sqlite3.sqlite_version} is too old.", f"Use a Python with SQLite {oldest} or newer.")


def _folder(directory: Path) -> Iterator[Finding]:
    nearest = next(parent for parent in (directory, *directory.parents) if parent.exists())
    # By writing: permissions do not tell of a disk that is mounted read-only.
    with disk_errors(nearest), tempfile.TemporaryFile(dir=nearest):
        free = shutil.disk_usage(nearest).free
    if nearest == directory:
        yield ok(f"DATA_DIR, {directory}, can be written.")
    else:
        yield note(f"DATA_DIR, {directory}, is made at the first start; {nearest} can be written.")
    yield room(free)


def room(free: int) -> Finding:
    """What so many free bytes on the disk mean."""
    said = f"{free // 2**20:,} MB are free on the disk of DATA_DIR."
    if free < _TOO_LITTLE:
        return problem(said, "Make room: without it, the bot can take no message.")
    return warning(said, "Make room soon.") if free < _LITTLE else ok(said)


def _bot(directory: Path) -> Iterator[Finding]:
    if holder := running_bot(directory):
        yield note(f"A bot is running on this DATA_DIR (pid {holder}); another one would refuse to start.")


def _database(directory: Path) -> Iterator[Finding]:
    path = directory / DATABASE
    if not path.exists():
        yield note("There is no database yet; it is made at the first start.")
        return
    try:
        missing = lacking(_applied(path), migrations())
        if not is_sound(path):
            raise DatabaseDamaged("SQLite finds that it is not sound")
    except DatabaseDamaged as error:
        yield problem(
            f"{path}: {error}.", "The next start sets it aside and goes on with the newest backup that is good."
        )
    except DatabaseNewer as error:
        yield problem(f"{path}: {error}.", "Start the newer version, or restore a backup from before.")
    else:
        yield ok(f"The database is sound; its schema is {schema_of(path)}.")
        if missing:
            yield note(f"The next start, or --migrate-only, brings it to schema {missing[-1].number}.")


def _copies(directory: Path, keep: int) -> Iterator[Finding]:
    copies = backups_in(directory / FOLDER)
    if not keep:
        yield warning("No backups are made: BACKUP_KEEP is 0.", "Let something else copy the database.")
    elif not copies:
        yield note("There are no backups yet; BACKUP_SCHEDULE says when they are made.")
    elif is_sound(copies[0]):
        yield ok(f"The newest of {len(copies)} backups, {copies[0].name}, is sound.")
    else:
        yield warning(f"The newest backup, {copies[0]}, is damaged.", "Move it away, and look at the disk.")


def _applied(path: Path) -> dict[int, str]:
    try:
        with closing(read_only(path)) as connection:
            return applied(connection)
    except sqlite3.Error as error:
        raise translated(error) from error
