"""A local Slack in which the settings can be opened over a real connection, and sheets to draw from."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.domain.models import ModelInfo, TemperatureRule
from bot.domain.settings import Effort, Holder, Scope, Settings
from bot.slack.desks.admins import ADMINS, Viewers
from bot.slack.desks.desk import Desk
from bot.slack.desks.errands import Errands
from bot.slack.desks.forgetting import Forgetting
from bot.slack.desks.home import Home
from bot.slack.desks.settings_command import SettingsCommand
from bot.slack.desks.settings_form import Offer, action_of
from bot.slack.desks.settings_modal import SettingsModal
from bot.slack.desks.settings_rights import Rights
from bot.slack.desks.usage import UsageDesk
from bot.slack.reading.arrivals import Arrivals
from bot.slack.reading.listeners import build_app
from bot.slack.reading.members import Members
from bot.slack.reading.people import People
from bot.slack.wire.connections import Connections
from bot.turns.preferences import Preferences
from bot.turns.voices import Voices
from config.prompts import load_prompts
from config.texts import load_texts
from playground.slack.directory import Channel, Json
from playground.slack.server import SlackServer, serve_slack
from playground.slack.socket_mode import Options
from playground.slack.views import OpenView
from playground.slack.workspace import Workspace
from tests.doubles.records import MemoryPeople, MemorySettings, MemoryUsage
from tests.doubles.slack import KeepingInbox, identity_in, unpaced_calls
from tests.doubles.until import until

COMMAND = "/chatgpt-settings"
NOW = 1_795_600_000.0  # 25 November 2026

MODELS = {
    "thinker": ModelInfo("thinker", tuple(Effort), TemperatureRule.EFFORT_NONE),
    "deep": ModelInfo("deep", (Effort.HIGH, Effort.MAX)),
    "talker": ModelInfo("talker", temperature=TemperatureRule.ALWAYS),
}
DEFAULTS = Settings(model="thinker")
TEXTS = load_texts(load_prompts().introduction)


async def names_of(ids: Iterable[str]) -> dict[str, str]:
    """Everybody is called by their id, in brackets."""
    return {each: f"[{each}]" for each in ids}


def describe(name: str) -> ModelInfo:
    return MODELS.get(name, ModelInfo(name))


OFFER = Offer(tuple(MODELS), describe, DEFAULTS)


@dataclass(slots=True)
class Scene:
    slack: SlackServer
    store: MemorySettings
    usage: MemoryUsage
    errands: Errands
    home: Home
    people: MemoryPeople
    ann: str
    ben: str
    channel: Channel
    mine: Holder = field(init=False)
    theirs: Holder = field(init=False)

    def __post_init__(self) -> None:
        team = self.slack.workspace.team_id
        self.mine = Holder(Scope.USER, team, self.ann)
        self.theirs = Holder(Scope.CHANNEL, team, self.channel.id)

    def thread(self, root: str) -> Holder:
        return Holder(Scope.THREAD, self.slack.workspace.team_id, f"{self.channel.id}/{root}")

    async def open(self, words: str = "", user: str = "", channel: str = "") -> OpenView:
        """The form, opened by the command."""
        known = set(self.slack.views.open)
        ack = await self.slack.interactions.slash_command(user or self.ann, channel or self.channel.id, COMMAND, words)
        assert ack == {}, "the command was not acknowledged"
        return await self.new_view(known)

    async def new_view(self, known: set[str]) -> OpenView:
        views = self.slack.views.open
        await self.slack.workspace.wait_for(lambda: set(views) - known)
        (view_id,) = set(views) - known
        return views[view_id]

    async def choose(self, view: OpenView, name: str, value: str) -> None:
        """Choose in a control that redraws the form, and wait until it is redrawn."""
        before = view.hash
        assert await self.slack.interactions.press_in_view(view, action_of(name), value) == {}
        await self.slack.workspace.wait_for(lambda: view.hash != before)

    def enter(self, view: OpenView, name: str, value: str) -> None:
        self.slack.interactions.enter(view, block_of(view.body, name), action_of(name), value)

    @property
    def whispers(self) -> list[tuple[str, str]]:
        """What single people were told: whom, and what."""
        return [(message["shown_to"], message["text"]) for message in self.slack.workspace.ephemerals]

    async def whispered(self) -> str:
        """What Ann was told, when she was."""
        await self.until(lambda: self.whispers)
        ((person, text),) = self.whispers
        assert person == self.ann
        return text

    async def until(self, condition: Callable[[], object]) -> None:
        await until(lambda: bool(condition()))


@asynccontextmanager
async def settings_scene(editors: frozenset[str] = frozenset({"members"}), suffix: str = "") -> AsyncIterator[Scene]:
    workspace = Workspace(seed=1)
    ann, ben = workspace.add_user("ann").id, workspace.add_user("ben").id
    channel = workspace.add_channel("general", [ann, workspace.bot.user_id])
    people = MemoryPeople()
    store, usage, errands, identity = MemorySettings(), MemoryUsage(), Errands(), identity_in(workspace)
    async with (
        serve_slack(workspace, rate_limit_scale=None, socket_options=Options(leave_seconds=0.1)) as slack,
        unpaced_calls(slack) as calls,
    ):
        settings, known = Preferences(store, DEFAULTS, describe, lambda: NOW), People(calls)
        voices = Voices(TEXTS, settings, known.profile, workspace.team_id)
        desk = Desk(calls, identity, errands, suffix, voices.speaking_to)
        home = Home(desk, settings, usage, lambda: NOW, COMMAND)
        modal = SettingsModal(desk, settings, OFFER, Rights(editors, Members(calls)), home.redraw)
        viewers = Viewers(calls, frozenset({ADMINS}), frozenset({ann}))
        usage_desk = UsageDesk(desk, usage, viewers, names_of, lambda: NOW)
        command = SettingsCommand(desk, COMMAND, modal, Forgetting(desk, people, home.redraw), usage_desk)
        desks = (home.register, modal.register, command.register)
        app = build_app(identity, KeepingInbox(), Arrivals(), desks=desks)
        connections = Connections(app, calls.client, slack.installation.app_token, count=1, stagger=0.0)
        running = asyncio.create_task(connections.run())
        try:
            await workspace.wait_for(lambda: slack.sockets.connections)
            yield Scene(slack, store, usage, errands, home, people, ann, ben, channel)
        finally:
            await connections.close()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await errands.close()
            await known.close()


def names_in(view: Json) -> list[str]:
    """The controls of a form, in order."""
    return [block["block_id"].rpartition(".")[0] for block in view["blocks"] if block["type"] == "input"]


def element_of(view: Json, name: str) -> Json:
    """The element of a control."""
    return next(block["element"] for block in view["blocks"] if block.get("block_id", "").startswith(f"{name}."))


def block_of(view: Json, name: str) -> str:
    """The id of a control's block."""
    return str(next(block["block_id"] for block in view["blocks"] if block.get("block_id", "").startswith(f"{name}.")))


def choices(view: Json, name: str) -> list[str]:
    """The values that a menu offers."""
    return [option["value"] for option in element_of(view, name)["options"]]


def texts_in(view: Json) -> str:
    """All paragraphs of a view."""
    return "\n".join(block["text"]["text"] for block in view["blocks"] if "text" in block)
