"""What reaches the log, and what never does."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.logs import configure_logs, redact


@pytest.fixture
def fresh_logging() -> Iterator[None]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield
    for handler in set(root.handlers) - set(before):
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)
    for name in (
        "bot",
        "config",
        "slackbot",
        "bot.slack",
        "bot.openai",
        "bot.store",
        "bot.turns",
        "slack_sdk",
        "openai",
    ):
        logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.mark.parametrize(
    "line",
    [
        "token xoxb-123-abc-hush",
        "xapp-1-A1-hush",
        "key sk-proj-hush_12345678",
        "Authorization: Bearer hush",
        "wss://wss-primary.slack.com/link/?ticket=hush-1&app_id=A",
        "http://user:hush@proxy:3128",
        "xoxe.xoxp-1-hush",
    ],
)
def test_secrets_are_redacted(line: str) -> None:
    assert "hush" not in redact(line)


def test_ordinary_words_are_left_alone() -> None:
    line = "slack-bot task-1 risk-free ask-me C0123/1700000000.000100"
    assert redact(line) == line


def test_every_line_has_its_turn_and_no_secret(fresh_logging: None, tmp_path: Path) -> None:
    configure_logs("INFO", {}, tmp_path / "bot.log", turn_id=lambda: "C1/1.2")
    logging.getLogger("bot.slack").info("token %s", "xoxb-hush")
    try:
        raise ValueError("Bearer hush")
    except ValueError:
        logging.getLogger("bot.turns").exception("went wrong")
    text = (tmp_path / "bot.log").read_text()
    assert "[C1/1.2] token [secret]" in text
    assert "went wrong" in text
    assert "hush" not in text


def test_components_have_their_own_level(fresh_logging: None, tmp_path: Path) -> None:
    configure_logs("WARNING", {"openai": "DEBUG"}, tmp_path / "bot.log", turn_id=lambda: "-")
    logging.getLogger("bot.openai").debug("seen")
    logging.getLogger("bot.slack").info("unseen")
    text = (tmp_path / "bot.log").read_text()
    assert "seen" in text
    assert "unseen" not in text


def test_libraries_never_speak_at_debug_level(fresh_logging: None, tmp_path: Path) -> None:
    configure_logs("DEBUG", {"slack": "DEBUG", "openai": "DEBUG"}, tmp_path / "bot.log", turn_id=lambda: "-")
    for name in ("slack_sdk", "slack_bolt", "openai", "aiosqlite", "httpx2"):
        logging.getLogger(name).debug("what people wrote")
    assert "what people wrote" not in (tmp_path / "bot.log").read_text()
