"""The home tab."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.records import Expense, Totals
from bot.domain.settings import Scope, Settings, Sheet
from bot.domain.usage import Usage
from bot.slack.desks.home import home_view
from bot.slack.desks.settings_form import RESET
from bot.slack.desks.settings_modal import OPEN
from bot.store.errors import StoreUnavailable
from playground.slack.faults import Error
from playground.slack.views import checked
from tests.bot.slack.desks.settings_scene import COMMAND, NOW, Scene, choices, settings_scene, texts_in

NOBODY = Sheet(Settings(), {}, {})


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with settings_scene() as scene:
        yield scene


async def home_text(scene: Scene, *parts: str) -> str:
    homes = scene.slack.views.homes
    await scene.until(lambda: scene.ann in homes and all(part in texts_in(homes[scene.ann].body) for part in parts))
    return texts_in(homes[scene.ann].body)


def expense(scene: Scene, user: str, at: float) -> Expense:
    return Expense(scene.mine.workspace, "C1", user, "thinker", Usage(1_000, 0, 200), 1, 0.25, at)


async def test_opening_it_shows_ones_own_settings_and_use_of_this_month(scene: Scene) -> None:
    scene.store.values = {scene.mine: {"verbosity": "high"}, scene.theirs: {"streaming": "off"}}
    first = datetime(2026, 11, 1, tzinfo=UTC).timestamp()
    for user, at in ((scene.ann, first), (scene.ann, NOW), (scene.ann, first - 1), (scene.ben, NOW)):
        await scene.usage.note(expense(scene, user, at))
    await scene.slack.workspace.open_app_home(scene.ann, "home")
    text = await home_text(scene, "Length of answers")
    assert "*Length of answers*: high (from your settings)" in text
    assert "Show while writing" not in text
    assert "2 answers, 2 pictures, 2,400 tokens, about $0.50" in text


async def test_the_messages_tab_is_left_alone(scene: Scene) -> None:
    await scene.slack.workspace.open_app_home(scene.ann, "messages")
    await scene.until(lambda: len(scene.slack.sockets.counts.taken) == 1)
    await scene.errands.close()
    assert not scene.slack.views.homes


async def test_its_button_opens_the_settings_and_saving_draws_it_anew(scene: Scene) -> None:
    await scene.slack.workspace.open_app_home(scene.ann, "home")
    await home_text(scene, "Whatever the organisation has chosen.")
    await scene.slack.interactions.press_in_view(scene.slack.views.homes[scene.ann], OPEN)
    view = await scene.new_view(set())
    assert choices(view.body, "scope") == ["user"]
    scene.enter(view, "streaming", "off")
    assert (await scene.slack.interactions.submit(view)).errors == {}
    await home_text(scene, "*Show while writing*: off")


@pytest.mark.parametrize("way", ["command", "form"])
async def test_a_reset_draws_it_anew(scene: Scene, way: str) -> None:
    scene.store.values = {scene.mine: {"streaming": "off"}}
    await scene.slack.workspace.open_app_home(scene.ann, "home")
    await home_text(scene, "*Show while writing*: off")
    if way == "command":
        await scene.slack.interactions.slash_command(scene.ann, scene.channel.id, COMMAND, "reset")
    else:
        await scene.slack.interactions.press_in_view(await scene.open(), RESET)
    await home_text(scene, "Whatever the organisation has chosen.")


def test_what_the_organisation_has_chosen_is_not_ones_own() -> None:
    own: dict[Scope, dict[str, Any]] = {Scope.USER: {"streaming": False}}
    sheet = Sheet(Settings(), {"verbosity": Scope.DEFAULT, "streaming": Scope.USER}, own)
    text = texts_in(home_view(sheet, Totals(), COMMAND))
    assert "*Show while writing*: off (from your settings)" in text
    assert "Length of answers" not in text


async def test_trouble_behind_its_button_is_told_in_a_modal(scene: Scene) -> None:
    await scene.slack.workspace.open_app_home(scene.ann, "home")
    await home_text(scene, "My settings")
    scene.store.broken = StoreUnavailable("the disk is full")
    await scene.slack.interactions.press_in_view(scene.slack.views.homes[scene.ann], OPEN)
    assert texts_in((await scene.new_view(set())).body) == StoreUnavailable.explanation


async def test_trouble_that_cannot_be_told_is_logged(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    await scene.slack.workspace.open_app_home(scene.ann, "home")
    await home_text(scene, "My settings")
    scene.store.broken = StoreUnavailable("the disk is full")
    scene.slack.faults.add("views.open", Error("expired_trigger_id"))
    await scene.slack.interactions.press_in_view(scene.slack.views.homes[scene.ann], OPEN)
    await scene.until(lambda: "not told something: views.open: expired_trigger_id" in caplog.text)
    await scene.until(lambda: "the disk is full" in caplog.text)


def test_a_long_instruction_is_shown_as_its_beginning_and_as_plain_text() -> None:
    own = {Scope.USER: {"instructions": "<!channel> *look*\n" + "x" * 3_000}}
    sheet = Sheet(Settings(), {"instructions": Scope.USER}, own)
    view = home_view(sheet, Totals(), "/settings", "slack://app?team=T1&id=A1&tab=messages")
    checked(view, "home")
    assert "<!channel>" not in texts_in(view)
    assert "x" * 200 not in texts_in(view)


def test_it_leads_to_the_direct_message_where_its_address_is_known() -> None:
    assert "<slack://there|Write to me>" in texts_in(home_view(NOBODY, Totals(), "/settings", "slack://there"))
    assert "Write to me>" not in texts_in(home_view(NOBODY, Totals(), "/settings"))


def test_it_says_what_could_not_be_kept_to() -> None:
    sheet = Sheet(Settings(), {}, {}, ("The model old was shut down.",))
    assert "The model old was shut down." in texts_in(home_view(sheet, Totals(), "/settings"))
