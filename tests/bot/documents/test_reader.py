"""The pool of workers: whatever happens to one of them costs one file, and nothing is left behind."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import psutil
import pytest

from bot.documents.process import PROGRAM
from bot.documents.reader import Bounds, WorkerReader
from bot.domain.errors import FileUnusable
from bot.domain.files import Document, Flaw, Section, Unit
from tests.doubles.until import until

STRANGE = f"""
import runpy; runpy.run_path({str(Path(__file__).with_name("strange_worker.py"))!r}, run_name="__main__")
"""
DEADLINE = 20.0
"""Seconds; far beyond what these files take, so that only what hangs meets the short ones."""


def strange_reader(bounds: Bounds | None = None) -> AbstractAsyncContextManager[WorkerReader]:
    return reader_of(STRANGE, bounds)


@asynccontextmanager
async def reader_of(program: str, bounds: Bounds | None = None) -> AsyncIterator[WorkerReader]:
    reader = WorkerReader(bounds or Bounds(deadline=DEADLINE), program=program)
    try:
        yield reader
    finally:
        await reader.close()


async def read(reader: WorkerReader, name: str, content: bytes = b"content") -> Document:
    document = await reader.read(name, content)
    assert isinstance(document, Document)
    return document


async def flaw_of(reader: WorkerReader, name: str) -> Flaw:
    with pytest.raises(FileUnusable) as caught:
        await reader.read(name, b"content")
    return caught.value.flaw


def workers() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if _runs(child)]


async def test_a_file_is_read_in_another_process() -> None:
    async with reader_of(PROGRAM) as reader:
        document = await reader.read("notes.md", b"# Notes")
    assert document == Document("notes.md", "Markdown file", Unit.PART, 1, (Section(1, "# Notes"),))
    assert workers() == []


async def test_no_worker_runs_before_the_first_file_and_few_after_many() -> None:
    async with strange_reader() as reader:
        assert workers() == []
        await asyncio.gather(*(reader.read("echo", b"x") for _ in range(10)))
        assert len(workers()) == 2


async def test_an_empty_file_needs_no_worker() -> None:
    async with strange_reader() as reader:
        with pytest.raises(FileUnusable) as caught:
            await reader.read("echo", b"")
        assert caught.value.flaw is Flaw.EMPTY
        assert workers() == []


@pytest.mark.parametrize(
    ("name", "flaw"),
    [
        ("abort", Flaw.TOO_COMPLEX),
        ("crash", Flaw.TOO_COMPLEX),
        ("hoard", Flaw.TOO_COMPLEX),
        ("recurse", Flaw.TOO_COMPLEX),
        ("spin", Flaw.TOO_SLOW),
        ("exit", Flaw.BROKEN),
        ("panic", Flaw.BROKEN),
        ("nonsense", Flaw.BROKEN),
    ],
)
async def test_what_happens_to_a_worker_tells_of_the_file(name: str, flaw: Flaw) -> None:
    async with strange_reader() as reader:
        assert await flaw_of(reader, name) is flaw
        assert (await read(reader, "echo")).sections == (Section(1, "content"),)


async def test_a_file_that_takes_too_long_is_given_up_and_its_worker_replaced() -> None:
    async with strange_reader(Bounds(deadline=0.5)) as reader:
        assert await flaw_of(reader, "hang") is Flaw.TOO_SLOW
    assert workers() == []


@pytest.mark.parametrize(
    ("name", "cut"), [("after hang", Flaw.TOO_SLOW), ("after abort", Flaw.TOO_COMPLEX), ("after panic", Flaw.BROKEN)]
)
async def test_the_pages_that_were_read_before_are_kept(name: str, cut: Flaw) -> None:
    async with strange_reader(Bounds(deadline=2.0)) as reader:
        document = await read(reader, name)
    assert (document.sections, document.total, document.cut) == ((Section(1, "content"),), 3, str(cut))


async def test_a_killed_worker_loses_only_its_own_file() -> None:
    async with strange_reader() as reader:
        async with asyncio.TaskGroup() as group:
            lost = group.create_task(flaw_of(reader, "hang"))
            await until(lambda: len(workers()) == 1)
            (victim,) = workers()
            kept = group.create_task(read(reader, "echo"))
            await kept
            victim.kill()
        assert lost.result() is Flaw.TOO_COMPLEX
        assert kept.result().sections == (Section(1, "content"),)


async def test_cancelling_kills_the_worker_and_its_children() -> None:
    async with strange_reader() as reader:
        reading = asyncio.create_task(reader.read("child", b"x"))
        await until(lambda: any(worker.children() for worker in workers()))
        family = [process for worker in workers() for process in (worker, *worker.children())]
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        await until(lambda: not any(_runs(process) for process in family))
        assert (await read(reader, "echo")).total == 3


def _runs(process: psutil.Process) -> bool:
    try:
        return str(process.status()) != "zombie"
    except psutil.NoSuchProcess:
        return False


async def test_cancelling_what_waits_gives_its_place_to_the_next() -> None:
    async with strange_reader(Bounds(workers=1, waiting=1, deadline=DEADLINE)) as reader:
        first = asyncio.create_task(reader.read("hang", b"x"))
        await until(lambda: len(workers()) == 1)
        second = asyncio.create_task(reader.read("echo", b"x"))
        await asyncio.sleep(0)
        second.cancel()
        await asyncio.wait({second})
        third = asyncio.create_task(read(reader, "echo"))
        await asyncio.sleep(0)
        first.cancel()
        assert (await third).total == 3


async def test_too_many_waiting_files_are_sent_away() -> None:
    async with strange_reader(Bounds(workers=1, waiting=2, deadline=DEADLINE)) as reader:
        tasks = [asyncio.create_task(reader.read("hang", b"x")) for _ in range(3)]
        await asyncio.sleep(0)
        assert await flaw_of(reader, "echo") is Flaw.BUSY
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


async def test_closing_ends_what_runs_and_what_waits() -> None:
    async with strange_reader(Bounds(workers=1, deadline=DEADLINE)) as reader:
        tasks = [asyncio.create_task(reader.read("hang", b"x")) for _ in range(3)]
        await until(lambda: len(workers()) == 1)
        await reader.close()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(result, FileUnusable) for result in results)
    assert workers() == []


async def test_a_worker_without_work_ends() -> None:
    async with strange_reader(Bounds(idle=0.05, deadline=DEADLINE)) as reader:
        await reader.read("echo", b"x")
        await until(lambda: workers() == [])


async def test_a_worker_is_replaced_after_many_files() -> None:
    async with strange_reader() as reader:
        await reader.read("echo", b"x")
        (first,) = workers()
        for _ in range(50):
            await reader.read("echo", b"x")
        (second,) = workers()
        assert second.pid != first.pid


async def test_a_worker_that_died_while_it_had_no_work_costs_nothing() -> None:
    async with strange_reader() as reader:
        await reader.read("echo", b"x")
        (idle,) = workers()
        idle.kill()
        await until(lambda: not _runs(idle))
        assert (await read(reader, "echo")).total == 3


async def test_a_worker_sees_no_secret_and_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    async with strange_reader() as reader:
        (section,) = (await read(reader, "environment")).sections
    variables, _, devices = section.text.partition(" devices ")
    assert "PATH" in variables
    assert "SLACK" not in variables
    # Not every system allows a network of one's own to a process without rights.
    assert devices == "['lo']" or os.geteuid() != 0


async def test_what_libraries_print_does_not_disturb() -> None:
    async with strange_reader() as reader:
        assert (await read(reader, "chatter")).sections == (Section(1, "content"),)


async def test_a_worker_cannot_write_files() -> None:
    async with strange_reader() as reader:
        assert await flaw_of(reader, "write") is Flaw.BROKEN


async def test_fifty_megabytes_are_handed_over_without_holding_up_the_loop() -> None:
    longest, ticks = 0.0, 0

    async def tick() -> None:
        nonlocal longest, ticks
        while True:
            before = time.monotonic()
            await asyncio.sleep(0)
            longest, ticks = max(longest, time.monotonic() - before), ticks + 1

    async with strange_reader() as reader:
        ticking = asyncio.create_task(tick())
        document = await read(reader, "echo", b"x" * 50_000_000)
        ticking.cancel()
    assert document.cut == "only its first 4,000,000 characters were read"
    assert len(document.sections[0].text) == 4_000_000
    # Generous, for a busy machine; one write of it all would still take no turn of the loop in between.
    assert ticks > 500
    assert longest < 1.0
