"""What reaches the log, and what never does."""

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from config.environment import examine, variables
from config.log_lines import JsonLines, redact
from config.logs import COMPONENTS, FILE_SIZE, configure_logs
from config.private_ids import hiding_ids

ROOT = Path(__file__).parents[2]
TOLD = 25  # a level between info and warning, so that a component's own level is told from all others


@pytest.fixture
def fresh_logging(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    for owner, name in ((logging, "raiseExceptions"), (sys, "excepthook"), (threading, "excepthook")):
        monkeypatch.setattr(owner, name, getattr(owner, name))
    yield
    for handler in set(root.handlers) - set(before):
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)
    logging.captureWarnings(False)
    for name in ("bot", "config", "slackbot", *(name for names in COMPONENTS.values() for name in names)):
        logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.fixture
def configure(fresh_logging: None, tmp_path: Path) -> Callable[..., Path]:
    """Configures the log with a file, which it returns."""

    def configured(turn: str = "-", **chosen: Any) -> Path:
        file = tmp_path / "bot.log"
        config, _ = examine({})
        configure_logs(replace(config, log_file=file, **chosen), lambda: turn)
        return file

    return configured


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


BOTH_FORMS = pytest.mark.parametrize("form", ["text", "json"])


@BOTH_FORMS
def test_no_secret_reaches_the_log_however_the_line_came_about(configure: Callable[..., Path], form: str) -> None:
    file = configure(log_format=form, openai_api_key="private-hush-key", slack_app_token="short")
    log = logging.getLogger("bot.slack")
    log.info("token %s", "xoxb-hush")
    log.info("headers %r", {"Authorization": 'Bearer hush"', "more": ["xapp-hush"]})
    log.info("%(key)s in short", {"key": "sk-hush-hush-hush"})
    log.info("line\nand xoxb-hush\nand ticket=hush")
    log.info("a server's own key: private-hush-key")
    log.info("%d", "xoxb-hush")
    log.info("seen from", stack_info=True)
    try:
        try:
            raise ValueError("Bearer hush")
        except ValueError as error:
            error.add_note("a note of\nxoxb-hush")
            raise RuntimeError("after\nprivate-hush-key") from error
    except RuntimeError:
        log.exception("went wrong with %s", "https://user:hush@proxy")
    text = file.read_text()
    assert "hush" not in text
    assert "went wrong with https://[secret]@proxy" in text
    assert "in short" in text
    assert "%d (without its arguments: TypeError)" in text


@BOTH_FORMS
def test_ids_are_hashed_when_that_is_wanted_and_stay_comparable(configure: Callable[..., Path], form: str) -> None:
    file = configure(turn="C0123ABCD/1700000000.000100", log_format=form, log_private_ids=True)
    for _ in range(2):
        logging.getLogger("bot.slack").info("U0123ABCD in [C0123ABCD] of T0123ABCD sent F0123ABCD, event Ev0123ABCD")
    text = file.read_text()
    assert "0123ABCD" not in text
    assert "1700000000.000100" not in text
    first, second = text.splitlines()
    assert first.partition("bot.slack")[2] == second.partition("bot.slack")[2]


def test_a_line_for_eyes_has_its_turn(configure: Callable[..., Path]) -> None:
    file = configure(turn="C1/1.2")
    logging.getLogger("bot.slack").info("heard")
    assert file.read_text().endswith(" INFO    bot.slack [C1/1.2] heard\n")


def test_a_line_for_programs_has_its_turn_and_the_exception_as_text(configure: Callable[..., Path]) -> None:
    file = configure(turn="C1/1.2", log_format="json")
    try:
        raise ValueError("wrong")
    except ValueError:
        logging.getLogger("bot.turns").exception("failed")
    line = json.loads(file.read_text())
    assert list(line) == ["time", "level", "logger", "turn", "message", "exception"]
    assert (line["level"], line["logger"], line["turn"]) == ("error", "bot.turns", "C1/1.2")
    assert line["exception"].startswith("Traceback (most recent call last):\n")
    assert line["exception"].endswith("\nValueError: wrong")


