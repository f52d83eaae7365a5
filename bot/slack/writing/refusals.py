"""What Slack has refused in a channel, so that it is not asked for again and again."""

import time
from collections.abc import Callable

from bot.domain.recent import Recent

_KEPT = 1_000
# Errors that say something of one thread only, and nothing of its channel.
_OF_THE_THREAD = frozenset({"channel_not_found", "thread_not_found", "invalid_thread_ts", "message_not_found"})
_LIFETIME = 6 * 3600.0  # seconds; scopes and settings of a workspace do change


class Refusals:
    """Remembers methods by channel, for some hours; the oldest are forgotten when there are too many."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._until = Recent[tuple[str, str], float](_KEPT)

    def add(self, method: str, channel: str) -> None:
        """This method is refused in this channel."""
        self._until[method, channel] = self._monotonic() + _LIFETIME

    def learn(self, method: str, channel: str, code: str) -> None:
        """Slack has refused this method with this error; what it says of one thread is no news of the channel."""
        if code not in _OF_THE_THREAD:
            self.add(method, channel)

    def known(self, method: str, channel: str) -> bool:
        """True when asking again is pointless for now."""
        return self._until.get((method, channel), -1.0) > self._monotonic()
