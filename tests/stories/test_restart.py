"""What becomes of messages and answers when the daemon dies, ends or starts again."""

import sqlite3

import pytest

from playground.openai import faults, scripts
from playground.openai.scripts import Pace
from playground.slack.faults import Silence
from tests.stories.stage import PATIENCE, Stage


async def shown(stage: Stage, question: dict[str, object], beginning: str) -> None:
    await stage.workspace.wait_for(lambda: any(text.startswith(beginning) for text in stage.texts(question)), PATIENCE)


async def test_a_message_acknowledged_before_kill_9_is_answered_after_the_restart(stage: Stage) -> None:
    daemon = await stage.start()
    stage.model.hold()
    question = await stage.ask("Are you there?")
    await stage.model.wait_for(lambda requests: len(requests) == 1, PATIENCE)
    await daemon.kill()
    await stage.start()
    assert len(await stage.answered(question)) == 1


async def test_messages_that_waited_behind_a_killed_answer_are_answered_too(stage: Stage) -> None:
    daemon = await stage.start()
    stage.model.hold()
    first = await stage.ask("First")
    await stage.model.wait_for(lambda requests: len(requests) == 1, PATIENCE)
    await stage.ask("Second", thread=first["ts"])
    await stage.acknowledged()
    await daemon.kill()
    await stage.start()
    await stage.workspace.wait_for(lambda: "Second" in " ".join(stage.texts(first)), PATIENCE)
    await stage.answered(first)


async def test_a_half_answer_that_is_too_old_ends_in_an_honest_note(stage: Stage) -> None:
    daemon = await stage.start()
    stage.model.script = scripts.say("The answer is forty-two.")
    stage.model.hold(after=3)
    question = await stage.ask("What is the answer?")
    await shown(stage, question, "The")
    await daemon.kill()
    await stage.start(RESUME_MAX_AGE_SECONDS="0")
    await stage.workspace.wait_for(lambda: stage.notes(question), PATIENCE)
    assert "interrupted" in stage.notes(question)[0]
    assert stage.is_calm(question)
    assert len(stage.replies(question)) == 1


async def test_running_answers_may_end_before_the_daemon_does(stage: Stage) -> None:
    daemon = await stage.start()
    stage.model.script = scripts.say("word " * 20, Pace(per_second=20))
    question = await stage.ask("Talk")
    await shown(stage, question, "word")
    assert await daemon.terminate() == 0
    assert stage.texts(question) == ["word " * 20]
    assert stage.notes(question) == []


async def test_answers_that_take_too_long_end_in_a_note_when_the_daemon_is_stopped(stage: Stage) -> None:
    daemon = await stage.start(SHUTDOWN_GRACE_SECONDS="0.2")
    stage.model.script = scripts.say("One two three four")
    stage.model.hold(after=3)
    question = await stage.ask("Count")
    await shown(stage, question, "One")
    assert await daemon.terminate() == 0
    assert stage.texts(question)[0].startswith("One")
    assert stage.notes(question)
    assert stage.is_calm(question)
    assert stage.model.requests[0].disconnected_at is not None
    await stage.start()
    await stage.answered(await stage.ask("Next"))
    assert len(stage.replies(question)) == 1


async def test_a_second_daemon_on_the_same_folder_is_refused(stage: Stage) -> None:
    await stage.start()
    second = await stage.launch()
    assert await second.ended() == 2
    assert "another bot is running" in second.lines
    assert "Traceback" not in second.lines


async def test_neither_the_database_nor_the_log_holds_what_people_wrote(stage: Stage) -> None:
    daemon = await stage.start(LOG_LEVEL="debug", LOG_LEVEL_SLACK="debug", LOG_LEVEL_OPENAI="debug")
    stage.model.script = scripts.say("The reply is halibut.")
    writer = stage.workspace.add_user("Flounder Grayling")
    stage.channel.members.append(writer.id)
    shared = [("perch.txt", b"Their secret is walleye."), ("pike.zip", b"PK broken")]
    question = await stage.ask(
        f"{stage.mention} My password is mackerel, mail sturgeon@example.com", *shared, who=writer, where=stage.channel
    )
    await stage.answered(question, where=stage.channel)
    stage.model.fail(faults.server_error(), times=3)
    await stage.answered(await stage.ask("What of the tench?"))
    assert await daemon.terminate() == 0
    written = daemon.lines.encode() + b"".join(
        path.read_bytes() for path in (stage.folder / "data").rglob("*") if path.is_file()
    )
    words = (b"mackerel", b"halibut", b"perch", b"pike", b"walleye", b"sturgeon", b"tench", b"Flounder")
    for secret in (*words, b"xoxb-", b"xapp-", b"sk-playground"):
        assert secret not in written
    assert sqlite3.connect(next((stage.folder / "data").glob("*.db"))).execute("PRAGMA quick_check").fetchone() == (
        "ok",
    )


@pytest.mark.parametrize(("streaming", "method"), [("auto", "chat.startStream"), ("edits", "chat.postMessage")])
async def test_a_message_that_slack_made_just_before_kill_9_is_found_and_completed(
    stage: Stage, streaming: str, method: str
) -> None:
    stage.model.script = scripts.say("The answer is forty-two.")
    daemon = await stage.start(SLACK_STREAMING=streaming)
    stage.slack.faults.add(method, Silence(carried_out=True))
    stage.model.hold(after=3)
    question = await stage.ask("What is the answer?")
    await stage.workspace.wait_for(lambda: stage.replies(question), PATIENCE)
    await daemon.kill()
    stage.slack.faults.clear()
    await stage.start(SLACK_STREAMING=streaming)
    await stage.shows(question, "The answer is forty-two.")
