"""The bot under pm2, with the commands that an operator finds in docs/deployment.md."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.deploy.page import commands
from tests.deploy.pm2 import Pm2, open_pm2
from tests.doubles.until import until
from tests.stories.stage import PATIENCE, Stage, open_stage

START, LOGS, RESTART, STOP, DELETE = (
    "pm2 start deploy/ecosystem.config.js",
    "pm2 logs chatgpt-for-slack --nostream",
    "pm2 restart chatgpt-for-slack",
    "pm2 stop chatgpt-for-slack",
    "pm2 delete chatgpt-for-slack",
)
AFTER_A_REBOOT = ["pm2 save", "pm2 startup"]


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with open_stage(tmp_path) as stage:
        yield stage


@pytest.fixture
async def pm2(stage: Stage) -> AsyncIterator[Pm2]:
    async with open_pm2(stage.environ()) as pm2:
        yield pm2


async def do(pm2: Pm2, command: str, **variables: str) -> str:
    return await pm2.run(*command.split()[1:], **variables)


def test_the_page_names_the_commands_that_are_run_here() -> None:
    assert commands("pm2") == [START, LOGS, *AFTER_A_REBOOT, RESTART, STOP, DELETE]


async def test_pm2_starts_restarts_and_ends_the_bot(stage: Stage, pm2: Pm2) -> None:
    await do(pm2, START)
    await stage.connected()
    await stage.answered(await stage.ask("Hello"))
    app = await pm2.app()
    assert app["pm2_env"]["status"] == "online"
    assert "connected to Slack: 2 of 2" in await do(pm2, LOGS)

    await do(pm2, RESTART)
    await stage.connected()
    await stage.answered(await stage.ask("Hello again"))
    restarted = await pm2.app()
    assert restarted["pid"] != app["pid"]
    assert "ended" in await do(pm2, LOGS)

    await do(pm2, STOP)
    stopped = await pm2.app()
    assert (stopped["pm2_env"]["status"], stopped["pm2_env"]["exit_code"]) == ("stopped", 0)
    assert not stage.slack.sockets.connections

    await do(pm2, DELETE)
    assert "chatgpt-for-slack" not in await pm2.run("list")


async def test_pm2_does_not_start_a_misconfigured_bot_again(pm2: Pm2) -> None:
    await do(pm2, START, SLACK_BOT_TOKEN="")

    async def has_ended() -> bool:
        return bool((await pm2.app())["pm2_env"].get("exit_code") == 2)

    await until(has_ended, PATIENCE)
    app = await pm2.app()
    # pm2 forgets the pid of a process only if it will not start it again.
    assert (app["pid"], app["pm2_env"]["restart_time"]) == (0, 0)
    assert "SLACK_BOT_TOKEN is not set" in await do(pm2, LOGS)
