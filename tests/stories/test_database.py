"""What the daemon does about a database, or a disk, that is not as it should be."""

import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

from playground.openai import scripts
from tests.bot.store.released import restore
from tests.doubles.until import until
from tests.stories.stage import PATIENCE, Daemon, Stage

ANSWER = "The answer is forty-two."
RUBBISH = b"not a database at all " * 100


def database_of(stage: Stage) -> Path:
    return stage.folder / "data" / "bot.db"


def unfinished(stage: Stage) -> int:
    """How many messages still wait for their answer, as far as the daemon has written down."""
    with closing(sqlite3.connect(database_of(stage))) as database:
        return int(database.execute("SELECT COUNT(*) FROM messages WHERE finished_at IS NULL").fetchone()[0])


def noted_replies(stage: Stage) -> int:
    """How many messages of replies the daemon has written down."""
    with closing(sqlite3.connect(database_of(stage))) as database:
        return int(database.execute("SELECT COUNT(*) FROM reply_messages").fetchone()[0])


@contextmanager
def full_disk(stage: Stage, daemon: Daemon) -> Iterator[None]:
    """The log of the database, into which all that is new is written, cannot grow while inside."""
    full = database_of(stage).with_name("bot.db-wal").stat().st_size
    before = resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE, (full, before[1]))
    try:
        yield
    finally:
        resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE, before)


async def test_a_damaged_database_is_set_aside_and_the_daemon_goes_on(stage: Stage) -> None:
    daemon = await stage.start()
    await stage.answered(await stage.ask("Hello"))
    assert await daemon.terminate() == 0
    database_of(stage).write_bytes(RUBBISH)

    daemon = await stage.start()
    await stage.answered(await stage.ask("Hello again"))
    (aside,) = database_of(stage).parent.glob("bot.db.damaged-*")
    assert aside.read_bytes() == RUBBISH
    assert aside.name in daemon.lines
    assert "there is no good backup" in daemon.lines
    assert "Traceback" not in daemon.lines


async def test_a_database_that_another_program_holds_is_named(stage: Stage) -> None:
    daemon = await stage.start()
    assert await daemon.terminate() == 0
    with closing(sqlite3.connect(database_of(stage), isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN IMMEDIATE")
        daemon = await stage.launch()
        assert await daemon.ended() == 2
    assert "another program holds the database" in daemon.lines
    assert "Traceback" not in daemon.lines
    assert list(database_of(stage).parent.glob("*.damaged-*")) == []


async def test_while_the_disk_is_full_answers_go_on_and_nothing_is_acknowledged_that_could_get_lost(
    stage: Stage,
) -> None:
    stage.model.script = scripts.say(ANSWER)
    daemon = await stage.start()
    held = stage.model.hold(after=3)
    running = await stage.ask("What is the answer?")
    await until(lambda: noted_replies(stage) == 1, PATIENCE)
    counts = stage.slack.sockets.counts
    stage.slack.sockets.options.ack_seconds = 1.0

    with full_disk(stage, daemon):
        waiting = await stage.ask("And what was the question?")
        await until(lambda: counts.redelivered > 1, PATIENCE)
        assert waiting["ts"] not in [payload["event"].get("ts") for _, payload in counts.taken]
        held.release()
        await stage.workspace.wait_for(lambda: stage.texts(running) == [ANSWER], PATIENCE)
        assert stage.replies(waiting) == []
        (told,) = stage.private(stage.ann)
        assert "my disk is full" in told["text"]

    await stage.answered(waiting)
    await stage.shows(running, ANSWER)


@contextmanager
def locked_database(stage: Stage, _: Daemon) -> Iterator[None]:
    """Another program writes, and does not come to an end while inside."""
    with closing(sqlite3.connect(database_of(stage), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.mark.parametrize("trouble", [full_disk, locked_database])
async def test_a_disk_that_takes_nothing_before_the_first_words_costs_no_answer(
    stage: Stage, trouble: Callable[[Stage, Daemon], AbstractContextManager[None]]
) -> None:
    stage.model.script = scripts.say(ANSWER)
    daemon = await stage.start()
    # A locked database takes five seconds for each thing that is not noted: what is told and noted once comes before.
    await stage.answered(await stage.ask("Hello"))
    await stage.attended()
    before, middle = stage.model.hold(), stage.model.hold(after=3)
    question = await stage.ask("What is the answer?")
    await before.reached.wait()

    with trouble(stage, daemon):
        before.release()
        await stage.workspace.wait_for(lambda: "".join(stage.texts(question)).startswith("The"), PATIENCE)
        middle.release()
        await stage.shows(question, ANSWER)
        await until(lambda: "what is answered is not noted yet" in daemon.lines, PATIENCE)

    await until(lambda: unfinished(stage) == 0, PATIENCE)
    assert stage.texts(question) == [ANSWER]
    assert stage.notes(question) == []
    assert len(stage.model.requests) == 2


async def test_a_database_of_the_oldest_schema_is_upgraded_and_what_waited_in_it_is_answered(stage: Stage) -> None:
    stage.model.script = scripts.say("Good that you waited.")
    asked = await stage.ask("Are you still there?")
    (stage.folder / "data").mkdir()
    restore(1, database_of(stage))
    with closing(sqlite3.connect(database_of(stage))) as database, database:
        where = (stage.workspace.team_id, stage.dm.id, asked["ts"], asked["ts"], float(asked["ts"]))
        waiting = "SET workspace = ?, channel = ?, message = ?, root = ?, sent_at = ? WHERE finished_at IS NULL"
        database.execute(f"UPDATE messages {waiting}", where)

    daemon = await stage.start()
    assert await stage.answered(asked) == ["Good that you waited."]
    assert await stage.answered(await stage.ask("And now?")) == ["Good that you waited."]
    assert "the database was copied to backups/before-schema-2.sqlite" in daemon.lines
    assert (stage.folder / "data" / "backups" / "before-schema-2.sqlite").exists()
