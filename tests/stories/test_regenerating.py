"""Answers that are written again: in the same place, by whichever model is chosen, and exactly one remains."""

import pytest

from bot.slack.desks.regenerating import BLOCK, BUSY, CHOICE, REGENERATE
from playground.openai import scripts
from playground.slack.directory import Channel, Json, User
from tests.stories.acting import begun, is_told, pick, settled
from tests.stories.albums import album, shown
from tests.stories.forms import new_modal, rows
from tests.stories.stage import PATIENCE, Stage
from tests.stories.texts import long_answer

OTHER_MODEL = "gpt-6-luna"


async def again(stage: Stage, answer: Json, where: Channel, model: str = "", who: User | None = None) -> None:
    """Somebody asks for this answer once more, by this model if one is named."""
    await pick(stage, REGENERATE, answer, who=who, where=where)
    view = await new_modal(stage, set(), who or stage.ann)
    if model:
        stage.slack.interactions.enter(view, BLOCK, CHOICE, model)
    assert (await stage.slack.interactions.submit(view)).acked


async def answered(stage: Stage, text: str, answer: str, where: Channel | None = None, thread: str = "") -> Json:
    """Ann's message, once all of this answer stands below it and the bot has nothing left to do."""
    stage.model.script = scripts.say(answer)
    question = await stage.ask(text, where=where, thread=thread)
    await stage.workspace.wait_for(
        lambda: "".join(stage.texts(question, where)).endswith(answer[-20:]) and stage.is_calm(question, where),
        PATIENCE,
    )
    await settled(stage)
    return question


async def test_another_model_answers_in_the_same_place_and_the_thread_knows_no_other_answer(stage: Stage) -> None:
    await stage.start()
    question = await answered(stage, f"{stage.mention} what is it?", "A kite.", stage.channel)
    await answered(stage, f"{stage.mention} and this?", "A boat.", stage.channel, question["ts"])
    first, second = stage.replies(question, stage.channel)
    stage.model.script = scripts.say("A crane.")
    await again(stage, first, stage.channel, OTHER_MODEL, stage.ben)
    await stage.shows(question, "A crane.", "A boat.", where=stage.channel)
    await settled(stage)
    assert [message["ts"] for message in stage.replies(question, stage.channel)] == [first["ts"], second["ts"]]
    usual, _, other = stage.model.requests
    assert (usual.body["model"], other.body["model"]) == ("gpt-6.1-terra", OTHER_MODEL)
    assert "kite" not in str(other.body)
    assert "boat" not in str(other.body)
    await answered(stage, f"{stage.mention} sure?", "Yes.", stage.channel, question["ts"])
    assert stage.model.requests[-1].body["model"] == "gpt-6.1-terra"
    assert "A crane." in str(stage.model.requests[-1].body["input"])
    assert "kite" not in str(stage.model.requests[-1].body)


@pytest.mark.parametrize("lengths", [(15_000, 100), (100, 15_000)], ids=["shorter", "longer"])
async def test_an_answer_of_several_messages_is_replaced_by_one_of_another_length(
    stage: Stage, lengths: tuple[int, int]
) -> None:
    await stage.start()
    before, after = map(long_answer, lengths)
    question = await answered(stage, "Tell me everything", f"{before}The end.")
    first = stage.replies(question)[0]
    stage.model.script = scripts.say(f"{after}Really.")
    await again(stage, stage.replies(question)[-1], stage.dm)
    await stage.workspace.wait_for(
        lambda: "Really." in (texts := " ".join(stage.texts(question))) and "The end." not in texts, PATIENCE
    )
    await stage.workspace.wait_for(lambda: stage.is_calm(question), PATIENCE)
    assert stage.replies(question)[0]["ts"] == first["ts"]
    assert sum(text.count("Chapter 1\n") for text in stage.texts(question)) == 1


async def test_a_question_that_is_too_old_to_go_on_with_is_answered_again_after_a_restart(stage: Stage) -> None:
    daemon = await stage.start()
    question = await answered(stage, "What is it?", "A kite.")
    (answer,) = stage.replies(question)
    assert await daemon.terminate() == 0
    await stage.start(RESUME_MAX_AGE_SECONDS="0")
    stage.model.script = scripts.say("A crane.")
    await again(stage, answer, stage.dm)
    await stage.shows(question, "A crane.")
    assert [message["ts"] for message in stage.replies(question)] == [answer["ts"]]
    assert stage.notes(question) == []


async def test_a_picture_is_replaced_by_another_one(stage: Stage) -> None:
    await stage.start()
    stage.model.script = scripts.draw("A lighthouse")
    question = await stage.ask("!draw a lighthouse")
    (before,) = await shown(stage, question)
    await settled(stage)
    await again(stage, stage.replies(question)[0], stage.dm)
    await stage.workspace.wait_for(
        lambda: (
            [file.id for file in album(stage, question)] not in ([before.id], []) and len(album(stage, question)) == 1
        ),
        PATIENCE,
    )
    await stage.workspace.wait_for(lambda: stage.is_calm(question), PATIENCE)
    (after,) = album(stage, question)
    assert before.is_deleted
    assert not after.is_deleted
    assert len(stage.replies(question)) == 1
    assert sum(bool(call.drawn) for call in stage.model.calls) == 2


async def test_an_answer_that_is_being_written_is_not_written_again(stage: Stage) -> None:
    await stage.start()
    question, answer = await begun(stage, stage.channel)
    await again(stage, answer, stage.channel, who=stage.ben)
    await is_told(stage, stage.ben, BUSY)
    assert stage.replies(question, stage.channel)[0]["ts"] == answer["ts"]
    assert len(stage.model.requests) == 1


@pytest.mark.parametrize("moment", ["before the first word", "in the middle"])
async def test_after_kill_9_in_the_middle_exactly_one_answer_remains(stage: Stage, moment: str) -> None:
    daemon = await stage.start()
    question = await answered(stage, "What is it?", long_answer(15_000))
    answer, *further = stage.replies(question)
    assert further
    stage.model.script = scripts.say("It is surely a crane.")
    hold = stage.model.hold(after=0 if moment == "before the first word" else 3)
    await again(stage, answer, stage.dm, OTHER_MODEL)
    await hold.reached.wait()
    if moment == "in the middle":
        await stage.workspace.wait_for(lambda: stage.texts(question)[0].startswith("It is"), PATIENCE)
    await daemon.kill()
    await stage.start()
    await stage.shows(question, "It is surely a crane.")
    assert [message["ts"] for message in stage.replies(question)] == [answer["ts"]]
    assert stage.notes(question) == []
    await stage.ask("Sure?", thread=question["ts"])
    assert len(await stage.answered(question, count=2)) == 2


async def test_a_question_from_yesterday_that_was_asked_again_is_not_too_old_after_kill_9(stage: Stage) -> None:
    daemon = await stage.start()
    question = await answered(stage, "What is it?", "A kite.")
    rows(stage.folder, "UPDATE messages SET sent_at = sent_at - 86400")
    stage.model.script = scripts.say("A crane.")
    hold = stage.model.hold()
    await again(stage, stage.replies(question)[0], stage.dm)
    await hold.reached.wait()
    await daemon.kill()
    await stage.start()
    await stage.shows(question, "A crane.")
    assert stage.notes(question) == []
