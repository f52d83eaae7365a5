"""Whether calls keep within Slack's limits, and who goes first."""

import asyncio
import random
from collections import Counter, defaultdict, deque
from collections.abc import Coroutine, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import Any

import pytest

from bot.slack.wire.pacer import Pacer, Priority
from tests.doubles.clock import run_virtually, virtual_now

UPDATE, POST = "chat.update", "chat.postMessage"
START, APPEND, STOP = "chat.startStream", "chat.appendStream", "chat.stopStream"


def busiest(times: Sequence[float]) -> int:
    """The most calls that any minute sees, wherever it begins."""
    most, minute = 0, deque[float]()
    for at in sorted(times):
        minute.append(at)
        while minute[0] <= at - 60:
            minute.popleft()
        most = max(most, len(minute))
    return most


def late(waits: Sequence[float]) -> float:
    """What 95 % of the waits do not exceed."""
    return sorted(waits)[int(len(waits) * 0.95)]


async def asks(pacer: Pacer, method: str, priority: Priority, log: list[float], channel: str | None = None) -> None:
    await pacer.slot(method, priority=priority, channel=channel)
    log.append(virtual_now())


def test_no_minute_sees_more_calls_than_slack_allows() -> None:
    async def story() -> list[float]:
        pacer, times = Pacer(virtual_now), list[float]()
        async with asyncio.TaskGroup() as group:
            for number in range(200):
                group.create_task(asks(pacer, UPDATE, Priority(number % 4), times))
        return times

    times = run_virtually(story())
    assert len(times) == 200
    assert busiest(times) <= 50
    assert max(times) < 200 / 45 * 60


def test_finals_go_before_everything_that_waits() -> None:
    async def story() -> tuple[list[float], list[float]]:
        pacer, interims, finals = Pacer(virtual_now), list[float](), list[float]()
        async with asyncio.TaskGroup() as group:
            for _ in range(60):
                group.create_task(asks(pacer, UPDATE, Priority.INTERIM, interims))
            await asyncio.sleep(30)
            for _ in range(5):
                group.create_task(asks(pacer, UPDATE, Priority.FINAL, finals))
        return interims, finals

    interims, finals = run_virtually(story())
    assert max(finals) < 32
    assert max(interims) > 60


def test_the_stalest_of_equals_goes_first() -> None:
    async def story() -> list[str]:
        pacer, order = Pacer(virtual_now), list[str]()
        for _ in range(47):
            await pacer.slot(UPDATE, priority=Priority.FIRST)

        async def waits(name: str, since: float) -> None:
            await pacer.slot(UPDATE, priority=Priority.FIRST, waiting_since=since)
            order.append(name)

        async with asyncio.TaskGroup() as group:
            group.create_task(waits("young", 3.0))
            group.create_task(waits("old", 1.0))
            group.create_task(waits("middle", 2.0))
        return order

    assert run_virtually(story()) == ["old", "middle", "young"]


def test_a_few_interims_go_at_once_and_many_are_spread_over_the_minute() -> None:
    async def story() -> list[float]:
        pacer, times = Pacer(virtual_now), list[float]()
        async with asyncio.TaskGroup() as group:
            for _ in range(40):
                group.create_task(asks(pacer, UPDATE, Priority.INTERIM, times))
        return times

    times = run_virtually(story())
    assert times[2] == 0
    assert 40 < times[-1] < 60
    assert max(later - earlier for earlier, later in pairwise(times)) < 2


def test_room_is_kept_for_the_ends_of_live_replies() -> None:
    async def story() -> float:
        pacer = Pacer(virtual_now)
        with pacer.live(UPDATE), pacer.live(UPDATE), pacer.live(UPDATE), pacer.live(UPDATE):
            while virtual_now() < 59:
                await pacer.slot(UPDATE, priority=Priority.INTERIM)
            began = virtual_now()
            await pacer.slot(UPDATE, priority=Priority.FINAL)
            return virtual_now() - began

    assert run_virtually(story()) == 0


