"""What every engine promises: each message is worked on, in order, by one piece of work at a time, until finished."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot.domain.errors import LeaseLost
from bot.domain.reply import StopReason
from bot.engine.embedded import EmbeddedEngine
from bot.engine.timing import Timing
from bot.ports import Acceptance, Engine, Journal, Lease, Work
from bot.store.database import open_database
from bot.store.journal import SqliteJournal
from tests.doubles.journal import MemoryJournal, reference, thread_of
from tests.doubles.until import until

THREAD = thread_of(1)
OTHER = thread_of(2)
PLACES = 3


@dataclass
class Desk:
    """Does the work: notes what each lease brought, and waits for `go` before it finishes all of it."""

    leases: list[Lease] = field(default_factory=list)
    batches: list[tuple[str, list[str]]] = field(default_factory=list)
    go: asyncio.Event = field(default_factory=asyncio.Event)
    at_work: int = 0
    most_at_work: int = 0

    async def work(self, lease: Lease) -> None:
        waiting = await lease.waiting()
        self.leases.append(lease)
        self.batches.append((lease.thread.root, [reference.message for reference in waiting]))
        self.at_work += 1
        self.most_at_work = max(self.most_at_work, self.at_work)
        try:
            await self.go.wait()
            await lease.finish(waiting)
        finally:
            self.at_work -= 1


@dataclass
class Office:
    """Engines over one journal, one after the other, as processes follow each other. Pauses pass at once."""

    journal: Journal
    pauses: list[float] = field(default_factory=list)

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        await asyncio.sleep(0)

    def engine(self, pause: Callable[[float], Awaitable[None]] | None = None, timing: Timing | None = None) -> Engine:
        timing = replace(timing or Timing(), pauses=(1, 5, 30), sleep=pause or self.pause)
        return EmbeddedEngine(self.journal, now=lambda: 100.0, places=PLACES, timing=timing)

    async def nothing_waits(self) -> bool:
        return not await self.journal.threads_with_work()


@pytest.fixture(params=["memory", "sqlite"])
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    async with AsyncExitStack() as stack:
        if request.param == "memory":
            yield Office(MemoryJournal())
        else:
            database = await stack.enter_async_context(open_database(tmp_path, now=lambda: 0.0))
            yield Office(SqliteJournal(database))


@asynccontextmanager
async def running(engine: Engine, work: Work) -> AsyncIterator[asyncio.Task[None]]:
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        task = group.create_task(engine.run(work))
        try:
            yield task
        finally:
            await engine.drain(grace=0)
    assert task.done()


async def test_an_accepted_message_is_worked_on(office: Office) -> None:
    engine, desk = office.engine(), Desk()
    desk.go.set()
    async with running(engine, desk.work):
        assert await engine.accept(reference(1, THREAD)) is Acceptance.ACCEPTED
        await until(office.nothing_waits)

    assert desk.batches == [("1.000000", ["1.000000"])]
    assert [lease.attempt for lease in desk.leases] == [1]


async def test_a_duplicate_is_not_worked_on_again(office: Office) -> None:
    engine, desk = office.engine(), Desk()
    desk.go.set()
    async with running(engine, desk.work):
        await engine.accept(reference(1, THREAD))
        assert await engine.accept(reference(1, THREAD)) is Acceptance.DUPLICATE
        await until(office.nothing_waits)
        assert await engine.accept(reference(1, THREAD, event="Ev-again")) is Acceptance.DUPLICATE
        await engine.accept(reference(2, OTHER))
        await until(office.nothing_waits)

    assert [messages for _, messages in desk.batches] == [["1.000000"], ["2.000000"]]


async def test_messages_that_come_while_a_thread_is_worked_on_are_taken_together_by_the_next_lease(
    office: Office,
) -> None:
    engine, desk = office.engine(), Desk()
    async with running(engine, desk.work):
        await engine.accept(reference(1, THREAD))
        await until(lambda: len(desk.batches) == 1)
        for number in (4, 2, 3):
            await engine.accept(reference(number, THREAD))
        desk.go.set()
        await until(office.nothing_waits)

    assert [messages for _, messages in desk.batches] == [["1.000000"], ["2.000000", "3.000000", "4.000000"]]
    assert [lease.attempt for lease in desk.leases] == [1, 1]


async def test_threads_are_worked_on_side_by_side_and_each_by_one_alone(office: Office) -> None:
    engine, desk = office.engine(), Desk()
    async with running(engine, desk.work):
        for number in (1, 2, 3):
            await engine.accept(reference(number, THREAD))
            await engine.accept(reference(number + 10, OTHER))
        await until(lambda: desk.at_work == 2)
        desk.go.set()
        await until(office.nothing_waits)

    assert desk.most_at_work == 2


async def test_only_so_many_threads_are_worked_on_at_once_and_all_get_their_turn(office: Office) -> None:
    engine, desk = office.engine(), Desk()
    async with running(engine, desk.work):
        for number in range(1, 11):
            await engine.accept(reference(number, thread_of(number)))
        await until(lambda: desk.at_work == PLACES)
        desk.go.set()
        await until(office.nothing_waits)

    assert desk.most_at_work == PLACES
    assert [root for root, _ in desk.batches] == [f"{number}.000000" for number in range(1, 11)]


async def test_work_that_raises_is_tried_again_after_longer_and_longer_pauses(office: Office) -> None:
    attempts: list[int] = []

    async def work(lease: Lease) -> None:
        attempts.append(lease.attempt)
        if lease.attempt <= 4:
            raise ConnectionError("not now")
        await lease.finish(await lease.waiting())

    engine = office.engine()
    async with running(engine, work):
        await engine.accept(reference(1, THREAD))
        await until(office.nothing_waits)

    assert attempts == [1, 2, 3, 4, 5]
    assert office.pauses == [1, 5, 30, 30]


async def test_pauses_begin_afresh_after_a_success(office: Office) -> None:
    calls = 0

    async def work(lease: Lease) -> None:
        nonlocal calls
        calls += 1
        if calls % 2:
            raise ConnectionError("every other time")
        await lease.finish((await lease.waiting())[:1])

    engine = office.engine()
    for number in (1, 2, 3):
        await engine.accept(reference(number, THREAD))
    async with running(engine, work):
        await until(office.nothing_waits)

    assert office.pauses == [1, 1, 1]


@pytest.mark.parametrize("references", [0, None])
async def test_work_that_finishes_nothing_is_a_failure_too(
    office: Office, references: int | None, caplog: pytest.LogCaptureFixture
) -> None:
    async def work(lease: Lease) -> None:
        if lease.attempt == 3 or (references == 0 and len(office.pauses) == 2):
            await lease.finish(await lease.waiting())
        elif references == 0:
            await lease.finish(())

    engine = office.engine()
    async with running(engine, work):
        await engine.accept(reference(1, THREAD))
        await until(office.nothing_waits)

    assert office.pauses == [1, 5]
    assert len([record for record in caplog.records if record.levelname == "WARNING"]) == 2


async def test_work_that_is_cancelled_by_what_it_waits_for_is_a_failure_too(office: Office) -> None:
    async def work(lease: Lease) -> None:
        if lease.attempt == 1:
            raise asyncio.CancelledError
        await lease.finish(await lease.waiting())

    engine = office.engine()
    async with running(engine, work):
        await engine.accept(reference(1, THREAD))
        await until(office.nothing_waits)

    assert office.pauses == [1]


async def test_a_failure_of_one_thread_holds_up_no_other(office: Office) -> None:
    async def work(lease: Lease) -> None:
        if lease.thread == THREAD:
            raise ConnectionError("never")
        await lease.finish(await lease.waiting())

    async def pause_for_ever(_: float) -> None:
        await asyncio.Event().wait()

    engine = office.engine(pause_for_ever)
    async with running(engine, work):
        await engine.accept(reference(1, THREAD))
        for number in range(2, 12):
            await engine.accept(reference(number, thread_of(number)))

        async def only_the_failing_one_waits() -> bool:
            return await office.journal.threads_with_work() == (THREAD,)

        await until(only_the_failing_one_waits)


async def test_work_that_fails_after_it_has_finished_is_not_repeated(office: Office) -> None:
    attempts: list[int] = []

    async def work(lease: Lease) -> None:
        attempts.append(lease.attempt)
        await lease.finish(await lease.waiting())
        raise ConnectionError("while tidying up")

    engine = office.engine()
    async with running(engine, work):
        await engine.accept(reference(1, THREAD))
        await until(office.nothing_waits)
        await engine.accept(reference(2, THREAD))
        await until(office.nothing_waits)

    assert attempts == [1, 1]
    assert office.pauses == []


async def test_a_superseded_lease_writes_nothing_and_ends_quietly(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    refused: list[type[Exception]] = []

    async def work(lease: Lease) -> None:
        if not refused:
            await office.journal.claim(lease.thread)
            for write in (lease.reply.add("1.5"), lease.finish(await lease.waiting())):
                try:
                    await write
                except LeaseLost:
                    refused.append(LeaseLost)
            raise LeaseLost
        await lease.finish(await lease.waiting())

    engine = office.engine()
    async with running(engine, work):
        await engine.accept(reference(1, THREAD))
        await until(office.nothing_waits)

    assert refused == [LeaseLost, LeaseLost]
    assert await office.journal.strangers(THREAD, ("1.5",)) == ("1.5",)
    assert not [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")]


async def test_what_an_earlier_process_left_comes_first_and_counts_as_tried(office: Office) -> None:
    cut_off, desk = Desk(), Desk()
    killed = office.engine()
    process = asyncio.create_task(killed.run(cut_off.work))
    await killed.accept(reference(2, OTHER))
    await killed.accept(reference(1, THREAD))
    await until(lambda: cut_off.at_work == 2)
    await cut_off.leases[0].reply.add("2.5")
    process.cancel()
    await asyncio.gather(process, return_exceptions=True)

    desk.go.set()
    async with running(office.engine(), desk.work):
        await until(office.nothing_waits)

    assert desk.batches == [("1.000000", ["1.000000"]), ("2.000000", ["2.000000"])]
    assert [lease.attempt for lease in desk.leases] == [2, 2]
    assert [lease.reply.messages for lease in desk.leases] == [(), ("2.5",)]


async def test_processes_in_which_a_message_only_waited_have_not_tried_it(office: Office) -> None:
    begun: list[tuple[int, int]] = []
    killed: list[int] = []

    async def work(lease: Lease) -> None:
        begun.append((lease.attempt, lease.begun))
        if lease.attempt != 3:
            await lease.rest()
        if lease.attempt == 4:
            await lease.begin()
        if lease.attempt < 6:
            killed.append(lease.attempt)
            await asyncio.Event().wait()
        await lease.finish(await lease.waiting())

    await office.engine().accept(reference(1, THREAD))
    for lives in range(1, 6):
        process = asyncio.create_task(office.engine().run(work))
        await until(lambda: len(killed) == lives)  # noqa: B023, it is over before the next life
        process.cancel()
        await asyncio.gather(process, return_exceptions=True)
    async with running(office.engine(), work):
        await until(office.nothing_waits)

    assert begun == [(1, 0), (2, 0), (3, 0), (4, 1), (5, 2), (6, 2)]


async def test_what_was_accepted_before_the_start_is_worked_on(office: Office) -> None:
    engine, desk = office.engine(), Desk()
    desk.go.set()
    await engine.accept(reference(1, THREAD))
    async with running(engine, desk.work):
        await until(office.nothing_waits)

    assert len(desk.batches) == 1


async def test_a_reply_is_remembered_while_it_is_unfinished(office: Office) -> None:
    records: list[tuple[str, ...]] = []

    async def work(lease: Lease) -> None:
        records.append(lease.reply.messages)
        await lease.reply.add(f"{lease.attempt}.5")
        await lease.reply.add(f"{lease.attempt}.5")
        records.append(lease.reply.messages)
        if lease.attempt == 2:
            assert await lease.strangers(("1.5", "2.5", "9.5")) == ("9.5",)
            await lease.finish(await lease.waiting())

    engine = office.engine()
    async with running(engine, work):
        await engine.accept(reference(1, THREAD))
        await until(office.nothing_waits)

    assert records == [(), ("1.5",), ("1.5",), ("1.5", "2.5")]
    assert await office.journal.reply_messages(THREAD) == ()


async def test_an_answered_message_is_answered_again_in_place_of_its_reply(office: Office) -> None:
    replies: list[tuple[int, tuple[str, ...]]] = []

    async def work(lease: Lease) -> None:
        replies.append((lease.attempt, lease.reply.messages))
        await lease.reply.add("1.5")
        await lease.finish(await lease.waiting())

    engine = office.engine()
    async with running(engine, work):
        await engine.accept(reference(1, THREAD))
        await until(office.nothing_waits)
        assert await engine.reopen(THREAD, "1.000000", ("1.5",))
        await until(lambda: len(replies) == 2)
        await until(office.nothing_waits)

    assert replies == [(1, ()), (1, ("1.5",))]


async def test_what_is_unknown_or_being_answered_is_not_reopened(office: Office) -> None:
    engine, desk = office.engine(), Desk()
    async with running(engine, desk.work):
        assert not await engine.reopen(THREAD, "1.000000", ("1.5",))
        await engine.accept(reference(1, THREAD))
        await until(lambda: desk.at_work == 1)
        assert not await engine.reopen(THREAD, "1.000000", ("1.5",))
        desk.go.set()
        await until(office.nothing_waits)

    assert len(desk.batches) == 1


async def test_what_is_reopened_after_a_drain_is_left_to_the_next_process(office: Office) -> None:
    engine, desk = office.engine(), Desk()
    desk.go.set()
    async with running(engine, desk.work):
        await engine.accept(reference(1, THREAD))
        await until(office.nothing_waits)

    assert await engine.reopen(THREAD, "1.000000", ())
    assert len(desk.batches) == 1
    async with running(office.engine(), desk.work):
        await until(office.nothing_waits)
    assert len(desk.batches) == 2


@dataclass
class StoppableDesk(Desk):
    """Writes an end when it is stopped, which takes a few rounds of the loop, and finishes."""

    ends: list[StopReason | None] = field(default_factory=list)
    ending: asyncio.Event = field(default_factory=asyncio.Event)

    async def work(self, lease: Lease) -> None:
        waiting = await lease.waiting()
        try:
            await super().work(lease)
        except asyncio.CancelledError:
            self.ending.set()
            for _ in range(20):
                await asyncio.sleep(0)
            self.ends.append(lease.stop_reason)
            await lease.finish(waiting)


async def test_stop_cancels_the_work_and_the_lane_goes_on_with_the_rest(office: Office) -> None:
    engine, desk = office.engine(), StoppableDesk()
    async with running(engine, desk.work):
        await engine.accept(reference(1, THREAD))
        await until(lambda: desk.at_work == 1)
        await engine.accept(reference(2, THREAD))

        assert await engine.stop(THREAD)

        await until(lambda: len(desk.batches) == 2)
        desk.go.set()
        await until(office.nothing_waits)

    assert desk.ends == [StopReason.PERSON]
    assert [messages for _, messages in desk.batches] == [["1.000000"], ["2.000000"]]
    assert office.pauses == []


async def test_stop_touches_no_other_thread(office: Office) -> None:
    engine, desk = office.engine(), StoppableDesk()
    async with running(engine, desk.work):
        await engine.accept(reference(1, THREAD))
        await engine.accept(reference(2, OTHER))
        await until(lambda: desk.at_work == 2)

        assert await engine.stop(THREAD)
        await until(lambda: desk.ends == [StopReason.PERSON])

        assert desk.at_work == 1
        desk.go.set()
        await until(office.nothing_waits)


async def test_stopping_again_does_not_disturb_the_end(office: Office) -> None:
    engine, desk = office.engine(), StoppableDesk()
    async with running(engine, desk.work):
        await engine.accept(reference(1, THREAD))
        await until(lambda: desk.at_work == 1)

        assert await engine.stop(THREAD)
        await desk.ending.wait()
        assert await engine.stop(THREAD)

        await until(office.nothing_waits)

    assert desk.ends == [StopReason.PERSON]


async def test_there_is_nothing_to_stop_where_nothing_is_worked_on(office: Office) -> None:
    engine, desk = office.engine(), Desk()
    desk.go.set()
    assert not await engine.stop(THREAD)
    async with running(engine, desk.work):
        assert not await engine.stop(THREAD)
        await engine.accept(reference(1, THREAD))
        await until(office.nothing_waits)
        await until(lambda: desk.at_work == 0)
        assert not await engine.stop(THREAD)


async def test_it_is_too_late_to_stop_what_is_finishing(office: Office) -> None:
    answers: list[bool] = []
    ended = asyncio.Event()

    async def work(lease: Lease) -> None:
        finishing = asyncio.create_task(lease.finish(await lease.waiting()))
        await asyncio.sleep(0)
        answers.append(await engine.stop(THREAD))
        await finishing
        answers.append(await engine.stop(THREAD))
        ended.set()

    engine = office.engine()
    async with running(engine, work):
        await engine.accept(reference(1, THREAD))
        await ended.wait()

    assert answers == [False, False]
    assert await office.nothing_waits()


async def test_work_that_could_not_finish_can_still_be_stopped(office: Office) -> None:
    stopped: list[bool] = []

    async def work(lease: Lease) -> None:
        if not stopped:
            await office.journal.claim(lease.thread)
            with contextlib.suppress(LeaseLost):
                await lease.finish(await lease.waiting())
            stopped.append(await engine.stop(THREAD))
        else:
            await lease.finish(await lease.waiting())

    engine = office.engine()
    async with running(engine, work):
        await engine.accept(reference(1, THREAD))
        await until(office.nothing_waits)

    assert stopped == [True]


@pytest.mark.parametrize("reason", StopReason)
async def test_cancelled_work_that_does_not_end_is_cancelled_again(office: Office, reason: StopReason) -> None:
    cancelled = 0
    begun = asyncio.Event()

    async def work(lease: Lease) -> None:
        nonlocal cancelled
        waiting = await lease.waiting()
        begun.set()
        while cancelled < 3:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                cancelled += 1
        finishing = asyncio.create_task(lease.finish(waiting))
        while not finishing.done():  # on a slow disk it is cancelled once more
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.shield(finishing)

    is_stopped = reason is StopReason.PERSON
    engine = office.engine(timing=Timing(unwinding=0.01) if is_stopped else Timing(leaving=0.01))
    async with running(engine, work):
        await engine.accept(reference(1, THREAD))
        await begun.wait()
        if is_stopped:
            assert await engine.stop(THREAD)
        else:
            await engine.drain(grace=0)
        await until(office.nothing_waits)

    assert cancelled == 3


async def test_running_work_may_end_within_the_grace_of_a_drain(office: Office) -> None:
    engine, desk = office.engine(), StoppableDesk()
    async with running(engine, desk.work) as run:
        await engine.accept(reference(1, THREAD))
        await until(lambda: desk.at_work == 1)
        drained = asyncio.create_task(engine.drain(grace=5))
        await asyncio.sleep(0)
        desk.go.set()
        await drained
        assert run.done()

    assert desk.ends == []
    assert await office.nothing_waits()


async def test_work_that_outlasts_the_grace_is_cut_off_and_writes_its_end(office: Office) -> None:
    engine, desk = office.engine(), StoppableDesk()
    async with running(engine, desk.work) as run:
        for number in (1, 2):
            await engine.accept(reference(number, thread_of(number)))
        await until(lambda: desk.at_work == 2)
        await engine.drain(grace=0.01)
        assert run.done()

    assert desk.ends == [StopReason.SHUTDOWN, StopReason.SHUTDOWN]
    assert await office.nothing_waits()


async def test_work_that_is_finishing_is_not_cut_off(office: Office) -> None:
    at_last_step, undisturbed = asyncio.Event(), False

    async def work(lease: Lease) -> None:
        nonlocal undisturbed
        await lease.finish(await lease.waiting())
        at_last_step.set()
        for _ in range(20):
            await asyncio.sleep(0)
        undisturbed = True

    engine = office.engine()
    async with running(engine, work):
        await engine.accept(reference(1, THREAD))
        await at_last_step.wait()
        await engine.drain(grace=0)

    assert undisturbed


async def test_what_waits_at_a_drain_is_left_to_the_next_process(office: Office) -> None:
    engine, desk, later = office.engine(), StoppableDesk(), Desk()
    async with running(engine, desk.work):
        for number in range(1, PLACES + 3):
            await engine.accept(reference(number, thread_of(number)))
        await until(lambda: desk.at_work == PLACES)
        await engine.accept(reference(10, THREAD))
        await engine.drain(grace=0)
        assert await engine.accept(reference(11, THREAD)) is Acceptance.ACCEPTED
    assert len(desk.batches) == PLACES

    later.go.set()
    async with running(office.engine(), later.work):
        await until(office.nothing_waits)

    assert sorted(later.batches) == [
        ("1.000000", ["10.000000", "11.000000"]),
        ("4.000000", ["4.000000"]),
        ("5.000000", ["5.000000"]),
    ]


async def test_a_drain_does_not_wait_for_a_pause(office: Office) -> None:
    pausing = asyncio.Event()

    async def pause_for_ever(_: float) -> None:
        pausing.set()
        await asyncio.Event().wait()

    async def work(lease: Lease) -> None:
        raise ConnectionError("never")

    engine = office.engine(pause_for_ever)
    async with running(engine, work) as run:
        await engine.accept(reference(1, THREAD))
        await pausing.wait()
        async with asyncio.timeout(10):
            await engine.drain(grace=60)
        assert run.done()

    assert not await office.nothing_waits()


async def test_an_engine_that_never_ran_is_drained_at_once(office: Office) -> None:
    engine, desk = office.engine(), Desk()
    await engine.accept(reference(1, THREAD))

    async with asyncio.timeout(10):
        await engine.drain(grace=60)
        await engine.run(desk.work)

    assert desk.batches == []


async def test_cancelling_the_run_cuts_work_off_and_waits_for_its_end(office: Office) -> None:
    engine, desk = office.engine(), StoppableDesk()
    process = asyncio.create_task(engine.run(desk.work))
    await engine.accept(reference(1, THREAD))
    await until(lambda: desk.at_work == 1)

    process.cancel()
    await asyncio.gather(process, return_exceptions=True)

    assert process.cancelled()
    assert desk.ends == [StopReason.SHUTDOWN]
    assert await engine.accept(reference(2, THREAD)) is Acceptance.ACCEPTED
    assert len(desk.batches) == 1
