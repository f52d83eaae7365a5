"""What Slack has refused in a channel, so that it is not asked for again and again."""

import time
from collections import OrderedDict
from collections.abc import Callable

_KEPT = 1_000
_LIFETIME = 6 * 3600.0  # seconds; scopes and settings of a workspace do change


class Refusals:
    """Remembers methods by channel, for some hours; the oldest are forgotten when there are too many."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._until: OrderedDict[tuple[str, str], float] = OrderedDict()

    def add(self, method: str, channel: str) -> None:
        """This method is refused in this channel."""
        self._until[method, channel] = self._monotonic() + _LIFETIME
        self._until.move_to_end((method, channel))
        while len(self._until) > _KEPT:
            self._until.popitem(last=False)

    def known(self, method: str, channel: str) -> bool:
        """True when asking again is pointless for now."""
        return self._until.get((method, channel), -1.0) > self._monotonic()
