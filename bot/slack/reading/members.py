"""Who is in which channel."""

import time
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field

from bot.domain.recent import Recent
from bot.slack.payload import list_at
from bot.slack.reading.paging import pages
from bot.slack.wire.calls import SlackCalls
from bot.slack.wire.errors import SlackRefusal

FRESH = 60.0
"""Seconds for which an answer is believed."""

REMEMBERED = 1_000
"""How many answers are kept in mind."""

_PAGE, _MOST_PAGES = 1_000, 20
_UNSEEN = frozenset({"channel_not_found", "missing_scope"})


@dataclass(slots=True)
class Members:
    """Looks up whether people are in channels; of a channel with more than twenty thousand, only the first are seen."""

    calls: SlackCalls
    monotonic: Callable[[], float] = time.monotonic
    _known: Recent[tuple[str, str], tuple[bool | None, float]] = field(default_factory=lambda: Recent(REMEMBERED))

    async def include(self, channel: str, user: str) -> bool:
        """Whether this person, who has done something in the channel, is a member of it. Raises PlatformError.

        Direct messages, and channels that the bot cannot see because they are private, are open to their members only,
        so that what was done there says enough.
        """
        return channel.startswith("D") or await self._look_up(channel, user) is not False

    async def surely_include(self, channel: str, user: str) -> bool:
        """Whether this person, who may have done nothing there, is seen among its members. Raises PlatformError."""
        return await self._look_up(channel, user) is True

    async def _look_up(self, channel: str, user: str) -> bool | None:
        """None where the bot cannot see who is there."""
        is_member, until = self._known.get((channel, user), (False, 0.0))
        if self.monotonic() >= until:
            is_member = await self._ask(channel, user)
            self._known[channel, user] = (is_member, self.monotonic() + FRESH)
        return is_member

    async def _ask(self, channel: str, user: str) -> bool | None:
        found = pages(self.calls, "conversations.members", most=_MOST_PAGES, channel=channel, limit=_PAGE)
        try:
            async with aclosing(found):
                async for page in found:
                    if user in list_at(page, "members"):
                        return True
        except SlackRefusal as refusal:
            if refusal.code not in _UNSEEN:
                raise
            return None
        return False
