"""What the limits leave."""

import math
from itertools import pairwise

import pytest

from bot.slack.wire.budget import ChannelBudget, MethodBudget


def used(calls: int, *, limit: int = 50, live: int = 0, interim: bool = False) -> MethodBudget:
    """A budget after so many calls at the time 0."""
    budget = MethodBudget(limit)
    budget.live = live
    for _ in range(calls):
        budget.take(0.0, interim=interim)
    return budget


@pytest.mark.parametrize(("limit", "calls"), [(1, 1), (20, 19), (50, 47), (100, 95)])
def test_a_minute_has_room_for_a_little_less_than_the_limit(limit: int, calls: int) -> None:
    assert used(calls - 1, limit=limit).free_at(1, interim=False) <= 1
    assert used(calls, limit=limit).free_at(1, interim=False) == 60.5


@pytest.mark.parametrize(("live", "calls"), [(0, 47), (1, 46), (10, 45)])
def test_interim_calls_leave_room_for_the_ends_of_live_replies(live: int, calls: int) -> None:
    assert used(calls - 1, live=live).free_at(1, interim=True) <= 1
    assert used(calls, live=live).free_at(1, interim=True) > 1
    assert used(calls, live=live).free_at(1, interim=False) <= (1 if live else 60.5)


def test_interim_calls_follow_each_other_at_once_and_then_evenly() -> None:
    budget, times, now = MethodBudget(50), list[float](), 0.0
    for _ in range(200):
        now = max(now, budget.free_at(now, interim=True))
        budget.take(now, interim=True)
        times.append(now)
    assert times[:3] == [0, 0, 0]
    assert all(1.2 < later - earlier < 1.5 for earlier, later in pairwise(times[2:]))


def test_where_slack_takes_hundreds_more_follow_each_other_at_once() -> None:
    budget = MethodBudget(300, burst=20)
    for _ in range(20):
        assert budget.free_at(0, interim=True) <= 0
        budget.take(0, interim=True)
    assert 0 < budget.free_at(0, interim=True) < 0.3


def test_a_refusal_stops_everything_for_a_while_and_leaves_less_for_longer() -> None:
    budget = MethodBudget(50)
    budget.freeze(0, 10)
    budget.freeze(1, 5)  # the refusal of a call that was under way
    assert budget.free_at(2, interim=False) == 10
    for _ in range(40):
        budget.take(10, interim=False)
    assert budget.free_at(10, interim=False) == 70.5
    assert budget.free_at(3_600, interim=False) <= 3_600


def test_a_call_that_is_not_made_leaves_its_room_to_others() -> None:
    budget = used(47, interim=True)
    budget.give_back(0.0, interim=True)
    assert budget.free_at(1, interim=False) <= 1


def test_a_channel_takes_a_few_posts_at_once_and_then_one_a_second() -> None:
    budget, times, now = ChannelBudget(), list[float](), 5.0
    for _ in range(5):
        now = max(now, budget.free_at())
        budget.take(now)
        times.append(now)
    assert times == [5, 5, 5, 6, 7]


@pytest.mark.parametrize(("live", "calls"), [(14, 43), (15, 32), (40, 7), (60, 1)])
def test_many_live_replies_have_room_for_the_end_of_each(live: int, calls: int) -> None:
    budget, times = used(0, live=live), list[float]()
    while (now := max(times[-1] if times else 0.0, budget.free_at(times[-1] if times else 0.0, interim=True))) < 60:
        budget.take(now, interim=True)
        times.append(now)
    assert len(times) == calls


@pytest.mark.parametrize(
    ("ended", "live", "begins"),
    [(0, 41, True), (0, 42, False), (20, 21, True), (20, 22, False), (41, 0, True), (42, 0, False)],
)
def test_no_more_replies_begin_than_can_end_within_a_minute(ended: int, live: int, begins: bool) -> None:
    assert (used(ended, live=live).begin_at(1) <= 1) is begins


def test_edits_of_few_replies_hold_up_no_new_one() -> None:
    assert used(47, live=5, interim=True).begin_at(1) <= 1


def test_a_reply_that_may_not_begin_knows_when_it_may_if_that_is_a_matter_of_time() -> None:
    assert used(30, live=20).begin_at(1) == 60.5
    assert used(0, live=42).begin_at(1) == math.inf
