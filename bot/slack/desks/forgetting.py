"""The desk where people have themselves forgotten."""

from dataclasses import dataclass

from slack_bolt.async_app import AsyncApp

from bot.domain.language import say
from bot.ports import PersonalRecords
from bot.slack.desks.acts import Act
from bot.slack.desks.desk import Desk
from bot.slack.desks.settings_modal import Changed
from bot.slack.markup import views

FORGET = "forget_me"
"""The button's action_id."""

SURE = (
    "I keep your settings, what your answers have cost, your feedback, and which hints you were shown. "
    "All of this would be gone for good. What you wrote is in Slack alone; delete it there."
)
FORGOTTEN = "Done: I keep nothing about you any more. If you write to me again, I begin anew."


@dataclass(frozen=True, slots=True)
class Forgetting:
    """Asks whether people are sure, and forgets them; each person can have nobody forgotten but themselves."""

    desk: Desk
    records: PersonalRecords
    changed: Changed

    def register(self, app: AsyncApp) -> None:
        """The listener for the button."""
        app.action(FORGET)(self.desk.listener("forgetting", self._forget))

    async def ask(self, act: Act) -> None:
        """Tell the person alone what would be forgotten, with a button."""
        sure, button = say(SURE), views.button(FORGET, say("Forget me")) | {"style": "danger"}
        shown = {"text": sure, "blocks": [views.said_plainly(sure), views.row(button)]}
        await self.desk.show(act, shown)

    async def _forget(self, act: Act) -> None:
        await self.records.forget(act.thread.workspace, act.user)
        self.changed(act.user)
        await self.desk.tell(act, FORGOTTEN, replace=True)
