"""Who may see what everybody uses, and what they see."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.domain.errors import BotError
from bot.domain.records import Expense
from bot.domain.usage import Usage
from bot.slack.desks.admins import Viewers
from bot.slack.desks.usage import DOWNLOAD, NO_MONTH, NOT_YOURS, ON_ITS_WAY
from bot.store.errors import StoreUnavailable
from playground.slack.faults import Error
from tests.bot.slack.desks.settings_scene import COMMAND, NOW, Scene, settings_scene, texts_in

OCTOBER = datetime(2026, 10, 31, 23, tzinfo=UTC).timestamp()


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with settings_scene() as scene:
        team, where = scene.slack.workspace.team_id, scene.channel.id
        scene.usage.expenses = [
            Expense(team, where, scene.ben, "thinker", Usage(1_000, 0, 200), 0, 0.25, NOW - 60),
            Expense(team, where, scene.ann, "deep", Usage(10, 0, 2), 0, 0.5, OCTOBER),
        ]
        yield scene


async def ask(scene: Scene, words: str, user: str = "") -> str:
    """Run the command; the text that the person is told."""
    before = len(scene.whispers)
    who = user or scene.ann
    assert await scene.slack.interactions.slash_command(who, scene.channel.id, COMMAND, words) == {}
    await scene.until(lambda: len(scene.whispers) > before)
    (told,) = scene.slack.workspace.ephemerals[before:]
    assert told["shown_to"] == who
    return texts_in(told) if told.get("blocks") else told["text"]


async def test_an_admin_sees_the_month_by_person_channel_and_model(scene: Scene) -> None:
    shown = await ask(scene, "usage")
    assert "Usage of 2026-11" in shown
    for what in (f"<@{scene.ben}>", f"<#{scene.channel.id}>", "thinker"):
        assert f"{what}: 1 answer, 0 pictures, 1,200 tokens, about $0.25" in shown
    assert scene.ann not in shown


async def test_another_month_can_be_asked_for(scene: Scene) -> None:
    shown = await ask(scene, " Usage  2026-10 ")
    assert f"<@{scene.ann}>: 1 answer" in shown
    assert scene.ben not in shown
    assert "Nothing was used." in await ask(scene, "usage 2025-01")
    assert await ask(scene, "usage october") == NO_MONTH


async def test_who_may_not_see_it_is_told_so_and_nothing_else(scene: Scene) -> None:
    assert await ask(scene, "usage", scene.ben) == NOT_YOURS


async def test_what_goes_wrong_is_explained(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(*_: object) -> None:
        raise StoreUnavailable("the disk is full")

    monkeypatch.setattr(type(scene.usage), "uses", refuse)
    assert await ask(scene, "usage") == StoreUnavailable.explanation


async def press(scene: Scene, user: str = "") -> None:
    await ask(scene, "usage")
    told = scene.slack.workspace.ephemerals[-1]
    await scene.slack.interactions.press(user or scene.ann, scene.channel.id, str(told["ts"]), DOWNLOAD)


async def test_the_whole_is_sent_as_a_file_in_a_direct_message(scene: Scene) -> None:
    await press(scene)
    workspace = scene.slack.workspace
    await scene.until(lambda: any(file.shares_as_json(workspace.team_id) for file in workspace.files.values()))
    (file,) = workspace.files.values()
    assert file.name == "usage-2026-11.csv"
    assert f"[{scene.ben}],{scene.ben},[{scene.channel.id}],{scene.channel.id},thinker,1,0,0,1200,0.250000" in (
        file.content.decode("utf-8-sig")
    )
    direct = workspace.open_dm(scene.ann)
    assert list(file.shares_as_json(workspace.team_id)["private"]) == [direct.id]
    assert scene.whispers[-1] == (scene.ann, ON_ITS_WAY)


async def test_a_file_that_does_not_arrive_is_explained(scene: Scene) -> None:
    scene.slack.faults.add("files.completeUploadExternal", Error("file_uploads_disabled"))
    await press(scene)
    await scene.until(lambda: scene.whispers[-1][1] not in ("Usage of 2026-11", ON_ITS_WAY))
    assert scene.whispers[-1][0] == scene.ann


@pytest.mark.parametrize(
    ("who", "seen"), [({"everybody"}, [True, True]), ({"admins"}, [True, False]), ({"UBEN"}, [False, True])]
)
async def test_who_may_see_it_is_for_the_operator_to_say(scene: Scene, who: set[str], seen: list[bool]) -> None:
    ids = frozenset(scene.ben if each == "UBEN" else each for each in who)
    viewers = Viewers(scene.home.desk.calls, ids, frozenset({scene.ann}))
    assert [await viewers.include(user) for user in (scene.ann, scene.ben)] == seen
    if who == {"admins"}:
        with pytest.raises(BotError):
            await viewers.include("U0NOBODY")