def test_after_a_429_nothing_goes_out_until_slack_said_so_and_finals_go_first() -> None:
    async def story() -> list[tuple[str, float]]:
        pacer, order = Pacer(virtual_now), list[tuple[str, float]]()
        pacer.frozen(UPDATE, 7)

        async def waits(name: str, priority: Priority) -> None:
            await pacer.slot(UPDATE, priority=priority)
            order.append((name, virtual_now()))

        async with asyncio.TaskGroup() as group:
            group.create_task(waits("interim", Priority.INTERIM))
            group.create_task(waits("final", Priority.FINAL))
            assert not pacer.try_slot(UPDATE, priority=Priority.FINAL)
            assert pacer.try_slot(POST, priority=Priority.FINAL), "Slack counts each method by itself"
        return order

    assert run_virtually(story()) == [("final", 7.0), ("interim", 7.0)]


def test_a_channel_gets_about_one_post_a_second_and_does_not_hold_up_another() -> None:
    async def story() -> tuple[list[float], list[float]]:
        pacer, busy, quiet = Pacer(virtual_now), list[float](), list[float]()
        async with asyncio.TaskGroup() as group:
            for _ in range(10):
                group.create_task(asks(pacer, POST, Priority.FIRST, busy, "C1"))
            await asyncio.sleep(1.5)
            group.create_task(asks(pacer, POST, Priority.FIRST, quiet, "C2"))
        return busy, quiet

    busy, quiet = run_virtually(story())
    assert 6 <= busy[-1] <= 9
    assert quiet == [1.5]


def test_a_cancelled_waiter_leaves_its_place_to_others() -> None:
    async def story() -> float:
        pacer = Pacer(virtual_now)
        pacer.frozen(UPDATE, 5)
        given_up = asyncio.create_task(pacer.slot(UPDATE, priority=Priority.FINAL))
        await asyncio.sleep(1)
        given_up.cancel()
        await asyncio.gather(given_up, return_exceptions=True)
        await pacer.slot(UPDATE, priority=Priority.INTERIM)
        return virtual_now()

    assert run_virtually(story()) == 5


def test_it_knows_how_many_calls_wait() -> None:
    async def story() -> tuple[int, int, int]:
        pacer, times = Pacer(virtual_now), list[float]()
        async with asyncio.TaskGroup() as group:
            for _ in range(60):
                group.create_task(asks(pacer, UPDATE, Priority.FIRST, times))
            await asyncio.sleep(1)
            waiting, called = pacer.queued, len(times)
        return waiting, called, pacer.queued

    waiting, called, afterwards = run_virtually(story())
    assert waiting > 0
    assert waiting + called == 60
    assert afterwards == 0


def test_closing_ends_every_wait() -> None:
    async def story() -> None:
        pacer = Pacer(virtual_now)
        pacer.frozen(UPDATE, 3_600)
        waiting = asyncio.create_task(pacer.slot(UPDATE, priority=Priority.FINAL))
        await asyncio.sleep(0)
        pacer.close()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert virtual_now() < 1

    run_virtually(story())


def test_a_turn_that_is_given_up_at_the_last_moment_goes_to_another() -> None:
    async def story() -> bool:
        pacer = Pacer(virtual_now)
        for _ in range(19):
            await pacer.slot(STOP, priority=Priority.FINAL)
        given_up = asyncio.create_task(pacer.slot(STOP, priority=Priority.FINAL))
        await asyncio.sleep(0)
        asyncio.get_running_loop().call_at(60.5, given_up.cancel)  # right after its turn has come, in the same moment
        await asyncio.gather(given_up, return_exceptions=True)
        return all(pacer.try_slot(STOP, priority=Priority.FINAL) for _ in range(19))

    assert run_virtually(story())


def test_a_stream_is_not_begun_when_many_must_end() -> None:
    async def story() -> tuple[bool, bool]:
        pacer = Pacer(virtual_now)
        with pacer.live(STOP), pacer.live(STOP):
            before = pacer.try_slot(START, priority=Priority.FIRST)
            for _ in range(17):
                await pacer.slot(STOP, priority=Priority.FINAL)
            return before, pacer.try_slot(START, priority=Priority.FIRST)

    assert run_virtually(story()) == (True, False)


