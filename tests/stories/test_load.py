"""Many at once."""

from benchmarks.allowance import least_seconds
from playground.openai import scripts
from playground.openai.scripts import Pace, pieces_of
from tests.stories.stage import PATIENCE, Stage

TEXT = "One two three four five six seven eight nine ten. " * 8
PACE = Pace(first=0.5, per_second=10)
WRITING = PACE.due(len(pieces_of(TEXT)) - 1)

THREADS, CHANNELS = 50, 10
SLOWER = 1.25
"""How many times the least possible it may take; `make bench` says how many it was, on a machine of its own."""
_LEEWAY = 20.0
"""Seconds for a machine that has other things to do. To wait once for Slack's next minute takes longer."""


async def test_fifty_threads_at_once_are_answered_about_as_fast_as_slacks_limits_allow(stage: Stage) -> None:
    people = [stage.workspace.add_user(f"person{number}") for number in range(CHANNELS)]
    places = [stage.workspace.open_dm(person.id) for person in people]
    await stage.start()
    stage.model.script = scripts.say(TEXT, PACE)
    asked = [number % CHANNELS for number in range(THREADS)]
    questions = [
        (await stage.ask(f"Question {number}", who=people[place], where=places[place]), places[place])
        for number, place in enumerate(asked)
    ]
    least = least_seconds((places[place].id for place in asked), WRITING)
    await stage.workspace.wait_for(
        lambda: all(stage.texts(each, where) == [TEXT] and stage.is_calm(each, where) for each, where in questions),
        SLOWER * least + _LEEWAY,
    )
    assert all(count <= 1 for count in stage.slack.rate_limits.refused.values())
    assert stage.slack.sockets.counts.redelivered == 0
    assert len(stage.model.requests) == THREADS


async def test_a_crowd_in_one_channel_waits_for_its_posts_alone(stage: Stage) -> None:
    await stage.start()
    stage.model.script = scripts.say(TEXT, Pace(per_second=40))
    questions = [await stage.ask(f"Question {number}") for number in range(30)]
    await stage.workspace.wait_for(lambda: all(stage.texts(each) == [TEXT] for each in questions), PATIENCE)
    assert stage.slack.rate_limits.refused.total() == 0
