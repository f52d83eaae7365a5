"""What Slack's limits leave of one method, and of one channel: arithmetic over given times."""

import math
from collections import deque
from itertools import count

from bot.slack.wire.limits import POST_BURST, POST_INTERVAL

_WINDOW = 60.5
"""Seconds. Slack counts by the minute; the rest is for calls that take longer to arrive than others."""

_USED = 0.95
"""Which share of a limit is used."""

_FEW = 0.3
"""Up to this share of the limit, live replies are few: so many calls for ends are expected of each within a minute."""

_PROMISED = 0.9
"""The share of the limit that may be promised to ends; some of the rest went out before many replies were live."""

_AT_HAND = 2
"""So many are free at any time while replies are live, because ends come in clusters."""

_BACKED_OFF = 0.85
_RECOVERY = 0.005 / 60
"""What a refusal leaves of the limit, and how much of it comes back each second."""


class MethodBudget:
    """The calls of one method in the last minute, and when the next one may go out.

    No minute has more calls than the limit, wherever it begins, because strict servers count like that. Interim calls
    are spread over the room that the others leave, so that replies grow evenly instead of fast and then not at all.
    After a pause, `burst` of them may follow each other at once. `live` is the number of replies that will need this
    method for their end. A few of them end at different times. Many may have been asked for together, and end together:
    then room is kept for the end of each, and no more begin than have it.
    """

    def __init__(self, calls_a_minute: int, burst: int = 3) -> None:
        self.live = 0
        self._burst = burst
        self._full_limit = calls_a_minute * _USED
        self._calls: deque[float] = deque()
        self._interims: deque[float] = deque()  # those of the calls that could have been left out
        self._interim_due = 0.0
        self._frozen_until = 0.0
        self._refused_at = 0.0
        self._share_after_refusal = 1.0

    def free_at(self, now: float, *, interim: bool) -> float:
        """When the next call may go out, as far as is known; `now` or before means at once."""
        self._forget(now)
        limit = self._limit(now)
        if not interim:
            return max(self._frozen_until, self._room_at(limit))
        room = self._room_at(limit - self._reserve(limit))
        return max(self._frozen_until, room, self._interim_due - (self._burst - 1) * self._interval(now))

    def begin_at(self, now: float) -> float:
        """When a reply may begin which this method will have to end; infinite when first others have to end.

        The changes of few replies give way to their ends in time; those of many might not, so that they count.
        """
        self._forget(now)
        limit = self._limit(now)
        free = int(_PROMISED * limit) - self.live
        counted = len(self._calls) - len(self._interims) if self._few(limit) else len(self._calls)
        if counted < free:
            return self._frozen_until
        return max(self._frozen_until, self._room_at(free)) if free > 0 else math.inf

    def take(self, now: float, *, interim: bool) -> None:
        """A call goes out now."""
        self._calls.append(now)
        if interim:
            self._interims.append(now)
            self._interim_due = max(self._interim_due, now) + self._interval(now)

    def give_back(self, at: float, *, interim: bool) -> None:
        """The call that was to go out at this time does not."""
        self._calls.remove(at)
        if interim:
            self._interims.remove(at)

    def freeze(self, now: float, seconds: float) -> None:
        """Slack has refused a call: none goes out for so long, and fewer in a minute for a while after."""
        if now >= self._frozen_until:  # else this call was under way when another was refused
            self._share_after_refusal = _BACKED_OFF * self._share(now)
            self._refused_at = now
        self._frozen_until = max(self._frozen_until, now + seconds)

    def _forget(self, now: float) -> None:
        for calls in (self._calls, self._interims):
            while calls and calls[0] <= now - _WINDOW:
                calls.popleft()

    def _share(self, now: float) -> float:
        return min(1.0, self._share_after_refusal + _RECOVERY * (now - self._refused_at))

    def _limit(self, now: float) -> int:
        return max(1, int(self._full_limit * self._share(now)))

    def _room_at(self, limit: int) -> float:
        """When there are fewer than `limit` calls in the minute before, or none at all."""
        over = len(self._calls) - max(1, limit)
        return self._calls[over] + _WINDOW if over >= 0 else 0.0

    def _reserve(self, limit: int) -> int:
        """Calls that stay free for the ends of live replies, beyond those calls of the last minute that had to be."""
        needed = len(self._calls) - len(self._interims)
        expected = round(_FEW * self.live) if self._few(limit) else min(self.live, limit)
        return max(expected - needed, min(self.live, _AT_HAND, limit // 4))

    def _few(self, limit: int) -> bool:
        return self.live <= _FEW * limit

    def _interval(self, now: float) -> float:
        """Seconds between interim calls, such that they can go on like that until the present ones are forgotten."""
        limit = self._limit(now)
        needed = len(self._calls) - len(self._interims)
        room = limit - needed - self._reserve(limit) - len(self._interims)
        turns = count(max(room, 0) + 1)
        waits = (called + _WINDOW - now for called in list(self._interims)[max(0, -room) :])
        return max((wait / turn for turn, wait in zip(turns, waits, strict=False)), default=0.0)


class ChannelBudget:
    """When the next message may be posted in one channel."""

    def __init__(self) -> None:
        self._due = 0.0

    def free_at(self) -> float:
        """The earliest time at which a message may be posted."""
        return self._due - (POST_BURST - 1) * POST_INTERVAL

    def take(self, now: float) -> None:
        """A message is posted now."""
        self._due = max(self._due, now) + POST_INTERVAL
