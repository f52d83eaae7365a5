"""A database that is damaged: it is kept, and what people have made comes back from the newest good copy."""

import logging
import stat
from pathlib import Path

import pytest

from bot.store.backup import FOLDER, Backups
from bot.store.damage import replace_damaged
from bot.store.database import open_database
from bot.store.errors import DatabaseDamaged
from bot.store.journal import SqliteJournal
from bot.store.migrations import migrations
from bot.store.presence import SqlitePresence
from bot.store.settings import SqliteSettings
from tests.bot.store.test_backup import ANN, NIGHT, fill, model_of_ann
from tests.doubles.journal import thread_of

RUBBISH = b"not a database at all " * 100
DAMAGED = "bot.db.damaged-20261125T110000Z"


def damage(directory: Path) -> None:
    (directory / "bot.db").write_bytes(RUBBISH)


async def test_a_damaged_database_is_set_aside_and_settings_come_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_database(tmp_path, now=lambda: 0.0) as database:
        await fill(database)
        await Backups(tmp_path, 7, lambda: NIGHT - 86_400).make()
    damage(tmp_path)

    with caplog.at_level(logging.ERROR):
        async with open_database(tmp_path, now=lambda: NIGHT) as database:
            assert await model_of_ann(database) == "gpt-6-luna"
            assert await SqliteJournal(database).waiting(thread_of()) == ()
            assert await SqlitePresence(database).heard_until() is None

    assert (tmp_path / DAMAGED).read_bytes() == RUBBISH
    assert stat.S_IMODE((tmp_path / "bot.db").stat().st_mode) == 0o600
    (said,) = caplog.messages
    assert said.startswith("the database is damaged (")
    assert DAMAGED in said
    assert f"{FOLDER}/bot-20261124T110000Z.sqlite" in said


async def test_a_copy_from_before_an_update_is_brought_to_the_newest_schema(tmp_path: Path) -> None:
    older = migrations()[:2]
    async with open_database(tmp_path, now=lambda: 0.0, schema=older) as database:
        await SqliteSettings(database).override(ANN, {"model": "gpt-6-luna"}, by="U1", at=1.0)
        await Backups(tmp_path, 7, lambda: NIGHT).make()
    damage(tmp_path)

    async with open_database(tmp_path, now=lambda: NIGHT) as database:
        await SqlitePresence(database).note(1.0)
        assert await model_of_ann(database) == "gpt-6-luna"


async def test_without_a_good_copy_the_bot_begins_anew(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    damage(tmp_path)

    async with open_database(tmp_path, now=lambda: NIGHT) as database:
        await fill(database)

    assert (tmp_path / DAMAGED).read_bytes() == RUBBISH
    assert "there is no good backup" in caplog.text


def test_what_lay_beside_the_damaged_file_is_set_aside_with_it(tmp_path: Path) -> None:
    damage(tmp_path)
    (tmp_path / "bot.db-wal").write_bytes(b"what was not yet in the file")

    replace_damaged(tmp_path / "bot.db", DatabaseDamaged("rubbish"), now=lambda: NIGHT)

    assert {path.name for path in tmp_path.iterdir()} == {DAMAGED, f"{DAMAGED}-wal"}


async def test_a_page_that_rotted_is_found_at_the_start(tmp_path: Path) -> None:
    async with open_database(tmp_path, now=lambda: 0.0) as database:
        await fill(database)
    with (tmp_path / "bot.db").open("r+b") as file:
        file.seek(4096 * 2)
        file.write(b"\xff" * 4096 * 3)

    async with open_database(tmp_path, now=lambda: NIGHT) as database:
        assert await model_of_ann(database) is None
    assert (tmp_path / DAMAGED).exists()


async def test_a_process_that_was_killed_while_it_put_the_copy_in_place_is_finished_by_the_next(tmp_path: Path) -> None:
    async with open_database(tmp_path, now=lambda: 0.0) as database:
        await fill(database)
    (tmp_path / "bot.db").rename(tmp_path / "bot.db.new")

    async with open_database(tmp_path, now=lambda: NIGHT) as database:
        assert await model_of_ann(database) == "gpt-6-luna"
    assert not (tmp_path / "bot.db.new").exists()
