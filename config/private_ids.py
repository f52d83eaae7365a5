"""Makes the ids in log lines unreadable, and yet comparable: the same id looks the same until the process ends."""

import re
import secrets
from collections.abc import Callable
from hashlib import blake2b

_ID = re.compile(r"\b(?:(?P<kind>[BCDEFGTUW])[A-Z0-9]{7,20}|\d{10}\.\d{6}|Ev[A-Z0-9]{7,20})\b")
"""Ids of channels, people, bots, files, workspaces and events, and those of messages, which are their times."""


def hiding_ids() -> Callable[[str], str]:
    """A function that puts a hash for each id of Slack in a text; its key dies with the process."""
    key = secrets.token_bytes(32)

    def hidden(found: re.Match[str]) -> str:
        return f"{found['kind'] or 'x'}~{blake2b(found[0].encode(), key=key, digest_size=5).hexdigest()}"

    return lambda text: _ID.sub(hidden, text)
