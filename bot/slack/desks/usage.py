"""The desk where those who may see what everybody uses."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from slack_bolt.async_app import AsyncApp

from bot.domain.language import say
from bot.domain.report import Report, month_at, month_named
from bot.ports import Now, UsageStore
from bot.slack.desks.acts import Act
from bot.slack.desks.admins import Viewers
from bot.slack.desks.announcements import Announcements
from bot.slack.desks.desk import Desk
from bot.slack.desks.usage_text import as_csv, report_blocks, title_of, used
from bot.slack.markup import views
from bot.slack.wire.pacer import Priority
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

    desk: Desk
    usage: UsageStore
    viewers: Viewers
    names: Names
    now: Now

    def register(self, app: AsyncApp) -> None:
        """The listener for the button."""
        app.action(DOWNLOAD)(self.desk.listener("usage", self._download))

    async def ask(self, act: Act, month: str = "") -> None:
        """Show this person the usage of this month, written like 2026-11, or of the one that it is now."""
        if report := await self._report(act, month):
            await self._show(act, report)

    async def _download(self, act: Act) -> None:
        if report := await self._report(act, act.value):
            await self._send(act, report)

    async def _report(self, act: Act, month: str) -> Report | None:
        """The report for this person, who is told why when there is none for them."""
        span = month_named(month) if month else month_at(self.now())
        if not await self.viewers.include(act.user):
            await self.desk.tell(act, NOT_YOURS)
        elif span is None:
            await self.desk.tell(act, NO_MONTH)
        else:
            return Report(span, await self.usage.uses(act.thread.workspace, span.since, span.until))
        return None

    async def _show(self, act: Act, report: Report) -> None:
        button = views.button(DOWNLOAD, say("All of it as a table (CSV)")) | {"value": report.span.name}
        blocks = report_blocks(report) + ([views.row(button)] if report.uses else [])
        await self.desk.show(act, {"text": title_of(report), "blocks": blocks})

    async def _send(self, act: Act, report: Report) -> None:
        ids = dict.fromkeys(each for use in report.uses for each in (use.user, use.channel) if each)
        content = as_csv(report, await self.names(ids))
        await self.desk.tell(act, ON_ITS_WAY)
        said = f"{title_of(report)}: {used(report.whole)}"
        conversation = await Announcements(self.desk.calls).tell(act.user, said)
        name = f"usage-{report.span.name}.csv"
        file_id = await upload(self.desk.calls, name, content)
        await self.desk.calls.call(
            "files.completeUploadExternal",
            priority=Priority.FINAL,
            files=[{"id": file_id, "title": name}],
            channel_id=conversation,
        )
