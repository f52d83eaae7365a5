"""What is logged, where, and how: a turn id on every line, never message text, never a secret."""

import logging
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from logging.handlers import RotatingFileHandler
from types import TracebackType

from config.environment import Config
from config.log_lines import FORMATS, redacting
from config.private_ids import hiding_ids

COMPONENTS = {
    "slack": ("bot.slack", "slack_bolt", "slack_sdk", "aiohttp"),
    "openai": ("bot.openai", "openai", "httpx2"),
    "store": ("bot.store", "aiosqlite"),
    "turns": ("bot.turns", "bot.handlers", "bot.tools", "bot.engine"),
    "documents": ("bot.documents", "bot.web"),
    "schedule": ("bot.schedule", "apscheduler"),
    "monitor": ("bot.monitor",),
}
"""Which loggers a variable LOG_LEVEL_…, in lower case a field of the configuration, speaks of."""

FILE_SIZE = 10_000_000
"""Bytes of a log file; then the next one begins."""

log = logging.getLogger(__name__)


def configure_logs(config: Config, turn_id: Callable[[], str]) -> None:
    """Send log lines to standard error, and to the file when there is one.

    Libraries speak from their warnings upwards, and never below info: at debug level they print what people wrote
    (measured with slack_sdk and openai). What Python itself would print, unredacted, becomes a line like all others.
    """
    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    redact, hide_ids = redacting(config.secrets), hiding_ids() if config.log_private_ids else str
    formatter = FORMATS[config.log_format](lambda text: hide_ids(redact(text)))

    def complete(record: logging.LogRecord) -> bool:
        record.turn = turn_id()
        _require_message(record)
        return True

    for handler in list(_handlers(config)):
        handler.setFormatter(formatter)
        handler.addFilter(complete)
        root.addHandler(handler)
    for name in ("bot", "config", "slackbot"):
        logging.getLogger(name).setLevel(config.log_level)
    for component, loggers in COMPONENTS.items():
        _set_levels(loggers, config.log_level, getattr(config, f"log_level_{component}"))
    _take_over_from_python()


def _handlers(config: Config) -> Iterator[logging.Handler]:
    yield logging.StreamHandler(sys.stderr)
    if file := config.log_file:
        yield RotatingFileHandler(
            file, maxBytes=FILE_SIZE, backupCount=config.log_keep, encoding="utf-8", errors="backslashreplace"
        )


def _set_levels(loggers: Iterable[str], level: str, chosen: str | None) -> None:
    for name in loggers:
        if name.startswith("bot."):
            logging.getLogger(name).setLevel(chosen or level)
        elif chosen:
            logging.getLogger(name).setLevel(max(logging.INFO, logging.getLevelNamesMapping()[chosen]))


def _require_message(record: logging.LogRecord) -> None:
    """A line whose arguments do not fit, or cannot be printed, loses them: Python would print them as they are."""
    try:
        record.getMessage()
    except Exception as error:
        said = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
        record.msg, record.args = f"{said} (without its arguments: {type(error).__name__})", None


def _take_over_from_python() -> None:
    # A line that cannot be written would be printed as it came.
    logging.raiseExceptions = False
    logging.captureWarnings(True)

    def log_end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        log.critical("the bot ends over an error that was not foreseen", exc_info=(kind, error, trace))

    def log_thread(end: threading.ExceptHookArgs) -> None:
        log.error("a thread ended over an error", exc_info=end.exc_value)

    sys.excepthook, threading.excepthook = log_end, log_thread
