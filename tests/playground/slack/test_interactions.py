"""What people do beside writing, as the app's socket sees it."""

import asyncio
from typing import Any

import pytest

from playground.slack.arguments import Refusal
from playground.slack.directory import Json
from tests.playground.slack.scene import Scene


class App:
    """An app that takes every envelope and answers with what the test has prepared."""

    def __init__(self) -> None:
        self.sent: list[Json] = []
        self.answers: list[Json | None] = []

    async def deliver(self, kind: str, payload: Json) -> Json | None:
        self.sent.append(payload | {"envelope": kind})
        return self.answers.pop(0) if self.answers else {}


@pytest.fixture
def app(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> App:
    """Stands at the other end of the wire, which has its own tests."""
    app = App()
    monkeypatch.setattr(scene.slack.sockets, "deliver_once", app.deliver)
    return app


def text(value: str) -> Json:
    return {"type": "plain_text", "text": value}


def modal(name: str = "Settings", **changes: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "settings",
        "title": text(name),
        "submit": text("Save"),
        "blocks": [
            {
                "type": "input",
                "block_id": "model",
                "label": text("Model"),
                "element": {
                    "type": "static_select",
                    "action_id": "choice",
                    "options": [{"text": text("One"), "value": "one"}, {"text": text("Two"), "value": "two"}],
                },
            }
        ],
    } | changes


async def open_modal(scene: Scene, app: App, view: Json | None = None) -> Json:
    await scene.slack.interactions.slash_command(scene.ann.id, scene.dm.id, "/settings", "please")
    answer = await scene.call("views.open", trigger_id=app.sent[-1]["trigger_id"], view=view or modal())
    assert answer["ok"], answer
    shown: Json = answer["view"]
    return shown


async def test_a_slash_command_names_the_channel_and_no_thread(scene: Scene, app: App) -> None:
    await scene.slack.interactions.slash_command(scene.ann.id, scene.dm.id, "/settings", "please")
    (sent,) = app.sent
    assert (sent["envelope"], sent["command"], sent["text"]) == ("slash_commands", "/settings", "please")
    assert (sent["channel_id"], sent["channel_name"]) == (scene.dm.id, "directmessage")
    assert "thread_ts" not in sent


async def test_a_message_shortcut_brings_the_message(scene: Scene, app: App) -> None:
    ts = await scene.ask(channel=scene.lounge)
    await scene.slack.interactions.message_shortcut(scene.ben.id, scene.lounge.id, ts, "configure")
    (sent,) = app.sent
    assert (sent["type"], sent["callback_id"], sent["message_ts"]) == ("message_action", "configure", ts)
    assert (sent["message"]["ts"], sent["channel"]["name"], sent["user"]["id"]) == (ts, "lounge", scene.ben.id)


async def test_a_pressed_button_brings_its_value_and_message(scene: Scene, app: App) -> None:
    button = {"type": "button", "action_id": "stop", "text": text("Stop"), "value": "now"}
    blocks = [{"type": "actions", "block_id": "controls", "elements": [button]}]
    ts = (await scene.client.chat_postMessage(channel=scene.dm.id, text="hi", blocks=blocks))["ts"]
    await scene.slack.interactions.press(scene.ann.id, scene.dm.id, ts, "stop")
    (sent,) = app.sent
    (action,) = sent["actions"]
    assert (sent["type"], sent["container"]["message_ts"], sent["message"]["ts"]) == ("block_actions", ts, ts)
    assert (action["action_id"], action["block_id"], action["value"]) == ("stop", "controls", "now")


async def test_a_modal_opens_once_for_each_act_and_only_soon_after_it(scene: Scene, app: App) -> None:
    shown = await open_modal(scene, app)
    assert shown["root_view_id"] == shown["id"]
    trigger = app.sent[-1]["trigger_id"]
    assert (await scene.call("views.open", trigger_id=trigger, view=modal()))["error"] == "exchanged_trigger_id"
    assert (await scene.call("views.open", trigger_id="1.2.3", view=modal()))["error"] == "invalid_trigger_id"
    scene.slack.views.trigger_lifetime = -1.0
    await scene.slack.interactions.slash_command(scene.ann.id, scene.dm.id, "/settings")
    late = await scene.call("views.open", trigger_id=app.sent[-1]["trigger_id"], view=modal())
    assert late["error"] == "expired_trigger_id"


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"type": "home"}, "/view/type"),
        ({"title": text("x" * 25)}, "/view/title"),
        ({"title": {}}, "/view/title"),
        ({"submit": text("x" * 25)}, "/view/submit"),
        ({"submit": None}, "/view/submit"),
        ({"callback_id": "x" * 256}, "/view/callback_id"),
        ({"private_metadata": "x" * 3001}, "/view/private_metadata"),
        ({"blocks": [{"type": "divider"}] * 101}, "/blocks"),
        ({"blocks": None}, "/blocks"),
    ],
)
async def test_a_modal_that_breaks_a_limit_is_refused(
    scene: Scene, app: App, changes: dict[str, Any], place: str
) -> None:
    await scene.slack.interactions.slash_command(scene.ann.id, scene.dm.id, "/settings")
    view = {name: value for name, value in modal(**changes).items() if value is not None}
    answer = await scene.call("views.open", trigger_id=app.sent[-1]["trigger_id"], view=view)
    assert answer["error"] == "invalid_arguments"
    assert any(place in message for message in answer["response_metadata"]["messages"])


