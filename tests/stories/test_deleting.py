"""Answers that are deleted by those who may: whole, with their pictures, and without a trace in what follows."""

import pytest

from bot.slack.desks.deleting import DELETE, DELETED, NOT_MINE, NOT_YOURS
from playground.openai import scripts
from playground.slack.directory import Json, User
from tests.stories.acting import begun, hung_up_promptly, is_told, pick
from tests.stories.albums import album
from tests.stories.stage import PATIENCE, Stage
from tests.stories.texts import long_answer


class WorkspaceAdmin(User):
    """A person whom Slack calls an administrator."""

    def as_json(self) -> Json:
        return User.as_json(self) | {"is_admin": True}


async def drawn_and_described(stage: Stage) -> Json:
    """Ann's question in the channel, with an answer of several messages and a picture."""
    stage.model.script = scripts.draw("A lighthouse", before=long_answer(15_000), after="That is all.")
    question = await stage.ask(f"{stage.mention} draw and describe a lighthouse", where=stage.channel)
    await stage.workspace.wait_for(
        lambda: any("That is all." in text for text in stage.texts(question, stage.channel)), PATIENCE
    )
    replies = await stage.answered(question, where=stage.channel, count=3)
    assert len(replies) >= 3
    stage.model.script = scripts.echo
    return question


@pytest.mark.parametrize("at", ["its first message", "its last message", "its picture"])
async def test_who_asked_deletes_the_whole_answer_at_any_of_its_messages(stage: Stage, at: str) -> None:
    await stage.start()
    question = await drawn_and_described(stage)
    replies = stage.replies(question, stage.channel)
    (picture,) = (message for message in replies if message.get("files"))
    words = [message for message in replies if not message.get("files")]
    chosen = {"its first message": words[0], "its last message": words[-1], "its picture": picture}[at]
    await pick(stage, DELETE, chosen, where=stage.channel)
    await is_told(stage, stage.ann, DELETED)
    assert stage.replies(question, stage.channel) == []
    assert stage.workspace.files[picture["files"][0]["id"]].is_deleted
    assert stage.workspace.message(stage.channel.id, question["ts"])
    await stage.ask(f"{stage.mention} and a boat?", where=stage.channel, thread=question["ts"])
    assert len(await stage.answered(question, where=stage.channel)) == 1
    assert "Chapter 1" not in str(stage.model.requests[-1].body)


async def test_only_the_answer_that_was_meant_goes(stage: Stage) -> None:
    await stage.start()
    question = await stage.ask(f"{stage.mention} one", where=stage.channel)
    await stage.answered(question, where=stage.channel)
    await stage.ask("two", who=stage.ben, where=stage.channel, thread=question["ts"])
    texts = await stage.answered(question, where=stage.channel, count=2)
    await pick(stage, DELETE, stage.replies(question, stage.channel)[0], where=stage.channel)
    await is_told(stage, stage.ann, DELETED)
    assert stage.texts(question, stage.channel) == texts[1:]


@pytest.mark.parametrize("how", ["of the workspace", "named to the bot"])
async def test_an_administrator_may_delete_what_others_asked_for(stage: Stage, how: str) -> None:
    ben = stage.ben
    if how == "of the workspace":
        stage.workspace.users[ben.id] = WorkspaceAdmin(ben.id, ben.name, ben.real_name, ben.team_id)
    await stage.start(ADMINS="" if how == "of the workspace" else ben.id)
    question = await stage.ask(f"{stage.mention} hi", where=stage.channel)
    await stage.answered(question, where=stage.channel)
    await pick(stage, DELETE, stage.replies(question, stage.channel)[0], who=ben, where=stage.channel)
    await is_told(stage, ben, DELETED)
    assert stage.replies(question, stage.channel) == []
    assert stage.private(stage.ann) == []


async def test_what_others_asked_for_and_what_people_wrote_is_left_alone(stage: Stage) -> None:
    await stage.start()
    question = await stage.ask(f"{stage.mention} hi", where=stage.channel)
    await stage.answered(question, where=stage.channel)
    (answer,) = stage.replies(question, stage.channel)
    await pick(stage, DELETE, answer, who=stage.ben, where=stage.channel)
    await is_told(stage, stage.ben, NOT_YOURS)
    await pick(stage, DELETE, question, where=stage.channel)
    await is_told(stage, stage.ann, NOT_MINE)
    assert stage.replies(question, stage.channel) == [answer]
    assert stage.workspace.message(stage.channel.id, question["ts"])


async def test_an_answer_that_is_deleted_while_it_is_written_is_hung_up_on_and_gone(stage: Stage) -> None:
    await stage.start()
    question, answer = await begun(stage, stage.dm)
    async with hung_up_promptly(stage):
        await pick(stage, DELETE, answer, where=stage.dm)
    await is_told(stage, stage.ann, DELETED)
    assert stage.replies(question) == []
    stage.model.script = scripts.echo
    await stage.ask("Go on", thread=question["ts"])
    (text,) = await stage.answered(question)
    assert "Go on" in text


async def test_a_picture_alone_is_an_answer_too(stage: Stage) -> None:
    await stage.start()
    stage.model.script = scripts.draw("A lighthouse")
    question = await stage.ask("!draw a lighthouse")
    await stage.workspace.wait_for(lambda: album(stage, question) and stage.is_calm(question), PATIENCE)
    (picture,) = album(stage, question)
    await pick(stage, DELETE, stage.replies(question)[0], where=stage.dm)
    await is_told(stage, stage.ann, DELETED)
    assert stage.replies(question) == []
    assert picture.is_deleted
