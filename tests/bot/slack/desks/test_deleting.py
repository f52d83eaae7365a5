"""Answers that people have deleted."""

from collections.abc import Set
from functools import partial

import pytest

from bot.slack.desks.deleting import DELETE, DELETED, NO_ANSWER, NOT_MINE, NOT_YOURS, deleting
from bot.slack.reading.listeners import Register
from playground.slack.directory import Json, User
from playground.slack.faults import Error
from tests.doubles.desks import DeskScene, desk_scene

SHORTCUT = f"{DELETE}_dev"


def desk(scene: DeskScene, admins: Set[str] = frozenset()) -> Register:
    return deleting(scene.desk, scene.turns, admins)


async def test_who_asked_has_the_whole_answer_deleted_with_its_pictures() -> None:
    async with desk_scene(desk) as scene:
        first = await scene.answers(scene.root)
        picture, file = await scene.draws()
        last = await scene.answers(scene.root)
        await scene.picks(scene.ann, last, SHORTCUT)
        assert [scene.stands(ts) for ts in (first, picture, last)] == [False] * 3
        assert scene.workspace.files[file].is_deleted
        assert scene.stands(scene.root)
        assert scene.told(scene.ann) == [DELETED]


async def test_other_answers_and_their_pictures_stay() -> None:
    async with desk_scene(desk) as scene:
        mine = await scene.answers(scene.root)
        theirs = await scene.answers(await scene.asks(scene.ben))
        picture, _ = await scene.draws()
        await scene.picks(scene.ann, mine, SHORTCUT)
        assert [scene.stands(ts) for ts in (mine, theirs, picture)] == [False, True, True]


async def test_a_picture_alone_is_an_answer() -> None:
    async with desk_scene(desk) as scene:
        await scene.asks(scene.ben)
        picture, file = await scene.draws()
        await scene.picks(scene.ann, picture, SHORTCUT)
        assert scene.told(scene.ann) == [NOT_YOURS]
        await scene.picks(scene.ben, picture, SHORTCUT)
        assert not scene.stands(picture)
        assert scene.workspace.files[file].is_deleted


async def test_what_somebody_else_asked_for_is_not_theirs_to_delete() -> None:
    async with desk_scene(desk) as scene:
        answer = await scene.answers(scene.root)
        await scene.picks(scene.ben, answer, SHORTCUT)
        assert scene.stands(answer)
        assert (scene.told(scene.ben), scene.told(scene.ann)) == ([NOT_YOURS], [])


async def test_what_the_bot_did_not_write_is_not_its_to_delete() -> None:
    async with desk_scene(desk) as scene:
        await scene.picks(scene.ann, scene.root, SHORTCUT)
        assert scene.stands(scene.root)
        assert scene.told(scene.ann) == [NOT_MINE]


async def test_a_message_that_answers_nobody_is_left_to_administrators() -> None:
    async with desk_scene(desk) as scene:
        stray = await scene.answers("")
        await scene.picks(scene.ann, stray, SHORTCUT)
        assert scene.told(scene.ann) == [NO_ANSWER]
        make_admin(scene, scene.ann)
        await scene.picks(scene.ann, stray, SHORTCUT)
        assert not scene.stands(stray)


@pytest.mark.parametrize("how", ["named to the bot", "of the workspace"])
async def test_an_administrator_may_delete_any_answer(how: str) -> None:
    admins: set[str] = set()
    async with desk_scene(partial(desk, admins=admins)) as scene:
        answer = await scene.answers(scene.root)
        if how == "of the workspace":
            make_admin(scene, scene.ben)
        else:
            admins.add(scene.ben.id)
        await scene.picks(scene.ben, answer, SHORTCUT)
        assert not scene.stands(answer)


async def test_an_answer_that_is_being_written_is_stopped_first() -> None:
    async with desk_scene(desk) as scene:
        growing = await scene.answers("")  # a stream names its question only when it ends
        scene.turns.growing[growing] = scene.root
        parts: list[str] = []

        async def ends() -> None:
            await scene.desk.calls.client.chat_update(
                channel=scene.general.id,
                ts=growing,
                text="Half",
                metadata={"event_type": "chatgpt_reply", "event_payload": {"question": scene.root}},
            )
            parts.append(await scene.answers(scene.root, "Stopped."))

        scene.turns.at_the_end.append(ends)
        await scene.picks(scene.ben, growing, SHORTCUT)
        assert (scene.told(scene.ben), scene.turns.retracted) == ([NOT_YOURS], [])
        await scene.picks(scene.ann, growing, SHORTCUT)
        assert [scene.stands(ts) for ts in (growing, *parts)] == [False, False]


async def test_trouble_is_told_in_words() -> None:
    async with desk_scene(desk) as scene:
        answer = await scene.answers(scene.root)
        scene.slack.faults.always("chat.delete", Error("cant_delete_message"))
        await scene.picks(scene.ann, answer, SHORTCUT)
        (told,) = scene.told(scene.ann)
        assert "try again" in told


class Admin(User):
    def as_json(self) -> Json:
        return User.as_json(self) | {"is_admin": True}


def make_admin(scene: DeskScene, user: User) -> None:
    scene.workspace.users[user.id] = Admin(user.id, user.name, user.real_name, user.team_id)
