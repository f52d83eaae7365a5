"""Lanes over a long random life: nothing is lost, nothing is done twice, and nothing stays behind."""

import asyncio
import gc
from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from bot.domain.conversation import ThreadKey
from bot.domain.errors import BotError
from bot.engine.embedded import EmbeddedEngine
from bot.engine.lane import Lane
from bot.engine.timing import Timing
from bot.ports import Acceptance, Lease, Reference
from tests.doubles.journal import MemoryJournal, reference, thread_of
from tests.doubles.until import until

Choose = Callable[[tuple[Reference, ...]], tuple[Reference, ...]]

PLACES = 2

OF_ITS_OWN = 3
"""Tasks while no thread has work: the test, the engine, and what lets threads in."""

THREADS = [thread_of(1), thread_of(2), thread_of(1, channel="C2")]


def finish_nothing(_: tuple[Reference, ...]) -> tuple[Reference, ...]:
    return ()


def finish_the_oldest(waiting: tuple[Reference, ...]) -> tuple[Reference, ...]:
    return waiting[:1]


def finish_all(waiting: tuple[Reference, ...]) -> tuple[Reference, ...]:
    return waiting


async def pass_at_once(_: float) -> None:
    await asyncio.sleep(0)


class LongLife(RuleBasedStateMachine):
    """Messages arrive, work succeeds and fails, people stop it, and processes come and go, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.journal = MemoryJournal()
        self.accepted: set[Reference] = set()
        self.finished: list[Reference] = []
        self.at_work: dict[ThreadKey, asyncio.Future[tuple[Choose, bool]]] = {}
        self.choose_when_cancelled: Choose = finish_all
        self.violations: list[str] = []
        self.loop.run(self.start())

    async def start(self) -> None:
        self.engine = EmbeddedEngine(self.journal, now=lambda: 0.0, places=PLACES, timing=Timing(sleep=pass_at_once))
        self.process = asyncio.get_running_loop().create_task(self.engine.run(self.work))

    async def work(self, lease: Lease) -> None:
        waiting = await lease.waiting()
        self.check(lease.thread not in self.at_work, "two pieces of work on one thread")
        self.check(len(self.at_work) < PLACES, "too much work at once")
        self.check(bool(waiting), "work on nothing")
        self.check(list(waiting) == sorted(waiting, key=lambda asked: asked.sent_at), "work out of order")
        self.check(not set(waiting) & set(self.finished), "work done twice")
        self.at_work[lease.thread] = asyncio.get_running_loop().create_future()
        try:
            choose, raises = await self.at_work[lease.thread]
        except asyncio.CancelledError:
            self.check(lease.stop_reason is not None, "cancelled without a reason")
            await self.finish(lease, self.choose_when_cancelled(waiting))
            raise
        else:
            await self.finish(lease, choose(waiting))
            if raises:
                raise ConnectionError
        finally:
            del self.at_work[lease.thread]

    def check(self, holds: bool, violation: str) -> None:
        """Engines take an AssertionError for work that failed, so violations are kept for later."""
        if not holds:
            self.violations.append(violation)

    async def finish(self, lease: Lease, references: tuple[Reference, ...]) -> None:
        if references:
            await lease.finish(references)
            self.finished += references

    def let(self, happen: Callable[[], object]) -> None:
        async def happen_and_settle() -> None:
            outcome = happen()
            if asyncio.iscoroutine(outcome):
                await outcome
            for _ in range(40):
                await asyncio.sleep(0)

        self.loop.run(happen_and_settle())
        assert not self.violations

    @rule(thread=st.sampled_from(THREADS), number=st.integers(1, 40), event=st.integers(1, 60))
    def accept(self, thread: ThreadKey, number: int, event: int) -> None:
        async def deliver() -> None:
            arriving = reference(number, thread, f"Ev{event}")
            if await self.engine.accept(arriving) is Acceptance.ACCEPTED:
                assert arriving not in self.accepted
                self.accepted.add(arriving)

        self.let(deliver)

    @precondition(lambda self: self.at_work)
    @rule(
        which=st.integers(0, PLACES - 1),
        choose=st.sampled_from([finish_all, finish_the_oldest, finish_nothing]),
        raises=st.booleans(),
    )
    def end_work(self, which: int, choose: Choose, *, raises: bool) -> None:
        ends = list(self.at_work.values())
        self.let(lambda: ends[which % len(ends)].set_result((choose, raises)))

    @rule(thread=st.sampled_from(THREADS), choose=st.sampled_from([finish_all, finish_nothing]))
    def stop(self, thread: ThreadKey, choose: Choose) -> None:
        async def press_stop() -> None:
            at_work = thread in self.at_work
            assert await self.engine.stop(thread) == at_work

        self.choose_when_cancelled = choose
        self.let(press_stop)

    @rule(choose=st.sampled_from([finish_all, finish_nothing]), kindly=st.booleans())
    def restart(self, choose: Choose, *, kindly: bool) -> None:
        async def follow() -> None:
            if kindly:
                await self.engine.drain(grace=0)
            else:
                self.process.cancel()
            await asyncio.gather(self.process, return_exceptions=True)
            assert not self.at_work
            await self.start()

        self.choose_when_cancelled = choose
        self.let(follow)

    def teardown(self) -> None:
        async def all_is_done() -> bool:
            for end in self.at_work.values():
                if not end.done():
                    end.set_result((finish_all, False))
            return not await self.journal.threads_with_work()

        async def end() -> None:
            await until(all_is_done)
            await until(lambda: len(asyncio.all_tasks()) == OF_ITS_OWN)
            await self.engine.drain(grace=0)
            await self.process

        self.loop.run(end())
        self.loop.close()
        assert not self.violations
        assert sorted(self.finished, key=repr) == sorted(self.accepted, key=repr)


LongLife.TestCase.settings = settings(max_examples=60, stateful_step_count=30)
test_a_long_random_life_loses_nothing_and_does_nothing_twice = LongLife.TestCase


@dataclass(slots=True)
class SlowJournal(MemoryJournal):
    """Does at once what it is asked to, but takes its time to say so: it waits for the event that is its method's."""

    accepted: asyncio.Event = field(default_factory=asyncio.Event)
    looked: asyncio.Event = field(default_factory=asyncio.Event)
    looks: int = 0

    async def accept(self, reference: Reference, now: float) -> bool:
        is_new = await MemoryJournal.accept(self, reference, now)
        await self.accepted.wait()
        return is_new

    async def waiting(self, thread: ThreadKey) -> tuple[Reference, ...]:
        found = await MemoryJournal.waiting(self, thread)
        self.looks += 1
        await self.looked.wait()
        return found

    async def nothing_waits(self) -> bool:
        return not await self.threads_with_work()


