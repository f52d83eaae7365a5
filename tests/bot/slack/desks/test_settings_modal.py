"""The settings form over a real connection to a local Slack."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.domain.settings import Holder, Scope
from bot.slack.desks import settings_modal
from bot.slack.desks.settings_form import NO_VALUE, RESET
from bot.slack.desks.settings_modal import THREAD_SHORTCUT, TOO_LATE
from bot.store.errors import StoreUnavailable
from playground.slack.directory import ChannelKind
from playground.slack.faults import Error
from playground.slack.views import OpenView
from tests.bot.slack.desks.settings_scene import (
    Scene,
    block_of,
    choices,
    element_of,
    names_in,
    settings_scene,
    texts_in,
)


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with settings_scene() as scene:
        yield scene


async def save(scene: Scene, view: OpenView) -> dict[str, str]:
    submission = await scene.slack.interactions.submit(view)
    assert submission.acked
    return submission.errors


def chosen(view: OpenView, name: str) -> str:
    return str(element_of(view.body, name)["initial_option"]["value"])


async def test_what_is_entered_is_saved_as_ones_own_and_the_form_closes(scene: Scene) -> None:
    view = await scene.open()
    scene.enter(view, "verbosity", "high")
    scene.enter(view, "instructions", "Answer in rhymes.")
    assert await save(scene, view) == {}
    assert scene.store.values == {scene.mine: {"verbosity": "high", "instructions": "Answer in rhymes."}}
    assert not scene.slack.views.open


async def test_a_form_that_nobody_changed_saves_nothing(scene: Scene) -> None:
    scene.store.values[scene.mine] = {"verbosity": "high", "max_output_tokens": "500"}
    view = await scene.open()
    scene.store.broken = StoreUnavailable("a write would fail")
    assert await save(scene, view) == {}


async def test_a_value_is_taken_away_by_choosing_none_of_ones_own(scene: Scene) -> None:
    scene.store.values[scene.mine] = {"verbosity": "high", "max_output_tokens": "500", "streaming": "off"}
    view = await scene.open()
    scene.enter(view, "verbosity", NO_VALUE)
    scene.enter(view, "max_output_tokens", "")
    await save(scene, view)
    assert scene.store.values == {scene.mine: {"streaming": "off"}}


async def test_problems_stand_at_their_fields_and_nothing_is_saved(scene: Scene) -> None:
    view = await scene.open()
    scene.enter(view, "max_output_tokens", "many")
    scene.enter(view, "image_size", "1x1")
    errors = await save(scene, view)
    assert errors[block_of(view.body, "max_output_tokens")] == "It must be a whole number of at least 16."
    assert errors.keys() == {block_of(view.body, name) for name in ("max_output_tokens", "image_size")}
    assert scene.slack.views.open
    assert scene.store.values == {}


async def test_another_model_changes_what_can_be_chosen_and_keeps_what_was_entered(scene: Scene) -> None:
    view = await scene.open()
    scene.enter(view, "instructions", "Be brief.")
    scene.enter(view, "max_output_tokens", "many")
    await scene.choose(view, "model", "deep")
    assert choices(view.body, "reasoning_effort") == [NO_VALUE, "high", "max"]
    assert element_of(view.body, "instructions")["initial_value"] == "Be brief."
    assert element_of(view.body, "max_output_tokens")["initial_value"] == "many"
    await scene.choose(view, "model", "talker")
    assert {"temperature", "top_p"} < set(names_in(view.body))
    scene.enter(view, "max_output_tokens", "")
    scene.enter(view, "temperature", "0.5")
    assert await save(scene, view) == {}
    assert scene.store.values == {scene.mine: {"model": "talker", "temperature": "0.5", "instructions": "Be brief."}}


async def test_thinking_hides_the_temperature(scene: Scene) -> None:
    view = await scene.open()
    assert "temperature" not in names_in(view.body)
    await scene.choose(view, "reasoning_effort", "none")
    assert "temperature" in names_in(view.body)
    await scene.choose(view, "reasoning_effort", "high")
    assert "temperature" not in names_in(view.body)


async def test_another_scope_shows_its_own_values_and_takes_along_what_was_entered(scene: Scene) -> None:
    scene.store.values = {scene.mine: {"verbosity": "high"}, scene.theirs: {"verbosity": "low", "streaming": "off"}}
    view = await scene.open()
    scene.enter(view, "vision_detail", "low")
    await scene.choose(view, "scope", "channel")
    assert (chosen(view, "verbosity"), chosen(view, "streaming"), chosen(view, "vision_detail")) == (
        "low",
        "off",
        "low",
    )
    assert await save(scene, view) == {}
    assert scene.store.values[scene.theirs] == {"verbosity": "low", "streaming": "off", "vision_detail": "low"}
    assert scene.store.values[scene.mine] == {"verbosity": "high"}


async def test_two_people_at_once_do_not_undo_each_others_changes(scene: Scene) -> None:
    await scene.slack.workspace.join(scene.ben, scene.channel.id)
    scene.store.values[scene.theirs] = {"verbosity": "low", "streaming": "off"}
    first, second = await scene.open("channel"), await scene.open("channel", scene.ben)
    scene.enter(first, "verbosity", "high")
    scene.enter(second, "vision_detail", "low")
    assert (await save(scene, first), await save(scene, second)) == ({}, {})
    assert scene.store.values[scene.theirs] == {"verbosity": "high", "streaming": "off", "vision_detail": "low"}


async def test_only_members_may_change_a_channel_and_are_told_so_in_the_form(scene: Scene) -> None:
    view = await scene.open("channel", scene.ben)
    scene.enter(view, "verbosity", "high")
    errors = await save(scene, view)
    assert list(errors) == [block_of(view.body, "scope")]
    assert errors[block_of(view.body, "scope")].startswith("Only members")
    assert scene.store.values == {}


async def test_only_members_may_reset_a_channel_and_are_told_so_on_top_of_the_form(scene: Scene) -> None:
    scene.store.values[scene.theirs] = {"verbosity": "low"}
    view = await scene.open("channel", scene.ben)
    known = set(scene.slack.views.open)
    await scene.slack.interactions.press_in_view(view, RESET)
    note = await scene.new_view(known)
    assert texts_in(note.body).startswith("Only members")
    assert note.stack == [view.id, note.id]
    assert scene.store.values == {scene.theirs: {"verbosity": "low"}}


async def test_reset_takes_the_scopes_values_and_what_was_entered(scene: Scene) -> None:
    scene.store.values = {scene.mine: {"verbosity": "high"}, scene.theirs: {"streaming": "off"}}
    view = await scene.open()
    scene.enter(view, "vision_detail", "low")
    before = view.hash
    await scene.slack.interactions.press_in_view(view, RESET)
    await scene.until(lambda: view.hash != before)
    assert scene.store.values == {scene.theirs: {"streaming": "off"}}
    assert (chosen(view, "verbosity"), chosen(view, "vision_detail")) == (NO_VALUE, NO_VALUE)


async def test_the_shortcut_opens_the_threads_settings(scene: Scene) -> None:
    root = await scene.slack.workspace.post_as(scene.ann, scene.channel.id, "a question")
    reply = await scene.slack.workspace.post_as(scene.ann, scene.channel.id, "and more", thread_ts=root["ts"])
    for ts in (root["ts"], reply["ts"]):
        assert await scene.slack.interactions.message_shortcut(scene.ann, scene.channel.id, ts, THREAD_SHORTCUT) == {}
        view = await scene.new_view(set())
        assert chosen(view, "scope") == "thread"
        scene.enter(view, "verbosity", "high")
        assert await save(scene, view) == {}
        assert scene.store.values.pop(scene.thread(root["ts"])) == {"verbosity": "high"}


async def test_the_shortcut_works_where_the_bot_is_no_member(scene: Scene) -> None:
    secret = scene.slack.workspace.add_channel("secret", [scene.ben], ChannelKind.GROUP)
    root = await scene.slack.workspace.post_as(scene.ben, secret.id, "a question")
    await scene.slack.interactions.message_shortcut(scene.ben, secret.id, root["ts"], THREAD_SHORTCUT)
    view = await scene.new_view(set())
    scene.enter(view, "streaming", "off")
    assert await save(scene, view) == {}
    (holder,) = scene.store.values
    assert (holder.scope, holder.id) == (Scope.THREAD, f"{secret.id}/{root['ts']}")


async def test_a_development_app_has_a_shortcut_of_its_own() -> None:
    async with settings_scene(suffix="_dev") as scene:
        root = await scene.slack.workspace.post_as(scene.ann, scene.channel.id, "a question")
        act = scene.slack.interactions.message_shortcut
        assert await act(scene.ann, scene.channel.id, root["ts"], f"{THREAD_SHORTCUT}_dev") == {}
        assert chosen(await scene.new_view(set()), "scope") == "thread"


async def test_a_trigger_that_has_expired_is_answered_with_the_advice_to_try_again(scene: Scene) -> None:
    scene.slack.views.trigger_lifetime = -1.0
    await scene.slack.interactions.slash_command(scene.ann, scene.channel.id, "/chatgpt-settings")
    assert await scene.whispered() == TOO_LATE


async def test_trouble_with_the_store_is_told_to_the_person_alone(scene: Scene) -> None:
    scene.store.broken = StoreUnavailable("the disk is full")
    await scene.slack.interactions.slash_command(scene.ann, scene.channel.id, "/chatgpt-settings")
    assert await scene.whispered() == StoreUnavailable.explanation
    assert not scene.slack.views.open


async def test_trouble_with_the_store_while_saving_keeps_the_form_open(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    view = await scene.open()
    scene.enter(view, "instructions", "a secret wish")
    scene.store.broken = StoreUnavailable("the disk is full")
    assert await save(scene, view) == {block_of(view.body, "scope"): StoreUnavailable.explanation}
    assert scene.slack.views.open
    assert "the disk is full" in caplog.text
    assert "a secret wish" not in caplog.text


async def test_trouble_with_the_store_while_redrawing_is_told_on_top_of_the_form(scene: Scene) -> None:
    view = await scene.open()
    scene.store.broken = StoreUnavailable("the disk is full")
    await scene.slack.interactions.press_in_view(view, "setting_model", "deep")
    note = await scene.new_view({view.id})
    assert texts_in(note.body) == StoreUnavailable.explanation


async def test_saving_that_takes_too_long_says_so_before_slack_gives_up(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(holder: Holder, changes: object, by: str, at: float) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(settings_modal, "SECONDS_TO_SAVE", 0.01)
    monkeypatch.setattr(type(scene.store), "override", lambda _, *given: never(*given))
    view = await scene.open()
    scene.enter(view, "streaming", "off")
    assert await save(scene, view) == {block_of(view.body, "scope"): settings_modal.TOO_SLOW}


async def test_the_later_of_two_choices_wins_when_the_form_was_redrawn_in_between(scene: Scene) -> None:
    view = await scene.open()
    scene.enter(view, "verbosity", "high")
    scene.slack.faults.add("views.update", Error("hash_conflict"))
    await scene.choose(view, "model", "deep")
    assert (chosen(view, "model"), chosen(view, "verbosity")) == ("deep", "high")
    updates = [call.arguments for call in scene.slack.calls if call.method == "views.update"]
    assert ["hash" in arguments for arguments in updates] == [True, False]


async def test_a_form_that_was_closed_meanwhile_is_left_alone(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    view = await scene.open()
    scene.slack.faults.add("views.update", Error("not_found"))
    await scene.slack.interactions.press_in_view(view, "setting_model", "deep")
    await scene.until(lambda: scene.slack.calls.count("views.update"))
    await scene.errands.close()
    assert "views.push" not in {call.method for call in scene.slack.calls}
    assert not caplog.records
