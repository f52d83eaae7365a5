"""What may be done through the page's server, and by whom."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import ClientSession

from playground.page.app import App, app_view
from playground.page.offers import Command, Offers, Shortcut
from playground.page.server import serve_page
from playground.page.view import everything
from playground.slack.directory import Channel, Json, User
from playground.slack.server import SlackServer, serve_slack
from playground.slack.views import OpenView
from playground.slack.workspace import Workspace

OFFERS = Offers((Command("/settings"),), (Shortcut("summarize", "Summarise"),), has_home=True)
BUTTON = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
ACTIONS = {"type": "actions", "block_id": "b", "elements": [BUTTON]}
INPUT = {
    "type": "input",
    "block_id": "name",
    "label": {"type": "plain_text", "text": "Name"},
    "element": {"type": "plain_text_input", "action_id": "name"},
}
MODAL = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Settings"},
    "submit": {"type": "plain_text", "text": "Save"},
    "blocks": [INPUT, ACTIONS],
}


@dataclass
class Office:
    """Ann, Ben and a private channel of Ben's; what the app is told ends in `told`, and `ack` is its answer."""

    slack: SlackServer
    http: ClientSession
    ann: User
    ben: User
    general: Channel
    secret: Channel
    address: str = ""
    ack: Json | None = field(default_factory=dict)
    told: list[Json] = field(default_factory=list)

    async def deliver(self, _kind: str, payload: Json) -> Json | None:
        self.told.append(payload)
        return self.ack

    async def post(self, path: str, **content: Any) -> tuple[int, Any]:
        content = {"user": self.ann.id, "channel": self.general.id, **content}
        async with self.http.post(self.address + path, json=content) as answer:
            return answer.status, await answer.json()

    def modal(self, user: User) -> OpenView:
        return self.slack.views.add(user.id, MODAL, [])


@pytest.fixture
async def office(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    workspace = Workspace("Office", seed=1)
    ann, ben = workspace.add_user("ann"), workspace.add_user("ben")
    general = workspace.add_channel("general", [ann, ben, workspace.bot.user_id])
    secret = workspace.add_channel("secret", [ben], "group")
    async with serve_slack(workspace) as slack, ClientSession() as http:
        office = Office(slack, http, ann, ben, general, secret)
        monkeypatch.setattr(slack.sockets, "deliver_once", office.deliver)
        app = App(slack.interactions, slack.views, OFFERS)
        async with serve_page(workspace, slack.interactions.stop_session, "a script", app=app) as office.address:
            yield office


async def test_a_command_reaches_the_app(office: Office) -> None:
    assert await office.post("/commands", text="/settings  now ") == (200, {})
    assert (office.told[0]["command"], office.told[0]["text"]) == ("/settings", "now")


@pytest.mark.parametrize(
    ("path", "content", "complaint"),
    [
        ("/commands", {"text": "/other"}, "/other is not a valid command."),
        ("/commands", {"text": "/settings", "user": "U404"}, "no such person"),
        ("/commands", {"text": "/settings", "channel": "C404"}, "no such conversation"),
        ("/commands", {"text": "/settings", "thread": "1.1"}, "no such thread"),
        ("/shortcuts", {"ts": "1.1", "callback": "other"}, "no such shortcut"),
        ("/shortcuts", {"ts": "1.1", "callback": "summarize"}, "not there any more"),
        ("/presses", {"ts": "1.1", "action": "go"}, "not there any more"),
        ("/presses", {"view": "V404", "action": "go"}, "not there any more"),
        ("/submissions", {"view": "V404"}, "not there any more"),
        ("/closings", {"view": "V404"}, "not there any more"),
        ("/openings", {"tab": "about"}, "no such tab"),
        ("/deletions", {"ts": "1.1"}, "not there any more"),
    ],
)
async def test_what_is_not_there_is_refused_in_words(
    office: Office, path: str, content: dict[str, str], complaint: str
) -> None:
    status, told = await office.post(path, **content)
    assert status == 400
    assert complaint in told["error"]
    assert office.told == []


async def test_nobody_acts_in_a_conversation_of_others(office: Office) -> None:
    message = await office.slack.workspace.post_as(office.ben.id, office.secret.id, "psst")
    for path, content in (
        ("/shortcuts", {"callback": "summarize"}),
        ("/presses", {"action": "go"}),
        ("/deletions", {}),
    ):
        status, _ = await office.post(path, channel=office.secret.id, ts=message["ts"], **content)
        assert status == 400, path
    assert office.told == []


async def test_nobody_acts_in_a_modal_or_home_of_others(office: Office) -> None:
    home = office.slack.views.publish(office.ben.id, {"type": "home", "blocks": [ACTIONS]}, None)
    for view in (home, office.modal(office.ben)):
        for path in ("/presses", "/submissions", "/closings"):
            status, _ = await office.post(path, view=view.id, block="b", action="go")
            assert status == 400, path
    assert office.told == []


async def test_a_person_deletes_only_what_they_wrote(office: Office) -> None:
    message = await office.slack.workspace.post_as(office.ben.id, office.general.id, "mine")
    status, told = await office.post("/deletions", ts=message["ts"])
    assert (status, told["error"]) == (400, "Only one's own messages can be deleted.")
    assert await office.post("/deletions", user=office.ben.id, ts=message["ts"]) == (200, {})


async def test_an_act_that_the_app_does_not_take_is_told(office: Office) -> None:
    office.ack = None
    assert await office.post("/commands", text="/settings") == (502, {"error": "The app did not answer in time."})


async def test_a_press_brings_what_is_entered(office: Office) -> None:
    view = office.modal(office.ann)
    entries = [{"block": "name", "action": "name", "value": "Ann"}, "nonsense"]
    assert await office.post("/presses", view=view.id, block="b", action="go", entries=entries) == (200, {})
    assert office.told[0]["view"]["state"]["values"]["name"]["name"]["value"] == "Ann"


@pytest.mark.parametrize("entries", [[{"block": "x", "action": "y"}], [{"block": "b", "action": "name"}]])
async def test_an_entry_for_what_is_not_there_is_refused(office: Office, entries: list[Json]) -> None:
    status, _ = await office.post("/submissions", view=office.modal(office.ann).id, entries=entries)
    assert status == 400


async def test_the_page_is_told_of_each_persons_modal_and_home(office: Office) -> None:
    workspace = office.slack.workspace
    app = App(office.slack.interactions, office.slack.views, OFFERS)
    office.modal(office.ann)
    office.slack.views.publish(office.ben.id, {"type": "home", "blocks": [ACTIONS]}, None)
    shown = everything(workspace, "a script", app)
    told = {(each["type"], each["user"]): each["view"] for each in shown["surfaces"]}
    assert told["modal", office.ann.id]["title"] == "Settings"
    assert "data-action" in told["home", office.ben.id]["html"]
    assert told["modal", office.ben.id] is told["home", office.ann.id] is None
    assert app_view(app, "U1")["commands"] == ({"name": "/settings", "description": "", "hint": ""},)


async def test_without_an_app_nothing_is_offered(office: Office) -> None:
    shown = everything(office.slack.workspace, "nobody")
    assert (shown["app"], shown["surfaces"]) == (None, [])
