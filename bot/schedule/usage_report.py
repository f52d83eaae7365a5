"""Reports what was used, to those who want to read it regularly."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.domain.report import Report, Span
from bot.ports import Now, UsageStore

Post = Callable[[Report, Report], Awaitable[None]]
"""Shows a report, held against the one before. Raises PlatformError."""


@dataclass(frozen=True, slots=True)
class UsageReports:
    """Reports of one workspace; `before` tells the span before the one in which a time lies."""

    workspace: str
    usage: UsageStore
    before: Callable[[float], Span]
    post: Post
    now: Now

    async def send(self) -> None:
        """Report the span that has just ended. Raises StoreUnavailable and PlatformError."""
        span = self.before(self.now())
        await self.post(await self._report(span), await self._report(self.before(span.since)))

    async def _report(self, span: Span) -> Report:
        return Report(span, await self.usage.uses(self.workspace, span.since, span.until))
