"""What an operator can do with `slackbot.py` besides running the bot."""

import sqlite3
from contextlib import closing

import pytest
import yaml

from config.version import version
from tests.stories.stage import Stage

NOTHING = dict.fromkeys(("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "OPENAI_API_KEY"), "")


async def test_it_tells_its_version(stage: Stage) -> None:
    command = await stage.launch("--version")
    assert await command.ended() == 0
    assert command.lines == f"ChatGPT for Slack {version()}\n"


async def test_the_manifest_is_printed_before_there_is_any_token(stage: Stage) -> None:
    command = await stage.launch("--print-manifest", "Ask IT", **NOTHING, SETTINGS_SLASH_COMMAND="/ask-settings")
    assert await command.ended() == 0
    features = yaml.safe_load(command.lines)["features"]
    assert features["bot_user"]["display_name"] == "Ask IT"
    assert features["slash_commands"][0]["command"] == "/ask-settings"


async def test_a_name_that_the_manifest_cannot_have_is_refused_in_a_sentence(stage: Stage) -> None:
    command = await stage.launch("--print-manifest", **NOTHING, SETTINGS_SLASH_COMMAND="/Not This")
    assert await command.ended() == 2
    assert "SETTINGS_SLASH_COMMAND must be a slash command" in command.lines
    assert "Traceback" not in command.lines


async def test_the_database_is_brought_to_the_newest_schema_without_a_start(stage: Stage) -> None:
    path = stage.folder / "data" / "bot.db"
    made = await stage.launch("--migrate-only", **NOTHING)
    assert await made.ended() == 0
    assert f"{path} was made" in made.lines
    again = await stage.launch("--migrate-only", **NOTHING)
    assert await again.ended() == 0
    assert "nothing was to be done" in again.lines
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT COUNT(*) FROM messages").fetchone() == (0,)


async def test_a_running_bot_keeps_its_database_to_itself(stage: Stage) -> None:
    daemon = await stage.start()
    command = await stage.launch("--migrate-only")
    assert await command.ended() == 2
    assert f"another bot is running on this DATA_DIR (pid {daemon.pid})" in command.lines
    assert "Traceback" not in command.lines


@pytest.mark.parametrize("content", [b"LOG_LEVEL=\xff\xfe\n", None], ids=["no text", "missing"])
async def test_a_file_of_variables_that_cannot_be_read_is_named(stage: Stage, content: bytes | None) -> None:
    file = stage.folder / "strange.env"
    if content is not None:
        file.write_bytes(content)
    command = await stage.launch("--env-file", str(file))
    assert await command.ended() == 2
    assert str(file) in command.lines
    assert "Traceback" not in command.lines
