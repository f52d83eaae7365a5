"""Reports what was used, to those who want to read it regularly."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.domain.errors import BotError
from bot.domain.report import Report, Span
from bot.ports import Notices, Now, UsageStore

Post = Callable[[Report, Report], Awaitable[None]]
"""Shows a report, held against the one before. Raises PlatformError where it was certainly not shown."""


@dataclass(frozen=True, slots=True)
class UsageReports:
    """Reports of one workspace to one channel; `before` tells the span before the one in which a time lies."""

    workspace: str
    channel: str
    usage: UsageStore
    before: Callable[[float], Span]
    notices: Notices
    post: Post
    now: Now

    async def send(self) -> None:
        """Report the span that has just ended, unless that was done. Raises StoreUnavailable and PlatformError."""
        now = self.now()
        span = self.before(now)
        report, earlier = await self._report(span), await self._report(self.before(span.since))
        # Noted before it is posted: of a report that comes twice, people would think that it is another one.
        notice = f"usage report/{span.name}"
        if await self.notices.is_first(self.workspace, self.channel, notice, now):
            try:
                await self.post(report, earlier)
            except BotError:
                await self.notices.take_back(self.workspace, self.channel, notice)
                raise

    async def _report(self, span: Span) -> Report:
        return Report(span, await self.usage.uses(self.workspace, span.since, span.until))
