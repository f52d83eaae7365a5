"""How often Slack lets an app call each method of a workspace.

Tiers from the method reference: 1, 20, 50 and 100 calls a minute; Slack tolerates more in bursts, this double does not.
chat.postMessage has a limit for each channel instead: about one message a second, with short bursts.
"""

import math
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Mapping

WINDOW = 60.0
TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
POST_INTERVAL = 1.0
POST_BURST = 5
"""A channel takes this many posts at once when it has been quiet; then one each POST_INTERVAL."""

CALLS_A_MINUTE: Mapping[str, int] = {
    "agents.sessions.rename": TIERS[3],
    "agents.sessions.setStatus": TIERS[3],
    "apps.connections.open": TIERS[3],
    "assistant.threads.setStatus": 600,
    "assistant.threads.setSuggestedPrompts": TIERS[4],
    "assistant.threads.setTitle": TIERS[4],
    "auth.test": 600,
    "bots.info": TIERS[3],
    "chat.appendStream": TIERS[4],
    "chat.delete": TIERS[3],
    "chat.postEphemeral": TIERS[4],
    "chat.startStream": TIERS[2],
    "chat.stopStream": TIERS[2],
    "chat.update": TIERS[3],
    "conversations.history": TIERS[3],
    "conversations.info": TIERS[3],
    "conversations.list": TIERS[2],
    "conversations.members": TIERS[4],
    "conversations.open": TIERS[3],
    "conversations.replies": TIERS[3],
    "files.completeUploadExternal": TIERS[4],
    "files.delete": TIERS[3],
    "files.getUploadURLExternal": TIERS[4],
    "files.info": TIERS[4],
    "reactions.add": TIERS[3],
    "reactions.remove": TIERS[2],
    "team.info": TIERS[3],
    "usergroups.list": TIERS[2],
    "users.conversations": TIERS[3],
    "users.info": TIERS[4],
    "users.list": TIERS[2],
    "views.open": TIERS[4],
    "views.publish": TIERS[4],
    "views.push": TIERS[4],
    "views.update": TIERS[4],
}


class RateLimits:
    """Counts calls in a sliding minute. `scale` multiplies every limit; None lifts them all. `now` must not jump."""

    def __init__(self, now: Callable[[], float], scale: float | None = 1.0) -> None:
        self.scale = scale
        self.refused: Counter[str] = Counter()
        self._now = now
        self._calls: defaultdict[str, deque[float]] = defaultdict(deque)
        self._posts: dict[str, float] = {}  # when the channel's posts so far would have been sent one by one

    def retry_after(self, method: str, channel: str) -> int:
        """0 when the call may go on, and is counted; else the whole seconds to wait, as in Slack's Retry-After."""
        if self.scale is None:
            return 0
        wait = self._post_wait(channel) if method == "chat.postMessage" else self._tier_wait(method)
        if wait > 0:
            self.refused[method] += 1
        return max(0, math.ceil(wait))

    def _tier_wait(self, method: str) -> float:
        now, calls = self._now(), self._calls[method]
        while calls and calls[0] <= now - WINDOW:
            calls.popleft()
        if len(calls) < max(1, CALLS_A_MINUTE[method] * (self.scale or 1.0)):
            calls.append(now)
            return 0.0
        return calls[0] + WINDOW - now

    def _post_wait(self, channel: str) -> float:
        interval, now = POST_INTERVAL / (self.scale or 1.0), self._now()
        due = self._posts.get(channel, 0.0)
        wait = due - (POST_BURST - 1) * interval - now
        if wait <= 0:
            self._posts[channel] = max(due, now) + interval
        return wait
