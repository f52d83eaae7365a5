"""The slash command for settings, and the words that it understands."""

from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.settings import Holder, Scope
from bot.slack.desks.forgetting import Forgetting
from bot.slack.desks.settings_modal import TOO_MUCH, SettingsModal, act_in
from bot.slack.desks.usage import UsageDesk
from bot.slack.payload import Json, text_at

RESET_DONE = "Your own settings are reset. What your organisation and the channels have chosen holds for you again."


def help_on(command: str) -> str:
    """What the command does, in a few lines."""
    return "\n".join(
        (
            f"{command}: look at your settings and change them",
            f"{command} channel: those of this channel, for everybody in it",
            f"{command} reset: take your own settings away",
            f"{command} forget: have everything deleted that I keep about you",
            f"{command} usage: what everybody has used this month, for those who may see it; "
            f"{command} usage 2026-11 for another one",
            "For a single thread, choose “Thread settings” in the menu of one of its messages.",
        )
    )


@dataclass(frozen=True, slots=True)
class SettingsCommand:
    """The command, by the name that it has in the app's manifest."""

    command: str
    modal: SettingsModal
    forgetting: Forgetting
    usage: UsageDesk

    def register(self, app: AsyncApp) -> None:
        """The listeners of the command, and of the buttons that its words show."""
        app.command(self.command)(self._on_command)
        self.forgetting.register(app)
        self.usage.register(app)

    async def _on_command(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        match text_at(body, "text").lower().split():
            case []:
                errand = self.modal.open(body, Scope.USER)
            case ["channel"]:
                errand = self.modal.open(body, Scope.CHANNEL)
            case ["reset"]:
                errand = self._reset(body)
            case ["forget"]:
                errand = self.forgetting.ask(body)
            case ["usage"]:
                errand = self.usage.ask(body)
            case ["usage", month]:
                errand = self.usage.ask(body, month)
            case _:
                await ack(help_on(self.command))
                return
        if self.modal.errands.run("settings", errand):
            await ack()
        else:
            await ack(TOO_MUCH)

    async def _reset(self, body: Json) -> None:
        act = act_in(body, self.modal.identity)
        async with self.modal.whispers.explaining(act, "settings were not reset"):
            await self.modal.desk.reset(Holder(Scope.USER, self.modal.identity.workspace, act.user), by=act.user)
            self.modal.changed(act.user)
            await self.modal.whispers.tell(act, RESET_DONE)
