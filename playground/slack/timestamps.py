"""Slack's message timestamps, which are also the ids of messages."""

from collections.abc import Callable


class Timestamps:
    """Makes unique, increasing timestamps such as `1700000000.000100` from a clock in seconds since the epoch."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._last = 0

    def next(self) -> str:
        """The current time, or one microsecond after the latest timestamp when that is not past yet."""
        self._last = max(int(self._now() * 1_000_000), self._last + 1)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"
