"""What is logged, where, and how: a turn id on every line, never message text, never a secret."""

import logging
import re
import sys
from collections.abc import Callable, Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path

from config.private_ids import hiding_ids

COMPONENTS = {
    "slack": ("bot.slack", "slack_bolt", "slack_sdk", "aiohttp"),
    "openai": ("bot.openai", "openai", "httpx2"),
    "store": ("bot.store", "aiosqlite"),
    "turns": ("bot.turns", "bot.handlers", "bot.engine"),
}
"""Which loggers a variable LOG_LEVEL_… speaks of."""

_SECRET = re.compile(
    r"xox[a-z](?:\.xox[a-z])?-[\w-]+|xapp-[\w-]+|\bsk-[\w-]{8,}"
    r"|(?<=bearer )[^\s'\"]+|(?<=basic )[A-Za-z0-9+/=]{8,}|(?<=ticket=)[\w%.-]+|(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"
    r"|(?<=hooks\.slack\.com/)[\w/-]+",
    re.IGNORECASE,
)


def redact(text: str) -> str:
    """The text with tokens, keys, connection tickets and passwords in addresses replaced."""
    return _SECRET.sub("[secret]", text)


class _Line(logging.Formatter):
    def __init__(self, hide: Callable[[str], str]) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s [%(turn)s] %(message)s", "%Y-%m-%d %H:%M:%S")
        self._hide = hide

    def format(self, record: logging.LogRecord) -> str:
        return self._hide(redact(super().format(record)))


def configure_logs(
    level: str,
    component_levels: dict[str, str | None],
    file: Path | None,
    turn_id: Callable[[], str],
    *,
    private_ids: bool = False,
) -> None:
    """Send log lines to standard error, and to a file of at most 10 MB with five older ones when one is given.

    Libraries speak from their warnings upwards, and never below info: at debug level they print what people wrote
    (measured with slack_sdk and openai). With `private_ids`, ids of channels, people and messages are hashed.
    """
    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    formatter = _Line(hiding_ids() if private_ids else str)

    def add_turn(record: logging.LogRecord) -> bool:
        record.turn = turn_id()
        return True

    for handler in list(_handlers(file)):
        handler.setFormatter(formatter)
        handler.addFilter(add_turn)
        root.addHandler(handler)
    for name in ("bot", "config", "slackbot"):
        logging.getLogger(name).setLevel(level)
    for component, loggers in COMPONENTS.items():
        chosen = component_levels.get(component)
        for name in loggers:
            if name.startswith("bot."):
                logging.getLogger(name).setLevel(chosen or level)
            elif chosen:
                logging.getLogger(name).setLevel(max(logging.INFO, logging.getLevelNamesMapping()[chosen]))


def _handlers(file: Path | None) -> Iterator[logging.Handler]:
    yield logging.StreamHandler(sys.stderr)
    if file:
        yield RotatingFileHandler(file, maxBytes=10_000_000, backupCount=5, encoding="utf-8")