async def test_an_update_with_an_old_hash_is_refused_and_kept_inputs_keep_their_value(scene: Scene, app: App) -> None:
    shown = await open_modal(scene, app)
    view = scene.slack.views.open[shown["id"]]
    scene.slack.interactions.enter(view, "model", "choice", "two")
    updated = await scene.call("views.update", view_id=view.id, hash=shown["hash"], view=modal("Again"))
    assert updated["view"]["state"]["values"]["model"]["choice"]["selected_option"]["value"] == "two"
    again = await scene.call("views.update", view_id=view.id, hash=shown["hash"], view=modal("Late"))
    assert again["error"] == "hash_conflict"
    assert (await scene.call("views.update", view_id="V404", view=modal()))["error"] == "not_found"


async def test_views_are_pushed_up_to_three_high(scene: Scene, app: App) -> None:
    blocks = [{"type": "actions", "elements": [{"type": "button", "action_id": "more", "text": text("More")}]}]
    shown = await open_modal(scene, app, modal(blocks=blocks))
    view = scene.slack.views.open[shown["id"]]
    for error in (None, None, "push_limit_reached"):
        await scene.slack.interactions.press_in_view(view, "more")
        answer = await scene.call("views.push", trigger_id=app.sent[-1]["trigger_id"], view=modal("More"))
        assert answer.get("error") == error
    assert len(view.stack) == 3


ANSWERS: list[tuple[Json, int]] = [
    ({}, 0),
    ({"response_action": "clear"}, 0),
    ({"response_action": "update", "view": modal("Updated")}, 1),
    ({"response_action": "push", "view": modal("Pushed")}, 2),
    ({"response_action": "errors", "errors": {"model": "No"}}, 1),
]


@pytest.mark.parametrize(("answer", "open_views"), ANSWERS)
async def test_the_answer_to_a_submission_decides_what_stays_open(
    scene: Scene, app: App, answer: Json, open_views: int
) -> None:
    shown = await open_modal(scene, app)
    app.answers.append(answer)
    submission = await scene.slack.interactions.submit(scene.slack.views.open[shown["id"]])
    assert submission.acked
    assert submission.errors == answer.get("errors", {})
    assert len(scene.slack.views.open) == open_views
    assert app.sent[-1]["type"] == "view_submission"


async def test_errors_must_name_an_input(scene: Scene, app: App) -> None:
    shown = await open_modal(scene, app)
    app.answers.append({"response_action": "errors", "errors": {"elsewhere": "No"}})
    with pytest.raises(Refusal):
        await scene.slack.interactions.submit(scene.slack.views.open[shown["id"]])


async def test_a_submission_without_ack_leaves_the_modal_open(scene: Scene, app: App) -> None:
    shown = await open_modal(scene, app)
    app.answers.append(None)
    assert not (await scene.slack.interactions.submit(scene.slack.views.open[shown["id"]])).acked
    assert shown["id"] in scene.slack.views.open


@pytest.mark.parametrize("wanted", [False, True])
async def test_closing_is_told_only_when_asked_for(scene: Scene, app: App, wanted: bool) -> None:
    shown = await open_modal(scene, app, modal(notify_on_close=wanted))
    await scene.slack.interactions.close(scene.slack.views.open[shown["id"]])
    assert (app.sent[-1].get("type") == "view_closed") is wanted
    assert scene.slack.views.open == {}


async def test_a_home_is_published_and_replaced_only_with_its_latest_hash(scene: Scene) -> None:
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    first = (await scene.client.views_publish(user_id=scene.ann.id, view=home))["view"]
    second = await scene.call("views.publish", user_id=scene.ann.id, view=home, hash=first["hash"])
    assert second["ok"]
    third = await scene.call("views.publish", user_id=scene.ann.id, view=home, hash=first["hash"])
    assert third["error"] == "hash_conflict"


