"""What a call to Slack can come to, other than an answer.

    PlatformError
    ├── SlackRefusal      Slack answered with `ok: false`
    ├── UncertainWrite    nobody knows whether Slack did it
    ├── CallSkipped       Slack had no time for something that need not be now
    └── ForeignAddress    Slack named an address that is not its own

`PlatformUnavailable` (bot.domain.errors) is the end of the tries of a call that does not give up easily.
"""

import math
from collections.abc import Mapping
from typing import Any

from bot.domain.errors import PlatformError
from bot.slack.payload import text_at

TRANSIENT = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"})
"""Error names that say nothing of the call: Slack had trouble of its own, or is moving the workspace.

"Some aspect of the operation may have succeeded before the error was raised" (docs.slack.dev, errors of any method).
"""


class SlackRefusal(PlatformError):
    """Slack answered, and said no; `code` is its error name (docs.slack.dev lists them with each method)."""

    def __init__(self, method: str, code: str) -> None:
        super().__init__(f"{method}: {code}")
        self.code = code


class UncertainWrite(PlatformError):
    """Slack may have done what was asked, or not; whoever asked has to look before asking again."""


class CallSkipped(PlatformError):
    """An interim call was dropped because Slack limits our rate or did not answer; a later one makes it needless."""


class ForeignAddress(PlatformError):
    """Slack named an address to which nothing of ours may go; asking again is pointless."""


def error_code(response: Any) -> str:
    """Slack's name for the error in an unsuccessful answer; empty when the answer is none of Slack's own."""
    data = getattr(response, "data", None)
    return text_at(data, "error") if isinstance(data, dict) else ""


def retry_after(headers: Mapping[str, str], otherwise: float) -> float:
    """How long Slack wants to be left alone, in seconds; `otherwise` where it does not say, or nothing sensible."""
    try:
        seconds = float(headers.get("Retry-After", otherwise))
    except ValueError:
        return otherwise
    return seconds if math.isfinite(seconds) and seconds >= 0 else otherwise
