"""What people do with the settings in Slack, what they alone get to see there, and what the database keeps of it."""

import sqlite3
from collections.abc import Container
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.slack.desks.settings_form import RESET, action_of
from playground.slack.directory import Channel, Json, User
from playground.slack.views import OpenView
from tests.bot.slack.desks.settings_scene import block_of, element_of
from tests.stories.stage import PATIENCE, Stage

COMMAND = "/chatgpt-settings"
SHORTCUT = "configure_thread_settings"


@dataclass(frozen=True, slots=True)
class Form:
    """The settings as one person has them open; controls go by the names of their settings."""

    stage: Stage
    view: OpenView

    def shows(self, name: str) -> str:
        """The value in this control, empty for none."""
        element = element_of(self.view.body, name)
        return str(element.get("initial_value") or element.get("initial_option", {}).get("value", ""))

    def explains(self, name: str) -> str:
        """What stands at this control: what it would be without a value of its own, and its hint."""
        block, element = self._block(name), element_of(self.view.body, name)
        before = element.get("placeholder") or element["options"][0]["text"]
        return f"{before['text']}\n{block['hint']['text']}"

    def enter(self, name: str, value: str) -> None:
        """Write or choose something, of which the bot hears when the form is saved."""
        self.stage.slack.interactions.enter(self.view, block_of(self.view.body, name), action_of(name), value)

    async def choose(self, name: str, value: str) -> None:
        """Choose in a control on which others depend; returns when the form is drawn anew."""
        await self._press(action_of(name), value)

    async def reset(self) -> None:
        """Press the button that takes everything away; returns when the form is drawn anew."""
        await self._press(RESET)

    async def save(self, **values: str) -> dict[str, str]:
        """Enter these values and save; returns what the form says is wrong, by the names of settings."""
        for name, value in values.items():
            self.enter(name, value)
        submission = await self.stage.slack.interactions.submit(self.view)
        assert submission.acked
        return {block.rpartition(".")[0]: error for block, error in submission.errors.items()}

    async def _press(self, action: str, value: str | None = None) -> None:
        before = self.view.hash
        assert await self.stage.slack.interactions.press_in_view(self.view, action, value) == {}
        await self.stage.workspace.wait_for(lambda: self.view.hash != before, PATIENCE)

    def _block(self, name: str) -> Json:
        block_id = block_of(self.view.body, name)
        return next(block for block in self.view.body["blocks"] if block["block_id"] == block_id)


async def open_settings(
    stage: Stage, who: User | None = None, where: Channel | None = None, words: str = "", command: str = COMMAND
) -> Form:
    """The form, opened with the command: by Ann in her direct message, unless said otherwise."""
    known, who, where = set(stage.slack.views.open), who or stage.ann, where or stage.dm
    assert await stage.slack.interactions.slash_command(who.id, where.id, command, words) == {}
    return await opened_since(stage, known, who)


async def open_thread_settings(
    stage: Stage, message: Json, where: Channel, who: User | None = None, shortcut: str = SHORTCUT
) -> Form:
    """The form, opened from the menu of this message: by Ann, unless said otherwise."""
    known, who = set(stage.slack.views.open), who or stage.ann
    assert await stage.slack.interactions.message_shortcut(who.id, where.id, message["ts"], shortcut) == {}
    return await opened_since(stage, known, who)


async def open_from_home(stage: Stage, who: User, action: str) -> Form:
    """The form, opened with this button of the person's home tab."""
    known = set(stage.slack.views.open)
    assert await stage.slack.interactions.press_in_view(stage.slack.views.homes[who.id], action) == {}
    return await opened_since(stage, known, who)


async def opened_since(stage: Stage, known: Container[str], who: User) -> Form:
    """The form of this person that is not among the modals that are known by their ids, once it is there."""
    return Form(stage, await new_modal(stage, known, who))


async def new_modal(stage: Stage, known: Container[str], who: User) -> OpenView:
    """The same for a modal of any kind."""
    views = stage.slack.views.open

    def new() -> list[OpenView]:
        return [view for view in views.values() if view.user == who.id and view.id not in known]

    (view,) = await stage.workspace.wait_for(new, PATIENCE)
    return view


async def told(stage: Stage, who: User, count: int = 1) -> list[str]:
    """What this person alone was told, oldest first, once it is so much."""

    def texts() -> list[str]:
        found = [each["text"] for each in stage.private(who)]
        return found if len(found) >= count else []

    return await stage.workspace.wait_for(texts, PATIENCE)


def rows(folder: Path, query: str, *values: object) -> list[Any]:
    """What the bot's database answers to this query, or keeps by this statement."""
    with closing(sqlite3.connect(folder / "data" / "bot.db", timeout=5)) as database, database:
        return database.execute(query, values).fetchall()
