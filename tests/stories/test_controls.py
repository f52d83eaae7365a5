"""Answers that people stop: the connection to OpenAI is closed, what was shown stays, and the thread goes on."""

from collections.abc import Awaitable, Callable

import pytest

from bot.slack.desks.stopping import NOTHING_TO_STOP, STOP
from playground.openai import scripts
from playground.slack.directory import Channel, Json
from tests.doubles.until import until
from tests.stories.acting import NUMBERS, begun, hung_up_promptly, is_told, pick, shown
from tests.stories.forms import rows
from tests.stories.stage import PATIENCE, Stage

Way = Callable[[Stage, Json, Channel], Awaitable[object]]
"""How somebody stops the answer to this question."""


async def by_button(stage: Stage, question: Json, where: Channel) -> None:
    root = question.get("thread_ts") or question["ts"]
    await stage.slack.interactions.stop_session(stage.ann.id, where.id, root)


async def by_shortcut(stage: Stage, question: Json, where: Channel) -> None:
    await pick(stage, STOP, question, where=where)


async def by_deleting_the_question(stage: Stage, question: Json, where: Channel) -> None:
    await stage.workspace.delete_as(stage.ann.id, where.id, question["ts"])


def by_the_word(word: str) -> Way:
    async def say(stage: Stage, question: Json, where: Channel) -> None:
        root = question.get("thread_ts") or question["ts"]
        await stage.ask(word.replace("@bot", stage.mention), where=where, thread=root)

    return say


WAYS = {
    "button": by_button,
    "shortcut": by_shortcut,
    "question deleted": by_deleting_the_question,
    **{word: by_the_word(word) for word in ("stop", "Cancel!", "Stopp", "停止", "@bot stop", "STOP @bot")},
}
"""All that leave the answer as far as it was shown."""


async def begin(stage: Stage, where: Channel, thread: str = "") -> Json:
    """Ann asks, and the answer has begun and waits for more."""
    stage.model.script = scripts.say(NUMBERS)
    stage.model.hold(after=3)
    mention = "" if where is stage.dm else f"{stage.mention} "
    question = await stage.ask(f"{mention}Count", where=where, thread=thread)
    await shown(stage, question, where)
    return question


async def marked(stage: Stage, question: Json, where: Channel, count: int = 1) -> str:
    """The text of the newest reply, once so many are marked as stopped and nothing more comes."""
    await stage.workspace.wait_for(
        lambda: stage.notes(question, where).count("Stopped.") == count and stage.is_calm(question, where), PATIENCE
    )
    return stage.texts(question, where)[-1]


async def goes_on(stage: Stage, question: Json, where: Channel, before: int | None = None) -> None:
    """The thread answers its next message, and nothing else is written: below `before` replies, or all that stand."""
    before = len(stage.replies(question, where)) if before is None else before
    stage.model.script = scripts.echo
    mention = "" if where is stage.dm else f"{stage.mention} "
    root = question.get("thread_ts") or question["ts"]
    await stage.ask(f"{mention}Go on, {question['ts']}", where=where, thread=root)

    def is_answered() -> bool:
        texts = stage.texts(question, where)
        return len(texts) == before + 1 and question["ts"] in texts[-1] and stage.is_calm(question, where)

    await stage.workspace.wait_for(is_answered, PATIENCE)


@pytest.mark.parametrize("place", ["a direct message", "a thread in a channel"])
async def test_an_answer_is_stopped_in_many_ways_and_what_was_shown_stays(stage: Stage, place: str) -> None:
    daemon = await stage.start()
    where = stage.dm if place == "a direct message" else stage.channel
    root = "" if where is stage.dm else (await stage.ask("Numbers!", where=where))["ts"]
    for count, stop in enumerate(WAYS.values(), start=1):
        question = await begin(stage, where, root)
        async with hung_up_promptly(stage):
            await stop(stage, question, where)
        said = await marked(stage, question, where, 1 if where is stage.dm else count)
        assert said.startswith("One")
        assert said != NUMBERS
        await goes_on(stage, question, where)
    assert "Traceback" not in daemon.lines


async def test_a_development_bot_has_a_shortcut_of_its_own(stage: Stage) -> None:
    await stage.start(CALLBACK_SUFFIX="_dev")
    question = await begin(stage, stage.channel)
    async with hung_up_promptly(stage):
        await pick(stage, f"{STOP}_dev", question, who=stage.ben, where=stage.channel)
    await marked(stage, question, stage.channel)