async def test_a_message_that_arrives_while_a_lane_looks_for_the_last_time_is_not_overlooked() -> None:
    journal = SlowJournal()
    journal.accepted.set()
    journal.looked.set()

    async def work(lease: Lease) -> None:
        await lease.finish(await lease.waiting())
        journal.looked.clear()
        journal.looks = 0

    engine = EmbeddedEngine(journal, now=lambda: 0.0)
    process = asyncio.create_task(engine.run(work))
    await engine.accept(reference(1))
    await until(lambda: journal.looks == 1 and not journal.looked.is_set())
    await engine.accept(reference(2))
    journal.looked.set()

    await until(journal.nothing_waits)
    journal.looked.set()
    await engine.drain(grace=0)
    await process


async def test_a_message_whose_first_delivery_was_cut_off_is_worked_on_at_the_second() -> None:
    journal = SlowJournal()
    journal.looked.set()

    async def work(lease: Lease) -> None:
        await lease.finish(await lease.waiting())

    engine = EmbeddedEngine(journal, now=lambda: 0.0)
    process = asyncio.create_task(engine.run(work))
    first = asyncio.create_task(engine.accept(reference(1)))
    await until(lambda: len(journal.messages) == 1)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    journal.accepted.set()

    assert await engine.accept(reference(1)) is Acceptance.DUPLICATE

    await until(journal.nothing_waits)
    await engine.drain(grace=0)
    await process


async def test_lanes_without_work_leave_nothing_behind() -> None:
    async def work(lease: Lease) -> None:
        await lease.finish(await lease.waiting())

    journal = MemoryJournal()
    engine = EmbeddedEngine(journal, now=lambda: 0.0)
    process = asyncio.create_task(engine.run(work))
    for number in range(300):
        await engine.accept(reference(number, thread_of(number)))
    await until(lambda: len(asyncio.all_tasks()) == OF_ITS_OWN)
    assert await journal.threads_with_work() == ()

    gc.collect()
    assert not [thing for thing in gc.get_objects() if isinstance(thing, Lane)]
    await engine.drain(grace=0)
    await process


async def test_thousands_of_threads_that_wait_take_up_no_more_than_those_that_are_worked_on() -> None:
    journal, go, threads, places = MemoryJournal(), asyncio.Event(), 2_000, 10
    order: list[ThreadKey] = []

    async def work(lease: Lease) -> None:
        order.append(lease.thread)
        await go.wait()
        await lease.finish(await lease.waiting())

    engine = EmbeddedEngine(journal, now=lambda: 0.0, places=places)
    process = asyncio.create_task(engine.run(work))
    for number in range(threads):
        await engine.accept(reference(number, thread_of(number)))
    await until(lambda: len(order) == places)
    gc.collect()
    assert len([thing for thing in gc.get_objects() if isinstance(thing, Lane)]) == places
    assert len(asyncio.all_tasks()) <= OF_ITS_OWN + 2 * places

    go.set()
    await until(lambda: len(order) == threads, 60)
    assert order == [thread_of(number) for number in range(threads)]
    await engine.drain(grace=0)
    await process


@dataclass(slots=True)
class FailingJournal(MemoryJournal):
    """Cannot tell which threads wait, so many times from its second answer on."""

    failures: int = 2
    looks: int = 0

    async def threads_with_work(self, most: int | None = None) -> tuple[ThreadKey, ...]:
        self.looks += 1
        if 1 < self.looks <= 1 + self.failures:
            raise BotError("the disk is busy")
        return await MemoryJournal.threads_with_work(self, most)


async def test_threads_are_let_in_from_a_journal_that_could_not_be_read_for_a_while() -> None:
    journal = FailingJournal()

    async def work(lease: Lease) -> None:
        await lease.finish(await lease.waiting())

    async def nothing_waits() -> bool:
        return not await MemoryJournal.threads_with_work(journal)

    engine = EmbeddedEngine(journal, now=lambda: 0.0, places=1, timing=Timing(sleep=pass_at_once))
    process = asyncio.create_task(engine.run(work))
    await until(lambda: journal.looks == 1)
    for number in range(3):
        await engine.accept(reference(number, thread_of(number)))
    await until(nothing_waits)
    assert journal.looks > 1 + journal.failures
    await engine.drain(grace=0)
    await process
