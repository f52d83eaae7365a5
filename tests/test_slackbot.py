"""The command that runs the bot."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot.app
import slackbot
from config.environment import Config


@pytest.fixture
def _thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("_thawed")
def test_garbage_is_looked_for_but_not_in_what_was_imported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    searched: list[bool] = []

    async def run(_config: Config) -> None:
        searched.append(gc.isenabled())
        searched.append(any(thing is vars(bot.app) for thing in gc.get_objects()))

    monkeypatch.setattr(bot.app, "run", run)
    monkeypatch.chdir(tmp_path)
    for name, value in {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "OPENAI_API_KEY": "sk-1"}.items():
        monkeypatch.setenv(name, value)
    assert slackbot.main([]) == 0
    assert searched == [True, False]
