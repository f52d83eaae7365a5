"""Slack's clock: heard with each of its answers, and not moved by whoever sets the machine's."""

from email.utils import formatdate

import pytest

from bot.slack.wire.client import open_client
from bot.slack.wire.clock import SlackClock
from playground.slack.server import serve_slack
from playground.slack.workspace import Workspace
from tests.doubles.clock import StillClock

NOON = 1_795_608_000.0
YEAR = 365 * 86_400.0


@pytest.mark.parametrize("off", [YEAR, -YEAR, 3.0])
def test_what_slack_says_counts_and_goes_on_by_itself(off: float) -> None:
    wall, steady = StillClock(NOON + off), StillClock(5.0)
    clock = SlackClock(wall, steady)
    assert clock() == NOON + off
    clock.hear(formatdate(NOON, usegmt=True))
    assert clock() == NOON
    steady.now += 10
    wall.now += YEAR
    assert clock() == NOON + 10


def test_a_second_more_or_less_is_no_jump() -> None:
    clock = SlackClock(StillClock(NOON + 1.5), StillClock(5.0))
    clock.hear(formatdate(NOON, usegmt=True))
    assert clock() == NOON + 1.5


@pytest.mark.parametrize("date", ["", "yesterday", "Thu, 99 Nov 2026 12:00:00 GMT"])
def test_a_date_that_cannot_be_read_changes_nothing(date: str) -> None:
    clock = SlackClock(StillClock(NOON), StillClock(5.0))
    clock.hear(date)
    assert clock() == NOON


async def test_every_answer_of_slack_sets_it(caplog: pytest.LogCaptureFixture) -> None:
    clock = SlackClock(StillClock(0.0), StillClock(5.0))
    async with (
        serve_slack(Workspace(seed=1)) as slack,
        open_client(slack.installation.bot_token, slack.api_url, clock) as client,
    ):
        await client.auth_test()
    assert clock() > NOON - YEAR
    assert "off Slack's" in caplog.text
