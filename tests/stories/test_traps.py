"""Three traps of a bot like this one, each by its name; the whole daemon walks through them."""

import pytest

from playground.openai import scripts
from playground.slack.socket_faults import AckTooLate, SocketFault, Twice
from tests.stories.stage import PATIENCE, Stage

ANSWER = "The answer is forty-two."


@pytest.mark.parametrize("fault", [Twice(), AckTooLate()], ids=["at once", "after the time for an ack"])
async def test_a_redelivered_event_is_not_answered_twice(stage: Stage, fault: SocketFault) -> None:
    await stage.start()
    counts = stage.slack.sockets.counts
    stage.slack.sockets.options.ack_seconds = 1.0
    stage.slack.sockets.faults.add(fault)
    question = await stage.ask("Once")
    await stage.workspace.wait_for(lambda: counts.envelopes["events_api"] >= 2, PATIENCE)
    await stage.acknowledged()
    await stage.answered(await stage.ask("Twice"))
    await stage.answered(question)
    assert len(stage.replies(question)) == 1
    assert len(stage.model.requests) == 2


async def test_a_redelivered_event_is_not_answered_twice_after_a_restart(stage: Stage) -> None:
    daemon = await stage.start()
    question = await stage.ask("Once")
    await stage.answered(question)
    assert await daemon.terminate() == 0
    await stage.start()
    await stage.deliver_again()
    await stage.answered(await stage.ask("Twice"))
    assert len(stage.replies(question)) == 1
    assert len(stage.model.requests) == 2


async def test_a_mention_in_an_engaged_thread_is_not_answered_twice(stage: Stage) -> None:
    await stage.start()
    question = await stage.ask(f"{stage.mention} one", where=stage.channel)
    await stage.answered(question, where=stage.channel)
    for number in (2, 3, 4):
        said = f"{stage.mention} {number}"
        message = await stage.ask(said, who=stage.ben, where=stage.channel, thread=question["ts"])
        await stage.answered(question, where=stage.channel, count=number)
        heard = [payload["event"]["type"] for payload in stage.events if payload["event"].get("ts") == message["ts"]]
        assert sorted(heard) == ["app_mention", "message"]
        await stage.acknowledged()
    await stage.answered(await stage.ask("And now?"))
    assert len(stage.replies(question, stage.channel)) == 4
    assert len(stage.model.requests) == 5


@pytest.mark.parametrize("streaming", ["auto", "edits"])
async def test_kill_9_in_mid_answer_leaves_no_stuck_and_no_lost_answer(stage: Stage, streaming: str) -> None:
    stage.model.script = scripts.say(ANSWER)
    daemon = await stage.start(SLACK_STREAMING=streaming)
    stage.model.hold(after=3)
    question = await stage.ask("What is the answer?")
    await stage.workspace.wait_for(lambda: any(text.startswith("The") for text in stage.texts(question)), PATIENCE)
    half_written = [message["ts"] for message in stage.replies(question)]
    await daemon.kill()
    await stage.start(SLACK_STREAMING=streaming)
    await stage.shows(question, ANSWER)
    assert [message["ts"] for message in stage.replies(question)] == half_written
