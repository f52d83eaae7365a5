"""Many at once."""

from playground.openai import scripts
from playground.openai.scripts import Pace
from tests.stories.stage import PATIENCE, Stage

TEXT = "One two three four five six seven eight nine ten. " * 8


async def test_thirty_threads_at_once_are_all_answered_within_slacks_limits(stage: Stage) -> None:
    await stage.start()
    stage.model.script = scripts.say(TEXT, Pace(per_second=40))
    questions = [await stage.ask(f"Question {number}") for number in range(30)]
    await stage.workspace.wait_for(lambda: all(stage.texts(each) == [TEXT] for each in questions), PATIENCE)
    assert stage.slack.rate_limits.refused.total() == 0
    assert stage.slack.sockets.counts.redelivered == 0
    assert len(stage.model.requests) == 30
