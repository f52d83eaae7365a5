"""The form of a log line, for eyes or for programs; in either, secrets are redacted wherever they stand."""

import json
import logging
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

Hide = Callable[[str], str]
"""Takes out of a text what the log must not hold."""

SHORTEST_SECRET = 8
"""Characters; a shorter one, such as the "none" of a server without keys, would take ordinary words out of the log."""

_SECRET = re.compile(
    r"xox[a-z](?:\.xox[a-z])?-[\w-]+|xapp-[\w-]+|\bsk-[\w-]{8,}"
    r"|(?<=bearer )[^\s'\"]+|(?<=basic )[A-Za-z0-9+/=]{8,}|(?<=ticket=)[\w%.-]+|(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"
    r"|(?<=hooks\.slack\.com/)[\w/-]+",
    re.IGNORECASE,
)


def redact(text: str) -> str:
    """The text with tokens, keys, connection tickets and passwords in addresses replaced."""
    return _SECRET.sub("[secret]", text)


def redacting(secrets: Iterable[str]) -> Hide:
    """Redacts what looks like a secret, and these secrets whatever they look like."""
    known = [re.escape(secret) for secret in secrets if len(secret) >= SHORTEST_SECRET]
    if not known:
        return redact
    ours = re.compile("|".join(sorted(known, key=len, reverse=True)))
    return lambda text: redact(ours.sub("[secret]", text))


class TextLines(logging.Formatter):
    """Lines for eyes: the local time, the level, the logger, the turn and the message; a traceback follows."""

    def __init__(self, hide: Hide) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s [%(turn)s] %(message)s", "%Y-%m-%d %H:%M:%S")
        self._hide = hide

    def format(self, record: logging.LogRecord) -> str:
        return self._hide(super().format(record))


class JsonLines(logging.Formatter):
    """Lines for programs: one JSON object each, in ASCII; the time in UTC with milliseconds, a traceback as text.

    What has to be hidden is hidden before it is encoded: behind an escaped quotation mark it would look different.
    """

    def __init__(self, hide: Hide) -> None:
        super().__init__()
        self._hide = hide

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        fields = {
            "time": time.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": self._hide(record.name),
            "turn": self._hide(getattr(record, "turn", "-")),
            "message": self._hide(record.getMessage()),
        }
        if record.exc_info:
            fields["exception"] = self._hide(self.formatException(record.exc_info))
        if record.stack_info:
            fields["stack"] = self._hide(self.formatStack(record.stack_info))
        return json.dumps(fields)


FORMATS: dict[str, Callable[[Hide], logging.Formatter]] = {"text": TextLines, "json": JsonLines}