async def test_deleting_the_only_question_before_anything_is_shown_leaves_no_answer(stage: Stage) -> None:
    await stage.start()
    stage.model.hold()
    question = await stage.ask("Never mind")
    await stage.model.wait_for(lambda requests: len(requests) == 1, PATIENCE)
    async with hung_up_promptly(stage):
        await by_deleting_the_question(stage, question, stage.dm)
    await stage.answered(await stage.ask("And now?"))
    assert len(stage.model.requests) == 2


async def test_an_answer_that_is_deleted_while_it_grows_is_hung_up_on_and_does_not_come_back(stage: Stage) -> None:
    for streaming in ("auto", "edits"):
        daemon = await stage.start(SLACK_STREAMING=streaming)
        question, answer = await begun(stage, stage.channel)
        async with hung_up_promptly(stage):
            await stage.workspace.remove_message(stage.channel.id, answer["ts"])
        await goes_on(stage, question, stage.channel, before=0)
        assert await daemon.terminate() == 0


async def test_what_waits_is_answered_when_what_is_written_was_stopped(stage: Stage) -> None:
    await stage.start()
    question = await begin(stage, stage.dm)
    await stage.ask("The next one", thread=question["ts"])
    stage.model.script = scripts.echo
    await stage.ask("stop", thread=question["ts"])
    texts = await stage.answered(question, count=2)
    assert "The next one" in texts[1]
    assert stage.notes(question) == ["Stopped."]


async def test_a_stop_word_is_not_taken_for_a_question_by_the_next_daemon(stage: Stage) -> None:
    daemon = await stage.start()
    question = await begin(stage, stage.dm)
    await stage.ask("stop", thread=question["ts"])
    await stage.answered(question)
    await stage.attended()
    await stage.acknowledged()
    await until(lambda: not rows(stage.folder, "SELECT 1 FROM messages WHERE finished_at IS NULL"), PATIENCE)
    await daemon.kill()

    daemon = await stage.start()  # and looks up what came in the minute before
    await until(lambda: "caught up" in daemon.lines, PATIENCE)
    await goes_on(stage, question, stage.dm, before=1)


async def test_a_stop_word_that_finds_nothing_to_stop_is_a_message_like_any_other(stage: Stage) -> None:
    await stage.start()
    (answer,) = await stage.answered(await stage.ask("stop"))
    assert "stop" in answer


async def test_a_question_that_is_deleted_while_it_waits_is_never_answered(stage: Stage) -> None:
    await stage.start()
    hold = stage.model.hold()
    first = await stage.ask("First")
    await stage.model.wait_for(lambda requests: len(requests) == 1, PATIENCE)
    second = await stage.ask("Second", thread=first["ts"])
    await by_deleting_the_question(stage, second, stage.dm)
    await stage.acknowledged()
    hold.release()
    await stage.answered(first)
    await goes_on(stage, first, stage.dm)
    assert not any("Second" in str(call.body) for call in stage.model.requests)


async def test_of_questions_that_are_answered_together_each_must_be_deleted(stage: Stage) -> None:
    await stage.start()
    hold = stage.model.hold()
    first = await stage.ask("First")
    await stage.model.wait_for(lambda requests: len(requests) == 1, PATIENCE)
    both = [await stage.ask(text, thread=first["ts"]) for text in ("Second", "Third")]
    await stage.acknowledged()
    stage.model.hold(after=1)
    hold.release()
    await stage.model.wait_for(lambda requests: len(requests) == 2 and requests[1].events > 0, PATIENCE)
    await by_deleting_the_question(stage, both[1], stage.dm)
    await stage.acknowledged()
    assert not stage.model.requests[-1].over
    async with hung_up_promptly(stage):
        await by_deleting_the_question(stage, both[0], stage.dm)


async def test_stopping_in_vain_is_told_to_whoever_tried_and_to_nobody_else(stage: Stage) -> None:
    await stage.start()
    lunch = await stage.ask("Lunch?", where=stage.channel)
    await pick(stage, STOP, lunch, who=stage.ben, where=stage.channel)
    await is_told(stage, stage.ben, NOTHING_TO_STOP)
    assert stage.private(stage.ann) == []
    assert stage.replies(lunch, stage.channel) == []
