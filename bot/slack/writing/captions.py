"""The words that go with a picture: harmless, on one line, and not too long."""

import re

from bot.slack.markup.characters import whole_before
from bot.slack.markup.markdown import escaped
from bot.slack.markup.neutral import neutral

_CAPTION = 500
_TITLE = 80
_DESCRIPTION = 1_000
"""Characters of `alt_txt` (reference of files.getUploadURLExternal)."""

_CALL = re.compile(r"@(?=(?:channel|here|everyone)\b)", re.IGNORECASE)
"""A mention as people type it: whether Slack makes one of it where a file is commented on is not documented."""


def caption(prompt: str) -> str:
    """The prompt as the comment that stands above its picture, as mrkdwn."""
    return escaped(_brief(_line(prompt), _CAPTION))


def title(prompt: str) -> str:
    """The prompt as the name of its picture, as plain text."""
    return _brief(_line(prompt), _TITLE)


def description(prompt: str) -> str:
    """The prompt for those who cannot see the picture, as plain text."""
    return _brief(_line(prompt), _DESCRIPTION)


def _line(prompt: str) -> str:
    """The text on one line, calling nobody, and without halves of characters, which cannot be sent."""
    return _CALL.sub("@\u200b", neutral(" ".join(prompt.encode(errors="ignore").decode().split())))


def _brief(line: str, limit: int) -> str:
    if len(line) <= limit:
        return line
    kept = line[: whole_before(line, limit - 1)]
    words, _, rest = kept.rpartition(" ")
    return f"{words if len(words) > len(rest) else kept}…"
