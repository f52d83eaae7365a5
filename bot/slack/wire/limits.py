"""How often Slack lets an app call its methods, per workspace.

Tiers from the reference of each method (docs.slack.dev/reference/methods). They are floors; bursts above them may be
tolerated or not.
"""

from collections.abc import Mapping
from types import MappingProxyType

_TIER_2, _TIER_3, _TIER_4 = 20, 50, 100
_SPECIAL = 300
"""Methods with a "special" limit take several hundred calls a minute."""

_USUAL = _TIER_3
"""What most methods take, and what one that is not named here is believed to take."""

_LIMITS: Mapping[str, int] = MappingProxyType(
    {
        "assistant.threads.setStatus": _SPECIAL,
        "chat.appendStream": _TIER_4,
        "chat.postEphemeral": _TIER_4,
        "chat.postMessage": _SPECIAL,
        "chat.startStream": _TIER_2,
        "chat.stopStream": _TIER_2,
        "conversations.members": _TIER_4,
        "files.completeUploadExternal": _TIER_4,
        "files.getUploadURLExternal": _TIER_4,
        "files.info": _TIER_4,
        "usergroups.list": _TIER_2,
        "users.info": _TIER_4,
        "views.open": _TIER_4,
        "views.publish": _TIER_4,
        "views.push": _TIER_4,
        "views.update": _TIER_4,
    }
)

ENDED_BY: Mapping[str, str] = MappingProxyType(
    {"chat.startStream": "chat.stopStream", "chat.postMessage": "chat.update"}
)
"""What one method begins and another must end; both have limits. A message that is posted whole needs no end."""

POST_INTERVAL = 1.0
POST_BURST = 3
"""A channel takes one message a second, and a few at once after a pause (docs.slack.dev, rate limits)."""


_USUAL_BURST, _SPECIAL_BURST = 3, 60
"""So many calls that could be left out may follow each other at once, after a pause."""


def calls_a_minute(method: str) -> int:
    """The limit of a method."""
    return _LIMITS.get(method, _USUAL)


def burst(method: str) -> int:
    """How many interim calls of a method may go out at once: a status for each of many people who ask together."""
    return _SPECIAL_BURST if calls_a_minute(method) >= _SPECIAL else _USUAL_BURST
