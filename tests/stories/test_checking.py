"""What an operator sees when everything is checked before a start, or while the bot runs."""

import pytest

from playground.slack.installation import SCOPES
from tests.stories.stage import PATIENCE, Daemon, Stage

PARTS = ("Variables", "Slack", "OpenAI", "Database", "Files")


async def checked(stage: Stage, *arguments: str, **variables: str) -> tuple[int, list[str]]:
    """The exit code and the report of a check; nothing of it may be secret, or raw."""
    command: Daemon = await stage.fork(*(arguments or ("--check",)), **variables)
    code, lines = await command.ended(), command.lines
    assert "Traceback" not in lines
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "OPENAI_API_KEY"):
        assert not (secret := stage.environ(**variables)[name]) or secret not in lines
    parts = (*PARTS, "Servers of tools") if "TOOLS_FILE" in variables else PARTS
    assert [line for line in lines.splitlines() if line and not line.startswith(" ")][:-1] == list(parts)
    return code, lines.splitlines()


def saying(lines: list[str], verdict: str, *words: str) -> list[str]:
    """The findings of this kind that have all these words."""
    return [line for line in lines if line.startswith(f"  {verdict} ") and all(word in line for word in words)]


async def test_a_bot_that_is_set_up_well_can_be_started_and_the_check_leaves_nothing_behind(stage: Stage) -> None:
    code, lines = await checked(stage)
    assert code == 0
    assert lines[-1] == "Problems: 0. Warnings: 0. The bot can be started."
    assert not (stage.folder / "data").exists()


async def test_a_running_bot_is_not_disturbed(stage: Stage) -> None:
    daemon = await stage.start()
    await stage.connected()
    code, lines = await checked(stage)
    assert code == 0
    assert saying(lines, "note", "A bot is running", f"pid {daemon.pid}")
    assert saying(lines, "ok", "2 other connections of the app")
    await stage.workspace.wait_for(lambda: len(stage.slack.sockets.connections) == 2, PATIENCE)
    await stage.answered(await stage.ask("Hello"))


async def test_every_part_is_checked_although_each_has_something_wrong(stage: Stage) -> None:
    (stage.folder / "data").mkdir()
    (stage.folder / "data" / "bot.db").write_bytes(b"not a database at all " * 100)
    (stage.folder / "tools.toml").write_text('[[server]]\nname = "tickets"\nurl = "http://127.0.0.1:1/mcp"\n')
    stage.slack.installation.scopes = set(SCOPES) - {"chat:write", "im:read"}
    code, lines = await checked(
        stage,
        LOG_LEVEL="loud",
        SLACK_APP_TOKEN="xapp-revoked",
        GPT_MODEL="gpt-nix",
        TRANSCRIPTION_MODEL="off",
        TOOLS_FILE="tools.toml",
    )
    assert code == 2
    assert saying(lines, "problem", "LOG_LEVEL must be one of")
    assert saying(lines, "problem", "SLACK_APP_TOKEN (invalid_auth)")
    assert saying(lines, "problem", "chat:write", "install it again")
    assert saying(lines, "problem", "GPT_MODEL: there is no gpt-nix")
    assert saying(lines, "ok", "UTILITY_MODEL: gpt-6-luna streams an answer")
    assert saying(lines, "problem", "bot.db", "damaged")
    assert saying(lines, "warning", "tickets cannot be reached from this machine")


async def test_variables_that_are_missing_keep_nothing_else_from_being_checked(stage: Stage) -> None:
    (stage.folder / "file").touch()
    code, lines = await checked(
        stage, SLACK_BOT_TOKEN="", OPENAI_API_KEY="", DATA_DIR=str(stage.folder / "file" / "data")
    )
    assert code == 2
    for name in ("SLACK_BOT_TOKEN is not set", "OPENAI_API_KEY is not set", "DATA_DIR must be a folder"):
        assert saying(lines, "problem", name)
    assert saying(lines, "ok", "SLACK_APP_TOKEN opens Socket Mode")


@pytest.mark.parametrize("refused", ["text.format", "tools"])
async def test_a_server_without_some_abilities_is_a_warning(stage: Stage, refused: str) -> None:
    stage.model.refused = (refused,)
    code, lines = await checked(stage)
    assert code == 0
    assert saying(lines, "warning", f"without {refused}")


async def test_a_picture_is_drawn_only_when_asked_for(stage: Stage) -> None:
    _, lines = await checked(stage)
    assert saying(lines, "note", "No picture was drawn")
    code, lines = await checked(stage, "--check-pictures")
    assert code == 0
    assert saying(lines, "ok", "has drawn a picture")
