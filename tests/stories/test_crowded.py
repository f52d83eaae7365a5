"""More people ask than may be answered at once, or the provider is down: everybody is told how they stand."""

import re

import pytest

from bot.openai.breaker import FAILURES, ModelDown
from bot.slack.desks.stopping import STOP
from playground.openai import faults, scripts
from playground.slack.directory import Json
from tests.stories.acting import pick
from tests.stories.stage import PATIENCE, Stage


def number_of(stage: Stage, question: Json) -> int | None:
    """Which number the author of this question is told to be; None without one."""
    channel = stage.channel.id
    status = stage.workspace.statuses.get((channel, question["ts"]))
    found = re.search(r"you are number (\d+) in line", status.text if status else "")
    return int(found[1]) if found else None


async def ask(stage: Stage, name: str) -> Json:
    return await stage.ask(f"{stage.mention} {name}?", where=stage.channel)


async def told_numbers(stage: Stage, questions: list[Json], numbers: list[int]) -> None:
    await stage.workspace.wait_for(lambda: [number_of(stage, each) for each in questions] == numbers, PATIENCE)


async def test_who_waits_sees_their_number_and_moves_up_and_everybody_is_answered_once(stage: Stage) -> None:
    stage.model.script = scripts.say("Here you are.")
    holds = [stage.model.hold(after=1) for _ in range(2)]
    await stage.start(MAX_CONCURRENT_TURNS="2")
    questions = [await ask(stage, name) for name in "AB"]
    await stage.workspace.wait_for(lambda: len(stage.model.requests) == 2, PATIENCE)
    for number, name in enumerate("CDE", start=1):
        questions.append(await ask(stage, name))
        await told_numbers(stage, questions[2:], list(range(1, number + 1)))
    assert len(stage.model.requests) == 2
    await pick(stage, STOP, questions[2], where=stage.channel)
    await stage.workspace.wait_for(lambda: stage.notes(questions[2], stage.channel) == ["Stopped."], PATIENCE)
    await told_numbers(stage, questions[3:], [1, 2])
    for hold in holds:
        hold.release()
    for question in (*questions[:2], *questions[3:]):
        await stage.shows(question, "Here you are.", where=stage.channel)
    assert len(stage.model.requests) == 4


@pytest.mark.parametrize("end", ["kill -9", "SIGTERM"])
async def test_who_waits_in_line_when_the_daemon_ends_is_answered_once_by_the_next(stage: Stage, end: str) -> None:
    daemon = await stage.start(MAX_CONCURRENT_TURNS="1", SHUTDOWN_GRACE_SECONDS="0.2")
    stage.model.hold()
    first = await ask(stage, "A")
    await stage.model.wait_for(lambda requests: len(requests) == 1, PATIENCE)
    second = await ask(stage, "B")
    await told_numbers(stage, [second], [1])
    if end == "SIGTERM":
        assert await daemon.terminate() == 0
        assert stage.notes(first, stage.channel)
        assert stage.replies(second, stage.channel) == []
        assert stage.is_calm(second, stage.channel)
    else:
        await daemon.kill()
    await stage.start(MAX_CONCURRENT_TURNS="1")
    assert len(await stage.answered(second, where=stage.channel)) == 1
    assert stage.notes(second, stage.channel) == []
    assert len(await stage.answered(first, where=stage.channel)) == 1


async def test_while_the_provider_is_down_people_are_told_at_once_and_answered_again_after(stage: Stage) -> None:
    stage.model.script = scripts.say("Here you are.")
    await stage.start()
    stage.model.fail(faults.server_error(), times=2 * 3)
    for _ in range(2):
        await stage.answered(await stage.ask("Anybody there?"))
    asked = len(stage.model.requests)
    assert asked >= FAILURES
    question = await stage.ask("And now?")
    await stage.workspace.wait_for(lambda: stage.notes(question) == [ModelDown.explanation], PATIENCE)
    assert len(stage.model.requests) == asked
