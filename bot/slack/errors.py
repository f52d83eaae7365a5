"""What a call to Slack can come to, other than an answer.

    PlatformError
    ├── SlackRefusal      Slack answered with `ok: false`
    ├── UncertainWrite    nobody knows whether Slack did it
    └── CallSkipped       Slack had no time for something that need not be now

`PlatformUnavailable` (bot.domain.errors) is the end of the tries of a call that does not give up easily.
"""

from bot.domain.errors import PlatformError


class SlackRefusal(PlatformError):
    """Slack answered, and said no; `code` is its error name (docs.slack.dev lists them with each method)."""

    def __init__(self, method: str, code: str) -> None:
        super().__init__(f"{method}: {code}")
        self.code = code


class UncertainWrite(PlatformError):
    """Slack may have done what was asked, or not; whoever asked has to look before asking again."""


class CallSkipped(PlatformError):
    """An interim call was dropped because Slack limits our rate or did not answer; a later one makes it needless."""
