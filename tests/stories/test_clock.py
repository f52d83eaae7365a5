"""What a wall clock that is wrong, or is put right meanwhile, does to answers: nothing."""

from pathlib import Path

import pytest

from playground.openai import scripts
from tests.stories.stage import PATIENCE, PROGRAM, Stage

HOUR, DAY = 3_600, 86_400


def clock(ahead: int) -> dict[str, str]:
    """The variables of a daemon whose wall clock is so many seconds ahead."""
    return {"PYTHONPATH": str(Path(__file__).parent / "wrong_clock"), "CLOCK_AHEAD": str(ahead)}


@pytest.mark.parametrize(("before", "after"), [(30 * DAY, 0), (0, 30 * DAY), (0, -3 * HOUR)])
async def test_a_clock_that_jumps_while_the_daemon_is_down_loses_and_doubles_nothing(
    stage: Stage, before: int, after: int
) -> None:
    stage.command = PROGRAM
    stage.slack.sockets.options.retry_scale = 0.001
    daemon = await stage.start(**clock(before))
    answered = await stage.ask("Once")
    await stage.answered(answered)
    stage.model.script = scripts.say("The answer is forty-two.")
    stage.model.hold(after=3)
    half = await stage.ask("What is the answer?")
    await stage.workspace.wait_for(lambda: stage.texts(half), PATIENCE)
    await stage.attended()
    await daemon.kill()

    missed = await stage.ask("Missed")
    given_up = stage.slack.sockets.counts.given_up
    await stage.workspace.wait_for(lambda: given_up, PATIENCE)
    await stage.start(**clock(after))
    await stage.shows(half, "The answer is forty-two.")
    await stage.shows(missed, "The answer is forty-two.")
    assert len(stage.replies(answered)) == 1
    assert stage.notes(half) == []
