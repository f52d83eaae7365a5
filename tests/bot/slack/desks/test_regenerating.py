"""Answers that people have written again."""

import pytest

from bot.domain.errors import ModelBusy
from bot.slack.desks.regenerating import AS_BEFORE, BLOCK, BUSY, CHOICE, GONE, NOT_MINE, REGENERATE, regenerating
from bot.slack.reading.listeners import Register
from playground.slack.directory import User
from tests.doubles.desks import DeskScene, desk_scene

SHORTCUT = f"{REGENERATE}_dev"


def desk(scene: DeskScene) -> Register:
    return regenerating(scene.desk, scene.controls, scene.turns, ("gpt-large", "gpt-small"))


async def chooses(scene: DeskScene, user: User, ts: str, model: str) -> None:
    """Somebody picks the shortcut, and a model in the modal."""
    await scene.picks(user, ts, SHORTCUT)
    (view,) = scene.slack.views.open.values()
    scene.slack.interactions.enter(view, BLOCK, CHOICE, model)
    assert (await scene.slack.interactions.submit(view)).acked
    await scene.done()


@pytest.mark.parametrize(("chosen", "model"), [(AS_BEFORE, None), ("gpt-small", "gpt-small")])
async def test_an_answer_is_written_again_by_the_model_that_is_chosen(chosen: str, model: str | None) -> None:
    async with desk_scene(desk) as scene:
        pages = (await scene.answers(scene.root), await scene.answers(scene.root))
        await scene.answers(await scene.asks(scene.ben))
        await chooses(scene, scene.ann, pages[1], chosen)
        assert scene.controls.again == [(scene.root, pages, model)]
        assert scene.told(scene.ann) == []


@pytest.mark.parametrize("begins", [True, False])
async def test_pictures_go_once_it_is_sure_that_the_answer_is_written_again(begins: bool) -> None:
    async with desk_scene(desk) as scene:
        scene.controls.begins = begins
        picture, file = await scene.draws()
        await chooses(scene, scene.ann, picture, AS_BEFORE)
        assert scene.controls.again == [(scene.root, (), None)]
        assert scene.stands(picture) is not begins
        assert scene.workspace.files[file].is_deleted is begins


async def test_a_person_s_message_is_no_answer() -> None:
    async with desk_scene(desk) as scene:
        await scene.picks(scene.ann, scene.root, SHORTCUT)
        assert scene.told(scene.ann) == [NOT_MINE]
        assert scene.slack.views.open == {}


async def test_an_answer_to_a_question_that_is_gone_stays_as_it_is() -> None:
    async with desk_scene(desk) as scene:
        question = await scene.asks(scene.ann)
        answer = await scene.answers(question)
        await scene.workspace.delete_as(scene.ann.id, scene.general.id, question)
        await chooses(scene, scene.ann, answer, AS_BEFORE)
        assert (scene.told(scene.ann), scene.controls.again) == ([GONE], [])


async def test_a_tombstone_is_no_question() -> None:
    async with desk_scene(desk) as scene:
        answer = await scene.answers(scene.root)
        await scene.workspace.delete_as(scene.ann.id, scene.general.id, scene.root)
        await chooses(scene, scene.ann, answer, AS_BEFORE)
        assert scene.told(scene.ann) == [GONE]


@pytest.mark.parametrize("how", ["this answer", "another one"])
async def test_nothing_is_written_again_while_the_bot_writes_in_the_thread(how: str) -> None:
    async with desk_scene(desk) as scene:
        answer = await scene.answers(scene.root)
        if how == "this answer":
            scene.turns.growing[answer] = scene.root
        else:
            scene.controls.begins = False
        await chooses(scene, scene.ben, answer, AS_BEFORE)
        assert scene.told(scene.ben) == [BUSY]


async def test_what_cannot_be_is_told_in_words() -> None:
    async with desk_scene(desk) as scene:
        scene.controls.begins = ModelBusy()
        await chooses(scene, scene.ann, await scene.answers(scene.root), AS_BEFORE)
        assert scene.told(scene.ann) == [ModelBusy.explanation]


async def test_a_modal_that_comes_too_late_is_told_in_words() -> None:
    async with desk_scene(desk) as scene:
        scene.slack.views.trigger_lifetime = -1.0
        await scene.picks(scene.ann, await scene.answers(scene.root), SHORTCUT)
        assert len(scene.told(scene.ann)) == 1
