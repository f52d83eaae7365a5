"""The plans of the chaos stories."""

import inspect
from typing import get_args

from playground.openai import faults as model_faults
from playground.openai.faults import Fault as ModelFault
from playground.slack.faults import Fault as SlackFault
from playground.slack.faults import Silence
from playground.slack.socket_faults import EventFault, Reason
from tests.stories import plan
from tests.stories.plan import (
    DISCONNECTS,
    EVENT_FAULTS,
    MODEL_FAULTS,
    SLACK_FAULTS,
    Breakage,
    Ending,
    Freeze,
    make_plan,
)


def test_plans_draw_from_every_fault_that_there_is() -> None:
    assert {type(fault) for fault in SLACK_FAULTS} | {Silence} == set(get_args(SlackFault))
    assert {type(fault) for fault in EVENT_FAULTS} == set(get_args(EventFault))
    assert set(DISCONNECTS.values()) == set(get_args(Reason))
    made = {
        name
        for name, make in inspect.getmembers(model_faults, inspect.isfunction)
        if inspect.signature(make).return_annotation in get_args(ModelFault) and name != "refused"
    }
    assert made
    assert [name for name in made if f"model_faults.{name}" not in inspect.getsource(plan)] == []


def test_a_seed_makes_the_same_plan_each_time() -> None:
    assert make_plan(7) == make_plan(7)
    assert make_plan(7) != make_plan(8)


def test_many_plans_meet_every_fault_of_the_model() -> None:
    met = {getattr(act, "fault", None) for seed in range(300) for _, act in make_plan(seed)}
    assert MODEL_FAULTS.keys() <= met


def test_many_plans_break_the_line_and_end_the_daemon_in_every_way() -> None:
    met = {getattr(act, "kind", None) for seed in range(100) for _, act in make_plan(seed)}
    assert {*Breakage, *Ending, *DISCONNECTS} <= met
    assert any(isinstance(act, Freeze) for _, act in make_plan(7, 200))


def test_one_line_at_most_is_shut_out_in_a_life() -> None:
    for seed in range(100):
        kinds = [getattr(act, "kind", None) for _, act in make_plan(seed)]
        lives = "".join("|" if kind in tuple(Ending) else "c" * (kind == Breakage.CROWDED) for kind in kinds).split("|")
        assert max(map(len, lives)) <= 1
