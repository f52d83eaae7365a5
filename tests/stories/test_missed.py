"""What people wrote while the daemon was not there."""

import pytest

from tests.stories.stage import PATIENCE, Stage


@pytest.fixture(autouse=True)
def soon(stage: Stage) -> None:
    """Slack gives an event up after a third of a second instead of six minutes."""
    stage.slack.sockets.options.retry_scale = 0.001


async def lost(stage: Stage, events: int) -> None:
    """Return once Slack has given so many events up: nobody was there to take them, however often it tried."""
    given_up = stage.slack.sockets.counts.given_up
    await stage.workspace.wait_for(lambda: len(given_up) >= events, PATIENCE)


async def test_what_was_written_while_the_daemon_was_down_is_answered_once(stage: Stage) -> None:
    daemon = await stage.start()
    begun = await stage.ask(f"{stage.mention} Hello", where=stage.channel)
    await stage.answered(begun, where=stage.channel)
    assert await daemon.terminate() == 0

    direct = await stage.ask("Are you there?")
    mention = await stage.ask(f"{stage.mention} And here?", who=stage.ben, where=stage.channel)
    reply = await stage.ask("And in the thread?", where=stage.channel, thread=begun["ts"])
    talk = await stage.ask("Nobody is there", who=stage.ben, where=stage.channel)
    await lost(stage, 5)  # a mention is two events

    await stage.start()
    assert len(await stage.answered(direct)) == 1
    assert len(await stage.answered(mention, where=stage.channel)) == 1
    assert len(await stage.answered(reply, where=stage.channel, count=2)) == 2
    assert stage.replies(talk, stage.channel) == []


async def test_what_was_written_while_the_line_was_broken_is_answered_once(stage: Stage) -> None:
    await stage.start()
    await stage.connected()
    sockets = stage.slack.sockets
    sockets.refuse_tickets()
    sockets.drop()
    missed = await stage.ask("Are you there?")
    await lost(stage, 1)
    sockets.refuse_tickets("")

    assert len(await stage.answered(missed)) == 1


async def test_what_was_answered_before_a_kill_is_not_answered_again(stage: Stage) -> None:
    daemon = await stage.start()
    question = await stage.ask("Once")
    await stage.answered(question)
    await stage.attended()
    await daemon.kill()
    missed = await stage.ask("Missed")
    await lost(stage, 1)

    daemon = await stage.start()
    await stage.answered(missed)
    await stage.workspace.wait_for(lambda: "caught up: 1 new messages" in daemon.lines, PATIENCE)
    assert len(stage.replies(question)) == 1
    assert "Missed" not in daemon.lines


@pytest.mark.parametrize("age", ["0", "0.01"])
async def test_what_is_too_old_is_left_alone(stage: Stage, age: str) -> None:
    daemon = await stage.start()
    await stage.answered(await stage.ask("Hello"))
    assert await daemon.terminate() == 0
    missed = await stage.ask("Missed")
    await lost(stage, 1)

    await stage.start(CATCH_UP_MAX_AGE_SECONDS=age)
    await stage.answered(await stage.ask("Next"))
    assert stage.replies(missed) == []


async def test_a_daemon_that_was_never_there_before_answers_nothing_old(stage: Stage) -> None:
    old = await stage.ask("Written before the bot was installed")
    await lost(stage, 1)
    await stage.start()
    await stage.attended()
    await stage.answered(await stage.ask("Hello"))
    assert stage.replies(old) == []
