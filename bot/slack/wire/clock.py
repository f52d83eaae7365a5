"""The one clock of the bot: Slack's, because what people write is dated by it."""

import logging
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime

from bot.ports import Now

log = logging.getLogger(__name__)

_EXACT = 2.0  # seconds; Slack tells whole ones, and its answer has been under way
_WORTH_MENTIONING = 60.0


class SlackClock:
    """What time Slack has, in seconds since the epoch; the machine's time until Slack has told another.

    From one answer of Slack's to the next it goes by a clock that nobody can set: neither a machine whose time is wrong
    nor one whose time is put right makes a message older than it is.
    """

    def __init__(self, now: Now = time.time, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._ahead = now() - monotonic()

    def __call__(self) -> float:
        return self._monotonic() + self._ahead

    def hear(self, date: str) -> None:
        """Go by the `Date` of an answer of Slack's (RFC 9110, 6.6.1); one that cannot be read is left alone."""
        try:
            told = parsedate_to_datetime(date).timestamp()
        except (ValueError, OverflowError):
            return
        off = self() - told
        if abs(off) > _EXACT:
            self._ahead -= off
        if abs(off) > _WORTH_MENTIONING:
            log.warning("the clock here was %.0f s off Slack's; from now on Slack's counts", off)
