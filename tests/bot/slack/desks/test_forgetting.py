"""How people have themselves forgotten."""

from collections.abc import AsyncIterator

import pytest

from bot.slack.desks.forgetting import FORGET, FORGOTTEN, SURE
from bot.store.errors import StoreUnavailable
from tests.bot.slack.desks.settings_scene import COMMAND, Scene, settings_scene


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with settings_scene() as scene:
        yield scene


async def asked(scene: Scene) -> str:
    """The ts of the private message that asks Ann whether she is sure."""
    assert await scene.slack.interactions.slash_command(scene.ann, scene.channel.id, COMMAND, " Forget ") == {}
    assert await scene.whispered() == SURE
    return str(scene.slack.workspace.ephemerals[0]["ts"])


async def test_nobody_is_forgotten_before_they_are_sure(scene: Scene) -> None:
    await asked(scene)
    assert scene.people.forgotten == []


async def test_who_presses_the_button_is_forgotten_and_told_so(scene: Scene) -> None:
    message = await asked(scene)
    await scene.slack.interactions.press(scene.ann, scene.channel.id, message, FORGET)
    await scene.until(lambda: scene.whispers[-1] == (scene.ann, FORGOTTEN))
    assert scene.people.forgotten == [(scene.slack.workspace.team_id, scene.ann)]


async def test_what_goes_wrong_is_explained(scene: Scene) -> None:
    scene.people.broken = StoreUnavailable("the disk is full")
    message = await asked(scene)
    await scene.slack.interactions.press(scene.ann, scene.channel.id, message, FORGET)
    await scene.until(lambda: scene.whispers[-1] == (scene.ann, StoreUnavailable.explanation))
