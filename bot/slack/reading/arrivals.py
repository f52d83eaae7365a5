"""Messages that have just begun a thread: such a thread need not be read back to be known."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.domain.conversation import ThreadKey
from bot.domain.recent import Recent
from bot.slack.payload import Json, list_at, text_at

KEPT = 200
"""How many are kept; older ones are forgotten first."""

FRESH = 5.0
"""Seconds after which somebody may have written more, or edited what they wrote."""


@dataclass(slots=True)
class Arrivals:
    """First messages of threads as their events brought them.

    Each is given out once: whoever looks again wants to know what has happened since. It saves the round trip before
    the first word, and conversations.replies, of which Slack allows 50 a minute, for threads that have a past.

    An app_mention may lack the files that hang on its message (hermes-agent issue 77141). Without files it only says
    that there is a message, until the message's own event comes.
    """

    monotonic: Callable[[], float] = time.monotonic
    _events: Recent[ThreadKey, tuple[float, Json | None]] = field(default_factory=lambda: Recent(KEPT))

    def keep(self, thread: ThreadKey, event: Json) -> None:
        """Remember the event of the message that began this thread, of which it is the first."""
        self._events[thread] = (self.monotonic(), event if _tells_all(event) else None)

    def complete(self, thread: ThreadKey, event: Json) -> None:
        """Remember another event of the message where the first one did not tell all, and nobody has asked yet."""
        arrived_at, known = self._events.get(thread, (0.0, event))
        if known is None and _tells_all(event):
            self._events[thread] = (arrived_at, event)

    def take(self, thread: ThreadKey) -> Json | None:
        """The event, if the thread has only just begun and nobody has asked for it yet."""
        arrived_at, event = self._events.pop(thread, (0.0, None))
        return event if event is not None and self.monotonic() - arrived_at <= FRESH else None


def _tells_all(event: Json) -> bool:
    return text_at(event, "type") != "app_mention" or bool(list_at(event, "files"))
