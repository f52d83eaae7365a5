"""The desk where people have themselves forgotten."""

from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.ports import PersonalRecords
from bot.slack.desks.acts import Act
from bot.slack.desks.settings_modal import SettingsModal, act_in
from bot.slack.markup import views
from bot.slack.payload import Json

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

    records: PersonalRecords
    modal: SettingsModal

    def register(self, app: AsyncApp) -> None:
        """The listener for the button."""
        app.action(FORGET)(self._on_press)

    async def ask(self, body: Json) -> None:
        """Tell the person alone what would be forgotten, with a button."""
        button = views.button(FORGET, "Forget me") | {"style": "danger"}
        shown = {"text": SURE, "blocks": [views.said_plainly(SURE), views.row(button)]}
        await self.modal.whispers.show(act_in(body, self.modal.identity), shown)

    async def _on_press(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        self.modal.errands.run("forgetting", self._forget(act_in(body, self.modal.identity)))

    async def _forget(self, act: Act) -> None:
        async with self.modal.whispers.explaining(act, "somebody was not forgotten"):
            await self.records.forget(self.modal.identity.workspace, act.user)
            self.modal.changed(act.user)
            await self.modal.whispers.tell(act, FORGOTTEN, replace=True)
