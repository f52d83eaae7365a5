"""The slash command for settings, and the words that it understands."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.language import say
from bot.domain.settings import Holder, Scope
from bot.slack.desks.acts import Act, act_of
from bot.slack.desks.desk import Desk, Errand
from bot.slack.desks.forgetting import Forgetting
from bot.slack.desks.settings_modal import SettingsModal
from bot.slack.desks.usage import UsageDesk
from bot.slack.payload import text_at

RESET_DONE = "Your own settings are reset. What your organisation and the channels have chosen holds for you again."


def help_on(command: str) -> str:
    """What the command does, in a few lines."""
    return "\n".join(
        (
            f"{command}: {say('look at your settings and change them')}",
            f"{command} channel: {say('those of this channel, for everybody in it')}",
            f"{command} reset: {say('take your own settings away')}",
            f"{command} forget: {say('have everything deleted that I keep about you')}",
            f"{command} usage: {say('what everybody has used this month, for those who may see it')}",
            f"{command} usage 2026-11: {say('the same of another month')}",
            say("For a single thread, choose “Thread settings” in the menu of one of its messages."),
        )
    )


@dataclass(frozen=True, slots=True)
class SettingsCommand:
    """The command, by the name that it has in the app's manifest."""

    desk: Desk
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
        errand: Errand
        act = act_of(body, self.desk.identity)
        match text_at(body, "text").lower().split():
            case []:
                errand = partial(self.modal.open, scope=Scope.USER)
            case ["channel"]:
                errand = partial(self.modal.open, scope=Scope.CHANNEL)
            case ["reset"]:
                errand = self._reset
            case ["forget"]:
                errand = self.forgetting.ask
            case ["usage"]:
                errand = self.usage.ask
            case ["usage", month]:
                errand = partial(self.usage.ask, month=month)
            case _:
                async with self.desk.speaking_to(act.user):
                    await ack(help_on(self.command))
                return
        await ack()
        await self.desk.do("settings", act, errand)

    async def _reset(self, act: Act) -> None:
        await self.modal.settings.reset(Holder(Scope.USER, act.thread.workspace, act.user), by=act.user)
        self.modal.changed(act.user)
        await self.desk.tell(act, RESET_DONE)
