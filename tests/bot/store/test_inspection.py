"""The database is looked at without being changed, whatever state it is in."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.findings import Verdict
from bot.store.backup import DATABASE, FOLDER, Backups
from bot.store.database import open_database
from bot.store.inspection import inspect, room, schema_of

NIGHT = 1_800_000_000.0


async def made(directory: Path) -> Path:
    async with open_database(directory, lambda: NIGHT):
        pass
    return directory / DATABASE


def change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(statement)


def newer(path: Path) -> None:
    change(path, "INSERT INTO schema_version VALUES (999, 'x', 0)")


def other_files(path: Path) -> None:
    change(path, "UPDATE schema_version SET sha256 = 'x' WHERE number = 1")


def older(path: Path) -> None:
    change(path, "DELETE FROM schema_version WHERE number > 2")


def rubbish(path: Path) -> None:
    path.write_bytes(b"not a database at all " * 100)


def told(directory: Path, verdict: Verdict, keep: int = 7) -> str:
    return " ".join(str(finding) for finding in inspect(directory, keep) if finding.verdict is verdict)


def test_a_folder_that_is_not_there_yet_is_no_problem_and_stays_away(tmp_path: Path) -> None:
    assert told(tmp_path / "data", Verdict.PROBLEM) == ""
    assert "made at the first start" in told(tmp_path / "data", Verdict.NOTE)
    assert not (tmp_path / "data").exists()


def test_a_folder_that_cannot_be_one_is_named_once(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    problems = [each for each in inspect(tmp_path / "file" / "data", 7) if each.verdict is Verdict.PROBLEM]
    assert len(problems) == 1
    assert str(tmp_path / "file") in problems[0].found


async def test_a_sound_database_is_told_with_its_schema_and_not_touched(tmp_path: Path) -> None:
    path = await made(tmp_path)
    before = path.read_bytes()
    assert f"its schema is {schema_of(path)}" in told(tmp_path, Verdict.OK)
    assert told(tmp_path, Verdict.PROBLEM) == ""
    assert path.read_bytes() == before


async def test_a_bot_that_works_on_it_is_a_note_and_goes_on(tmp_path: Path) -> None:
    async with open_database(tmp_path, lambda: NIGHT) as database:
        assert f"pid {os.getpid()}" in told(tmp_path, Verdict.NOTE)
        assert "is sound" in told(tmp_path, Verdict.OK)
        await database.write(lambda connection: connection.execute("DELETE FROM notices"))
    assert "A bot is running" not in told(tmp_path, Verdict.NOTE)


@pytest.mark.parametrize(
    ("harm", "verdict", "says"),
    [
        (newer, Verdict.PROBLEM, "written by a newer version"),
        (other_files, Verdict.PROBLEM, "is not the file that this database was made with"),
        (rubbish, Verdict.PROBLEM, "is damaged"),
        (older, Verdict.NOTE, "brings it to schema"),
    ],
)
async def test_a_database_that_does_not_fit_is_told(
    tmp_path: Path, harm: Callable[[Path], None], verdict: Verdict, says: str
) -> None:
    harm(await made(tmp_path))
    assert says in told(tmp_path, verdict)


async def test_backups_are_looked_at(tmp_path: Path) -> None:
    await made(tmp_path)
    assert "There are no backups yet" in told(tmp_path, Verdict.NOTE)
    assert "BACKUP_KEEP is 0" in told(tmp_path, Verdict.WARNING, keep=0)
    await Backups(tmp_path, 7, lambda: NIGHT).make()
    assert "The newest of 1 backups" in told(tmp_path, Verdict.OK)
    (copy,) = (tmp_path / FOLDER).iterdir()
    rubbish(copy)
    assert f"{copy}, is damaged" in told(tmp_path, Verdict.WARNING)


@pytest.mark.parametrize(
    ("megabytes", "verdict"), [(10, Verdict.PROBLEM), (100, Verdict.WARNING), (10_000, Verdict.OK)]
)
def test_a_full_disk_is_seen_coming(megabytes: int, verdict: Verdict) -> None:
    assert room(megabytes * 2**20).verdict is verdict
