"""The bot's home tab: what it can do, what a person has chosen, and what they have used this month."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.domain.language import say
from bot.domain.records import Totals
from bot.domain.report import month_at
from bot.domain.settings import Scope, Sheet, declared
from bot.ports import Now, SettingsDesk, UsageStore
from bot.slack.desks.desk import Desk
from bot.slack.desks.settings_form import ORIGINS, worded
from bot.slack.desks.settings_modal import OPEN
from bot.slack.desks.usage_text import used
from bot.slack.markup import views
from bot.slack.markup.markdown import escaped
from bot.slack.markup.views import View
from bot.slack.payload import object_at, text_at
from bot.slack.wire.pacer import Priority

OPENED = "app_home_opened"
"""The event that says that somebody looks at the home tab; the manifest subscribes to it."""

_ABILITIES = (
    "Write to me in a direct message, or mention me in a channel: I answer in the thread, and there you just go on "
    "writing. I look at pictures, read documents, listen to recordings, and draw."
)
_LONGEST_VALUE = 150


@dataclass(frozen=True, slots=True)
class Home:
    """Draws the home tabs of one workspace; `now` tells which month it is, in UTC."""

    desk: Desk
    settings: SettingsDesk
    usage: UsageStore
    now: Now
    command: str

    def register(self, app: AsyncApp) -> None:
        """The listener that draws a tab when it is opened."""
        app.event(OPENED)(self._on_opened)

    def redraw(self, user: str) -> None:
        """Draw this person's tab anew, soon."""
        self.desk.errands.run("home", self._publish(user))

    async def _on_opened(self, body: dict[str, Any]) -> None:
        event = object_at(body, "event")
        if text_at(event, "tab") == "home" and (user := text_at(event, "user")):
            self.redraw(user)

    async def _publish(self, user: str) -> None:
        workspace = self.desk.identity.workspace
        sheet = await self.settings.sheet(workspace, "", user)
        totals = await self.usage.totals(workspace, user, since=month_at(self.now()).since)
        async with self.desk.speaking_to(user):
            view = home_view(sheet, totals, self.command, self.desk.identity.tab("messages"))
        await self.desk.calls.call("views.publish", priority=Priority.READ, user_id=user, view=view)


def home_view(sheet: Sheet, totals: Totals, command: str, address: str = "") -> View:
    """The tab; `address` leads to the direct message with the bot, where it is known."""
    link = [views.said(f"<{address}|{say('Write to me')}>")] if address else []
    return {
        "type": "home",
        "blocks": [
            views.heading(say("What I can do")),
            views.said_plainly(say(_ABILITIES)),
            *link,
            views.heading(say("My settings")),
            views.said("\n".join(_own_settings(sheet)) or escaped(say("Whatever the organisation has chosen."))),
            *(views.said_plainly(say(problem)) for problem in sheet.problems[:3]),
            views.row(views.button(OPEN, say("Change my settings"))),
            views.said_plainly(
                say("Or write {command} anywhere; {help} explains more.", command=command, help=f"{command} help")
            ),
            views.heading(say("My use this month")),
            views.said_plainly(used(totals) or say("Nothing yet.")),
        ],
    }


def _own_settings(sheet: Sheet) -> Iterator[str]:
    """What differs from the organisation's choice, a line each."""
    for setting in declared():
        origin = sheet.origins.get(setting.name, Scope.DEFAULT)
        if origin is Scope.DEFAULT:
            continue
        value = sheet.own.get(origin, {}).get(setting.name, getattr(sheet.settings, setting.name))
        shown = views.clipped(" ".join(worded(value).split()), _LONGEST_VALUE)
        yield f"*{say(setting.metadata['label'])}*: {escaped(shown)} ({say(ORIGINS[origin])})"