def test_a_crowd_begins_as_many_replies_as_can_end_together_and_posts_the_others_whole() -> None:
    """Of 200 that are asked at once, each in a channel of its own; `late` is when the last one is complete."""

    async def answer(pacer: Pacer, seconds: float, number: int, begun: list[str]) -> float:
        begin = partial(pacer.beginning, channel=f"C{number}")
        written = asyncio.timeout_at(virtual_now() + seconds)
        try:
            async with written:
                begun.append(await begin(START, POST, priority=Priority.FIRST))
                with pacer.live(STOP if begun[-1] == START else UPDATE):
                    end = STOP if begun[-1] == START else UPDATE
                    await asyncio.sleep(seconds - virtual_now() % 1_000)
                    await pacer.slot(end, priority=Priority.FINAL)
        except TimeoutError:
            await begin(POST, START, priority=Priority.FINAL)
        return virtual_now()

    async def story() -> tuple[list[str], float]:
        pacer, begun = Pacer(virtual_now), list[str]()
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(answer(pacer, 30, number, begun)) for number in range(200)]
        return begun, max(task.result() for task in tasks)

    begun, last = run_virtually(story())
    assert Counter(begun) == {START: 17, POST: 42}
    assert last <= 31


def test_what_waits_in_one_channel_begins_by_whatever_has_a_slot_first() -> None:
    async def story() -> tuple[list[str], float]:
        pacer = Pacer(virtual_now)

        async def whole() -> str:
            return await pacer.beginning(POST, START, priority=Priority.FINAL, channel="C1")

        methods = await asyncio.gather(*(whole() for _ in range(60)))
        return methods, virtual_now()

    methods, last = run_virtually(story())
    assert Counter(methods)[START] == 19
    assert last == 60 - 19 - 3


def test_the_end_of_a_reply_lets_another_one_begin_and_one_that_is_given_up_keeps_no_room() -> None:
    async def story() -> tuple[float, int]:
        pacer = Pacer(virtual_now)
        with ExitStack() as live:
            for _ in range(41):
                live.enter_context(pacer.live(UPDATE))
            with pacer.live(UPDATE):
                given_up, waiting = (
                    asyncio.create_task(pacer.beginning(POST, priority=Priority.FIRST, channel=name))
                    for name in ("C1", "C2")
                )
                await asyncio.sleep(5)
                assert not waiting.done()
                given_up.cancel()
                await asyncio.sleep(0)
            await waiting
            began = virtual_now()
        return began, pacer._queue(UPDATE).budget.live

    assert run_virtually(story()) == (5, 0)


def test_many_channels_leave_nothing_behind() -> None:
    async def story() -> int:
        pacer = Pacer(virtual_now)
        for number in range(20_000):
            await pacer.slot(POST, priority=Priority.FIRST, channel=f"C{number}")
            await asyncio.sleep(1)
        return len(pacer._channels)

    assert run_virtually(story()) <= 2_000


@dataclass(slots=True)
class StrictSlack:
    """Refuses more calls of a method than `limit` in a minute; calls take up to half a second to arrive."""

    pacer: Pacer
    limit: int
    chance: random.Random
    arrivals: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    outcomes: Counter[str] = field(default_factory=Counter)
    frozen_until: float = 0.0

    async def call(self, method: str) -> None:
        """Make a call, whose turn has come; raises ConnectionRefusedError when it is refused."""
        assert virtual_now() >= self.frozen_until
        await asyncio.sleep(self.chance.random() / 2)
        taken, now = self.arrivals[method], virtual_now()
        if sum(at > now - 60 for at in taken[-self.limit :]) >= self.limit:
            self.outcomes["refused"] += 1
            self.frozen_until = now + 10
            self.pacer.frozen(method, 10)
            raise ConnectionRefusedError
        taken.append(now)
        self.outcomes["taken"] += 1


@dataclass(slots=True)
class Traffic:
    """Answers that are shown while they are written, and what people see of them."""

    slack: StrictSlack
    finals: list[float] = field(default_factory=list)
    edits: Counter[int] = field(default_factory=Counter)
    unseen: float = 0.0
    written: float = 0.0

    async def answer(self, seconds: float, number: int = 0) -> None:
        """An answer that takes so long to write, and is edited as often as it may be meanwhile."""
        with self.slack.pacer.live(UPDATE):
            began = shown = virtual_now()
            end = began + seconds
            try:
                async with asyncio.timeout_at(end):
                    while True:
                        await self.slack.pacer.slot(UPDATE, priority=Priority.INTERIM, waiting_since=shown)
                        self.unseen += (virtual_now() - shown) ** 2 / 2
                        self.edits[number] += 1
                        shown = virtual_now()
                        await self.show()
                        await asyncio.sleep(0.5)
            except TimeoutError:
                self.unseen += (end - shown) ** 2 / 2
                self.written += seconds
            while True:
                await self.slack.pacer.slot(UPDATE, priority=Priority.FINAL)
                if await self.show():
                    break
            self.finals.append(virtual_now() - end)

    async def show(self) -> bool:
        """Make the call; False when Slack refused it."""
        try:
            await asyncio.shield(asyncio.create_task(self.slack.call(UPDATE)))
        except ConnectionRefusedError:
            return False
        return True

    @property
    def lag(self) -> float:
        """For how many seconds, on average, what was written last had not been shown."""
        return self.unseen / self.written