async def test_a_response_url_answers_five_times(scene: Scene, app: App) -> None:
    await scene.slack.interactions.slash_command(scene.ann.id, scene.general.id, "/settings")
    url = app.sent[-1]["response_url"]
    statuses = []
    for kind in ("ephemeral", "in_channel", "ephemeral", "ephemeral", "ephemeral", "ephemeral"):
        async with scene.http.post(url, json={"text": "done", "response_type": kind}) as response:
            statuses.append(response.status)
    assert statuses == [200] * 5 + [404]
    assert len(scene.workspace.ephemerals) == 4
    assert [message["text"] for message in scene.workspace.messages(scene.general.id)] == ["done"]


async def test_a_response_url_of_a_button_can_replace_or_delete_its_message(scene: Scene, app: App) -> None:
    button = {"type": "button", "action_id": "ok", "text": text("OK")}
    blocks = [{"type": "actions", "elements": [button]}]
    ts = (await scene.client.chat_postMessage(channel=scene.dm.id, text="hi", blocks=blocks))["ts"]
    await scene.slack.interactions.press(scene.ann.id, scene.dm.id, ts, "ok")
    url = app.sent[-1]["response_url"]
    async with scene.http.post(url, json={"text": "pressed", "replace_original": True}):
        assert scene.stored(ts)["text"] == "pressed"
    async with scene.http.post(url, json={"delete_original": True}):
        assert scene.workspace.messages(scene.dm.id) == []


async def test_opening_the_bots_messages_is_told(scene: Scene) -> None:
    heard = asyncio.Queue[Json]()
    scene.workspace.on_event(heard.put)
    await scene.workspace.open_app_home(scene.ann.id)
    event = heard.get_nowait()["event"]
    assert (event["type"], event["tab"], event["channel"]) == ("app_home_opened", "messages", scene.dm.id)


async def test_what_a_command_acks_is_shown_to_the_person_alone(scene: Scene, app: App) -> None:
    app.answers.append({"text": "done"})
    await scene.slack.interactions.slash_command(scene.ann.id, scene.general.id, "/settings")
    (seen,) = scene.workspace.ephemerals
    assert (seen["text"], seen["shown_to"], seen["channel"]) == ("done", scene.ann.id, scene.general.id)


async def test_a_button_that_one_person_sees_brings_its_place_and_can_replace_and_delete_it(
    scene: Scene, app: App
) -> None:
    root = await scene.ask()
    blocks = [{"type": "actions", "elements": [{"type": "button", "action_id": "ok", "text": text("OK")}]}]
    ts = (
        await scene.client.chat_postEphemeral(
            channel=scene.dm.id, user=scene.ann.id, thread_ts=root, text="hi", blocks=blocks
        )
    )["message_ts"]
    await scene.slack.interactions.press(scene.ann.id, scene.dm.id, ts, "ok")
    sent = app.sent[-1]
    assert "message" not in sent
    assert sent["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": scene.dm.id,
        "is_ephemeral": True,
        "thread_ts": root,
    }
    url = sent["response_url"]
    async with scene.http.post(url, json={"text": "pressed", "replace_original": True}):
        (seen,) = scene.workspace.ephemerals
    assert (seen["ts"], seen["text"], "blocks" in seen) == (ts, "pressed", False)
    async with scene.http.post(url, json={"delete_original": True}):
        assert scene.workspace.ephemerals == []


async def test_nobody_presses_what_only_another_person_sees(scene: Scene, app: App) -> None:
    blocks = [{"type": "actions", "elements": [{"type": "button", "action_id": "ok", "text": text("OK")}]}]
    posted = await scene.client.chat_postEphemeral(
        channel=scene.general.id, user=scene.ann.id, text="hi", blocks=blocks
    )
    with pytest.raises(KeyError):
        await scene.slack.interactions.press(scene.ben.id, scene.general.id, posted["message_ts"], "ok")


async def test_a_modal_cannot_be_pushed_upon_a_home(scene: Scene, app: App) -> None:
    blocks = [{"type": "actions", "elements": [{"type": "button", "action_id": "more", "text": text("More")}]}]
    await scene.client.views_publish(user_id=scene.ann.id, view={"type": "home", "blocks": blocks})
    await scene.slack.interactions.press_in_view(scene.slack.views.homes[scene.ann.id], "more")
    trigger = app.sent[-1]["trigger_id"]
    assert (await scene.call("views.push", trigger_id=trigger, view=modal()))["error"] == "not_found"


async def test_blocks_of_a_view_get_the_ids_that_they_came_without(scene: Scene, app: App) -> None:
    shown = await open_modal(scene, app, modal(blocks=[{"type": "divider"}]))
    assert shown["blocks"][0]["block_id"]
