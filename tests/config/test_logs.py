"""What reaches the log, and what never does."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.logs import configure_logs, redact
from config.private_ids import hiding_ids


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
        "xoxe.xoxb-1-hush",
        "{'token': 'xoxb-123-abc-hush'}",
        "authorization: bearer hush",
        "{'Authorization': 'Bearer hush'}",
        "Authorization: Basic hushhushhush==",
        "token=xoxp-hush&channel=C1",
        "https://:hush@proxy:3128",
        "posting to https://hooks.slack.com/commands/T1/2/hush failed",
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


def test_ids_are_hashed_when_that_is_wanted_and_stay_comparable(fresh_logging: None, tmp_path: Path) -> None:
    configure_logs("INFO", {}, tmp_path / "bot.log", turn_id=lambda: "C0123ABCD/1700000000.000100", private_ids=True)
    for _ in range(2):
        logging.getLogger("bot.slack").info("U0123ABCD in [C0123ABCD] of T0123ABCD sent F0123ABCD, event Ev0123ABCD")
    text = (tmp_path / "bot.log").read_text()
    assert "0123ABCD" not in text
    assert "1700000000" not in text
    first, second = text.splitlines()
    assert first.partition("INFO")[2] == second.partition("INFO")[2]


def test_hashed_ids_differ_between_ids_and_between_processes() -> None:
    one, other = hiding_ids(), hiding_ids()
    assert one("U0123ABCD") != one("U0123ABCE")
    assert one("U0123ABCD") != other("U0123ABCD")
    assert one("GPT-5 and INFO or CUSTOM, 12.5 s") == "GPT-5 and INFO or CUSTOM, 12.5 s"
