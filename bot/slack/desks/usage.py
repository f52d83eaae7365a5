"""The desk where those who may see what everybody uses."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.errors import PlatformUnavailable
from bot.domain.report import Report, Span, month_at, month_named
from bot.ports import Now, UsageStore
from bot.slack.desks.acts import Act
from bot.slack.desks.admins import Viewers
from bot.slack.desks.announcements import Announcements
from bot.slack.desks.errands import Errands
from bot.slack.desks.settings_modal import act_in
from bot.slack.desks.usage_text import as_csv, report_blocks, used
from bot.slack.desks.whispers import Whispers
from bot.slack.markup import views
from bot.slack.payload import Json
from bot.slack.wire.calls import SlackCalls
from bot.slack.wire.identity import Identity
from bot.slack.wire.pacer import Priority
from bot.slack.wire.transfers import Transfers
from bot.slack.wire.uploads import upload

DOWNLOAD = "usage_as_csv"
"""The button's action_id; its value is the month."""

NOT_YOURS = "Only certain people may see what everybody uses. Your own usage is on my Home tab."
NO_MONTH = "Please write the month like 2026-11, or leave it out for this one."
ON_ITS_WAY = "I send you the table in a direct message."

Names = Callable[[Iterable[str]], Awaitable[dict[str, str]]]
"""The names of people and channels by their ids, as far as they are known."""


@dataclass(frozen=True, slots=True)
class UsageDesk:
    """Shows the usage of a month in private, and sends all of it as a file; `now` tells which month it is."""

    calls: SlackCalls
    identity: Identity
    usage: UsageStore
    viewers: Viewers
    names: Names
    errands: Errands
    whispers: Whispers
    now: Now

    def register(self, app: AsyncApp) -> None:
        """The listener for the button."""
        app.action(DOWNLOAD)(self._on_press)

    async def ask(self, body: Json, month: str = "") -> None:
        """Show this person the usage of this month, written like 2026-11, or of the one that it is now."""
        await self._carry_out(act_in(body, self.identity), month, self._show)

    async def _on_press(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        act = act_in(body, self.identity)
        self.errands.run("usage", self._carry_out(act, act.value, self._send))

    async def _carry_out(self, act: Act, month: str, show: Callable[[Act, Report], Awaitable[None]]) -> None:
        span = month_named(month) if month else month_at(self.now())
        async with self.whispers.explaining(act, "usage was not shown"):
            if not await self.viewers.include(act.user):
                await self.whispers.tell(act, NOT_YOURS)
            elif span is None:
                await self.whispers.tell(act, NO_MONTH)
            else:
                await show(act, await self._report(span))

    async def _report(self, span: Span) -> Report:
        return Report(span, await self.usage.uses(self.identity.workspace, span.since, span.until))

    async def _show(self, act: Act, report: Report) -> None:
        button = views.button(DOWNLOAD, "All of it as a table (CSV)") | {"value": report.span.name}
        blocks = report_blocks(report) + ([views.row(button)] if report.uses else [])
        await self.whispers.show(act, {"text": f"Usage of {report.span.name}", "blocks": blocks})

    async def _send(self, act: Act, report: Report) -> None:
        ids = dict.fromkeys(each for use in report.uses for each in (use.user, use.channel) if each)
        content = as_csv(report, await self.names(ids))
        await self.whispers.tell(act, ON_ITS_WAY)
        said = f"Usage of {report.span.name}: {used(report.whole)}"
        conversation = await Announcements(self.calls).tell(act.user, said)
        name = f"usage-{report.span.name}.csv"
        file_id = await upload(self.calls, Transfers.of(self.calls.client), name, content)
        if file_id is None:
            raise PlatformUnavailable("the table was not uploaded")
        await self.calls.call(
            "files.completeUploadExternal",
            priority=Priority.FINAL,
            files=[{"id": file_id, "title": name}],
            channel_id=conversation,
        )
