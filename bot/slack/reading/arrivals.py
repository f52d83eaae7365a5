"""Messages that have just begun a thread: such a thread need not be read back to be known."""

import time
from dataclasses import dataclass, field

from bot.domain.conversation import ThreadKey
from bot.domain.recent import Recent
from bot.ports import Now
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

    `now` is Slack's time: an event that Slack delivers again tells of a message as it was minutes ago.
    """

    now: Now = time.time
    _events: Recent[ThreadKey, Json | None] = field(default_factory=lambda: Recent(KEPT))
    _gone_on: Recent[ThreadKey, None] = field(default_factory=lambda: Recent(KEPT))

    def keep(self, thread: ThreadKey, event: Json) -> None:
        """Remember the event of the message that began this thread, of which it is the first."""
        if thread not in self._gone_on:
            self._events[thread] = event if _tells_all(event) else None

    def complete(self, thread: ThreadKey, event: Json) -> None:
        """Remember another event of the message where the first one did not tell all, and nobody has asked yet."""
        if self._events.get(thread, event) is None and _tells_all(event):
            self._events[thread] = event

    def go_on(self, thread: ThreadKey) -> None:
        """Forget how this thread began, now or later: somebody has replied, and Slack's events come in any order."""
        self._events.pop(thread, None)
        self._gone_on[thread] = None

    def take(self, thread: ThreadKey) -> Json | None:
        """The event, if the thread has only just begun and nobody has asked for it yet."""
        event = self._events.pop(thread, None)
        return event if self.now() - float(thread.root) <= FRESH else None


def _tells_all(event: Json) -> bool:
    return text_at(event, "type") != "app_mention" or bool(list_at(event, "files"))
