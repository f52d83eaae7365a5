"""What an operator sees when the daemon cannot start, and that it says so soon."""

import time

import pytest

from playground.slack.faults import HttpError
from playground.slack.installation import SCOPES
from tests.stories.stage import PATIENCE, PROGRAM, Stage

NOTHING = dict.fromkeys(("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "OPENAI_API_KEY"), "")


async def test_all_missing_variables_are_named_at_once_without_a_traceback_within_two_seconds(stage: Stage) -> None:
    began = time.monotonic()
    daemon = await stage.launch(**NOTHING, LOG_LEVEL="loud")
    assert await daemon.ended() == 2
    assert time.monotonic() - began < 2
    assert "Traceback" not in daemon.lines
    for name in (*NOTHING, "LOG_LEVEL"):
        assert f"- {name} " in daemon.lines


async def test_variables_are_read_from_a_file_and_the_environment_wins(stage: Stage) -> None:
    env_file = stage.folder / ".env"
    env_file.write_text("SLACK_BOT_TOKEN=wrong\nGPT_MODEL=gpt-6-luna\nLOG_LEVEL=loud\n", encoding="utf-8")
    stage.command = PROGRAM
    await stage.start(LOG_LEVEL="info")
    await stage.answered(await stage.ask("Hello"))
    assert stage.model.requests[0].body["model"] == "gpt-6-luna"


@pytest.mark.parametrize(
    ("variable", "value"), [("SLACK_BOT_TOKEN", "xoxb-revoked"), ("SLACK_APP_TOKEN", "xapp-revoked")]
)
async def test_a_token_that_slack_does_not_know_is_named(stage: Stage, variable: str, value: str) -> None:
    daemon = await stage.launch(**{variable: value})
    assert await daemon.ended() == 2
    assert variable in daemon.lines
    assert value not in daemon.lines
    assert "Traceback" not in daemon.lines


async def test_missing_scopes_are_listed_by_name(stage: Stage) -> None:
    stage.slack.installation.scopes = set(SCOPES) - {"chat:write", "im:history"}
    daemon = await stage.launch()
    assert await daemon.ended() == 2
    assert "chat:write" in daemon.lines
    assert "im:history" in daemon.lines
    assert "Traceback" not in daemon.lines


async def test_a_slack_that_cannot_be_reached_at_the_start_is_waited_for(stage: Stage) -> None:
    stage.slack.faults.add("auth.test", HttpError(503), times=2)
    await stage.start()
    await stage.answered(await stage.ask("Hello"))


async def test_the_data_folder_belongs_to_its_user_alone(stage: Stage) -> None:
    await stage.start()
    data = stage.folder / "data"
    assert data.stat().st_mode & 0o777 == 0o700
    for path in data.iterdir():
        assert path.stat().st_mode & 0o077 == 0


async def test_the_daemon_ends_when_it_is_told_to_before_it_has_connected(stage: Stage) -> None:
    stage.slack.faults.always("auth.test", HttpError(503))
    daemon = await stage.launch()
    await stage.workspace.wait_for(lambda: stage.slack.calls.count("auth.test"), PATIENCE)
    assert await daemon.terminate() == 0
    assert "Traceback" not in daemon.lines