@pytest.mark.parametrize(
    "said", ['he said "no"\nand went', "ä \U0001f600 \u2028", "half a character: \ud800"], ids=ascii
)
def test_a_line_for_programs_is_one_line_whatever_it_says(said: str) -> None:
    line = JsonLines(str).format(logging.makeLogRecord({"msg": said}))
    assert line.isascii()
    assert "\n" not in line
    assert json.loads(line)["message"] == said


def test_the_time_for_programs_is_utc_with_milliseconds(configure: Callable[..., Path]) -> None:
    file = configure(log_format="json")
    logging.getLogger("bot").handle(
        logging.makeLogRecord({"name": "bot", "levelno": logging.INFO, "created": 1_700_000_000.25, "msg": "now"})
    )
    assert json.loads(file.read_text())["time"] == "2023-11-14T22:13:20.250Z"


def test_what_python_would_print_itself_is_logged(tmp_path: Path) -> None:
    program = """
import threading, warnings
from config.environment import examine
from config.logs import configure_logs
configure_logs(examine({"LOG_FORMAT": "json"})[0], lambda: "-")
def fail():
    raise ValueError("xoxb-hush")
thread = threading.Thread(target=fail)
thread.start()
thread.join()
warnings.warn("xoxb-hush")
fail()
"""
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    lines = [json.loads(line) for line in ended.stderr.splitlines()]
    assert [line["level"] for line in lines] == ["error", "warning", "critical"]
    assert "hush" not in ended.stderr
    assert ended.returncode == 1


def test_a_full_file_is_set_aside_and_so_many_are_kept(configure: Callable[..., Path]) -> None:
    file = configure(log_keep=2)
    for count in range(4):
        logging.getLogger("bot").info("line %d", count)
        os.truncate(file, FILE_SIZE)
    logging.getLogger("bot").info("the last line")
    assert sorted(each.name for each in file.parent.iterdir()) == ["bot.log", "bot.log.1", "bot.log.2"]
    assert file.read_text().endswith("the last line\n")
    assert "line 3" in file.with_suffix(".log.1").read_text()


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_component_has_its_own_level(configure: Callable[..., Path], component: str) -> None:
    file = configure(log_level="ERROR", **{f"log_level_{component}": "INFO"})
    for loggers in COMPONENTS.values():
        for name in loggers:
            logging.getLogger(name).log(TOLD, "from %s", name)
    told = {line.rpartition(" ")[2] for line in file.read_text().splitlines()}
    assert told == set(COMPONENTS[component])


def test_every_folder_belongs_to_a_component_that_has_a_variable() -> None:
    folders = {f"bot.{each.parent.name}" for each in (ROOT / "bot").glob("*/__init__.py")} - {"bot.app", "bot.domain"}
    assert folders == {name for names in COMPONENTS.values() for name in names if name.startswith("bot.")}
    levels = {name.removeprefix("LOG_LEVEL_").lower() for name in variables() if name.startswith("LOG_LEVEL_")}
    assert levels == set(COMPONENTS)


def test_libraries_never_speak_at_debug_level(configure: Callable[..., Path]) -> None:
    file = configure(log_level="DEBUG", **{f"log_level_{component}": "DEBUG" for component in COMPONENTS})
    for names in COMPONENTS.values():
        for name in names:
            if not name.startswith("bot."):
                logging.getLogger(name).debug("what people wrote")
    assert file.read_text() == ""


def test_hashed_ids_differ_between_ids_and_between_processes() -> None:
    one, other = hiding_ids(), hiding_ids()
    assert one("U0123ABCD") != one("U0123ABCE")
    assert one("U0123ABCD") != other("U0123ABCD")
    assert one("GPT-5 and INFO or CUSTOM, 12.5 s") == "GPT-5 and INFO or CUSTOM, 12.5 s"
