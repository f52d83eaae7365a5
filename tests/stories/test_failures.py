"""What people read when something goes wrong, and what the operator reads."""

import pytest

from playground.openai import faults, scripts
from playground.openai.faults import Fault
from tests.stories.stage import PATIENCE, Stage


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (faults.quota_exhausted(), "credit"),
        (faults.key_rejected(), "key"),
        (faults.model_gone("gpt-6.1-terra"), "model is not available"),
        (faults.bad_request("context_length_exceeded"), "too long"),
        (faults.bad_request("invalid_prompt"), "declined"),
        (faults.rate_limited(300), "busy"),
        (faults.html_page(), "OpenAI"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_cannot_be_mended_is_told_kindly(stage: Stage, fault: Fault, says: str) -> None:
    daemon = await stage.start()
    stage.model.fail(fault, times=10)
    question = await stage.ask("The word is mackerel")
    await stage.workspace.wait_for(lambda: stage.notes(question), PATIENCE)
    (note,) = stage.notes(question)
    assert says in note
    assert stage.is_calm(question)
    assert "Error" not in note
    assert "mackerel" not in daemon.lines
    stage.model.recover()
    await stage.answered(await stage.ask("Again"))


async def test_a_busy_model_is_asked_again_before_anything_was_shown(stage: Stage) -> None:
    await stage.start()
    stage.model.fail(faults.overloaded())
    stage.model.fail(faults.rate_limited(0.05))
    question = await stage.ask("Hello")
    assert "Hello" in (await stage.answered(question))[0]
    assert stage.notes(question) == []


async def test_the_person_is_told_while_the_bot_waits_for_a_busy_model(stage: Stage) -> None:
    await stage.start()
    stage.model.fail(faults.rate_limited(2))
    question = await stage.ask("Hello")
    root = (stage.dm.id, question["ts"])
    await stage.workspace.wait_for(
        lambda: "busy" in stage.workspace.statuses[root].text if root in stage.workspace.statuses else False, PATIENCE
    )
    assert len(await stage.answered(question)) == 1


@pytest.mark.parametrize(
    "fault",
    [
        faults.nested_error(after=3),
        faults.flat_error(after=3),
        faults.failed(after=3),
        faults.reset(after=3),
        faults.truncated_chunk(after=3),
        faults.clean_end(after=3),
        faults.half_json(after=3),
    ],
    ids=["nested error", "flat error", "failed", "reset", "truncated", "clean end", "half JSON"],
)
async def test_what_was_shown_stays_and_a_note_says_what_happened(stage: Stage, fault: Fault) -> None:
    await stage.start()
    stage.model.script = scripts.say("One two three four five")
    stage.model.fail(fault)
    question = await stage.ask("Count")
    await stage.workspace.wait_for(lambda: stage.notes(question) and stage.is_calm(question), PATIENCE)
    assert stage.texts(question)[0].startswith("One")
    assert len(stage.notes(question)) == 1
    assert len(stage.model.requests) == 1


async def test_a_model_that_stalls_is_given_up(stage: Stage) -> None:
    await stage.start(OPENAI_STREAMING_CHUNK_TIMEOUT="0.5")
    stage.model.script = scripts.say("One two three four five")
    stage.model.hold(after=3)
    question = await stage.ask("Count")
    await stage.workspace.wait_for(lambda: stage.notes(question) and stage.is_calm(question), PATIENCE)
    assert stage.texts(question)[0].startswith("One")
    assert "stopped responding" in stage.notes(question)[0]
    await stage.model.wait_for(lambda requests: requests[0].disconnected_at is not None, PATIENCE)


async def test_an_answer_that_reaches_its_length_limit_says_so(stage: Stage) -> None:
    await stage.start()
    stage.model.script = scripts.cut_off("One two three", "max_output_tokens")
    question = await stage.ask("Count")
    await stage.workspace.wait_for(lambda: stage.notes(question) and stage.is_calm(question), PATIENCE)
    assert stage.texts(question) == ["One two three"]


async def test_parameters_that_a_server_refuses_are_left_out_from_then_on(stage: Stage) -> None:
    stage.model.refused = ("reasoning", "prompt_cache_key", "safety_identifier")
    await stage.start()
    await stage.answered(await stage.ask("Hello"))
    first = len(stage.model.requests)
    await stage.answered(await stage.ask("Hello again"))
    assert len(stage.model.requests) == first + 1