def simulated(limit: int, story: Any) -> Traffic:
    """The traffic of a story on a Slack with this limit."""

    async def run() -> Traffic:
        traffic = Traffic(StrictSlack(Pacer(virtual_now), limit, random.Random(1)))
        coroutine: Coroutine[Any, Any, None] = story(traffic)
        await coroutine
        return traffic

    return run_virtually(run())


@pytest.mark.parametrize("answers_a_minute", [2, 12, 20])
def test_answers_end_soon_and_are_never_refused_however_busy_a_workspace_is(answers_a_minute: float) -> None:
    async def story(traffic: Traffic) -> None:
        chance = random.Random(answers_a_minute)
        async with asyncio.TaskGroup() as group:
            while virtual_now() < 15 * 60:
                await asyncio.sleep(chance.expovariate(answers_a_minute / 60))
                group.create_task(traffic.answer(chance.uniform(10, 50)))

    traffic = simulated(50, story)
    assert traffic.slack.outcomes["refused"] == 0
    assert busiest(traffic.slack.arrivals[UPDATE]) <= 50
    assert late(traffic.finals) <= 2.0


@pytest.mark.parametrize(("replies", "seconds"), [(1, 30), (2, 30), (5, 30), (5, 120), (10, 120), (10, 30)])
def test_edits_come_nearly_as_often_as_the_limits_allow(replies: int, seconds: float) -> None:
    """The best that n replies can do is to share evenly what their ends leave: an edit each 60 n / (50 - ends) s."""

    async def one_after_the_other(traffic: Traffic, number: int) -> None:
        await asyncio.sleep(number * seconds / replies)
        while virtual_now() < 15 * 60:
            await traffic.answer(seconds, number)

    async def story(traffic: Traffic) -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(replies):
                group.create_task(one_after_the_other(traffic, number))

    traffic = simulated(50, story)
    interval = 60 * replies / (50 - replies * 60 / seconds)
    assert traffic.lag <= 1.15 * interval / 2
    assert traffic.slack.outcomes["refused"] == 0


def test_replies_share_evenly_what_there_is() -> None:
    async def story(traffic: Traffic) -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(7):
                group.create_task(traffic.answer(600 - number, number))

    edits = simulated(50, story).edits
    assert len(edits) == 7
    assert max(edits.values()) - min(edits.values()) <= 3


def test_fewer_calls_are_made_where_slack_takes_fewer() -> None:
    async def story(traffic: Traffic) -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(5):
                group.create_task(traffic.answer(60 * 60))

    outcomes = simulated(25, story).slack.outcomes
    assert outcomes["refused"] <= 0.01 * outcomes["taken"]
    assert outcomes["taken"] >= 60 * 20


def test_streams_end_soon_when_not_all_can_be_streams() -> None:
    async def answer(pacer: Pacer, seconds: float, waits: list[float]) -> None:
        method = STOP if pacer.try_slot(START, priority=Priority.FIRST) else UPDATE
        with pacer.live(method):
            await asyncio.sleep(seconds)
            end = virtual_now()
            await pacer.slot(method, priority=Priority.FINAL)
            waits.append(virtual_now() - end)

    async def story() -> list[float]:
        pacer, waits, chance = Pacer(virtual_now), list[float](), random.Random(3)
        async with asyncio.TaskGroup() as group:
            while virtual_now() < 15 * 60:
                await asyncio.sleep(chance.expovariate(20 / 60))
                group.create_task(answer(pacer, chance.uniform(10, 50), waits))
        return waits

    assert late(run_virtually(story())) <= 2.0
