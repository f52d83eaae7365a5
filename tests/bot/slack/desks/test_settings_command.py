"""The words of the settings command."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.slack.desks.desk import TOO_MUCH
from bot.slack.desks.settings_command import RESET_DONE, help_on
from bot.store.errors import StoreUnavailable
from tests.bot.slack.desks.settings_scene import COMMAND, Scene, choices, element_of, settings_scene


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with settings_scene() as scene:
        yield scene


@pytest.mark.parametrize(("words", "scope"), [("", "user"), ("channel", "channel"), ("  Channel ", "channel")])
async def test_it_opens_the_settings_of_a_person_or_of_a_channel(scene: Scene, words: str, scope: str) -> None:
    view = await scene.open(words)
    assert element_of(view.body, "scope")["initial_option"]["value"] == scope
    assert choices(view.body, "scope") == ["user", "channel"]


async def test_it_works_in_a_direct_message(scene: Scene) -> None:
    direct = scene.slack.workspace.open_dm(scene.ann)
    view = await scene.open("channel", channel=direct.id)
    scene.enter(view, "streaming", "off")
    assert (await scene.slack.interactions.submit(view)).errors == {}
    assert [(holder.id, texts) for holder, texts in scene.store.values.items()] == [(direct.id, {"streaming": "off"})]


async def test_reset_takes_ones_own_settings_away_and_says_so_in_private(scene: Scene) -> None:
    scene.store.values = {scene.mine: {"streaming": "off"}, scene.theirs: {"streaming": "on"}}
    assert await scene.slack.interactions.slash_command(scene.ann, scene.channel.id, COMMAND, "reset") == {}
    assert await scene.whispered() == RESET_DONE
    assert scene.store.values == {scene.theirs: {"streaming": "on"}}


async def test_a_reset_that_fails_is_explained(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(_: object, holder: object) -> None:
        raise StoreUnavailable("the disk is full")

    monkeypatch.setattr(type(scene.store), "clear", refuse)
    await scene.slack.interactions.slash_command(scene.ann, scene.channel.id, COMMAND, "reset")
    assert await scene.whispered() == StoreUnavailable.explanation


@pytest.mark.parametrize("words", ["help", "HELP", "what?", "<@U1> & co", "reset all"])
async def test_anything_else_is_answered_with_help(scene: Scene, words: str) -> None:
    scene.store.values = {scene.mine: {"streaming": "off"}}
    ack = await scene.slack.interactions.slash_command(scene.ann, scene.channel.id, COMMAND, words)
    assert ack == {"text": help_on(COMMAND)}
    assert scene.store.values == {scene.mine: {"streaming": "off"}}


def test_help_names_every_word() -> None:
    assert all(f"{COMMAND}{word}:" in help_on(COMMAND) for word in ("", " channel", " reset", " forget", " usage"))


async def test_too_much_at_once_is_said_in_private(scene: Scene) -> None:
    scene.errands.most = 1
    scene.errands.run("another", asyncio.sleep(3600))
    ack = await scene.slack.interactions.slash_command(scene.ann, scene.channel.id, COMMAND)
    assert ack == {}
    assert await scene.whispered() == TOO_MUCH
