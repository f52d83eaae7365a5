"""What becomes of a ticket that Slack does not give."""

import asyncio
import gc
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.slack.wire.client import open_client
from bot.slack.wire.identity import SetupRefused
from bot.slack.wire.tickets import Tickets
from playground.slack.faults import Error, Fault, HttpError, RateLimited
from playground.slack.server import SlackServer, serve_slack
from playground.slack.workspace import Workspace


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with serve_slack(Workspace(seed=1), rate_limit_scale=None) as slack:
        yield slack


@pytest.fixture
async def tickets(slack: SlackServer) -> AsyncIterator[Tickets]:
    async with open_client(slack.installation.bot_token, slack.api_url) as client:
        yield Tickets(client)


async def ask(tickets: Tickets, slack: SlackServer) -> Any:
    return await tickets.apps_connections_open(app_token=slack.installation.app_token)


async def test_a_ticket_is_an_address(tickets: Tickets, slack: SlackServer) -> None:
    assert "ticket=" in (await ask(tickets, slack))["url"]
    assert not tickets.end.done()


@pytest.mark.parametrize("fault", [Error("internal_error"), HttpError(503)])
async def test_a_passing_trouble_is_not_the_end(tickets: Tickets, slack: SlackServer, fault: Fault) -> None:
    slack.faults.add("apps.connections.open", fault)
    with pytest.raises(ConnectionError):
        await ask(tickets, slack)
    assert not tickets.end.done()


async def test_a_rate_limit_ends_this_counter_for_as_long_as_slack_says(tickets: Tickets, slack: SlackServer) -> None:
    slack.faults.add("apps.connections.open", RateLimited(7))
    with pytest.raises(ConnectionError):
        await ask(tickets, slack)
    assert tickets.end.result() == 7.0


async def test_a_refusal_ends_it_for_good(tickets: Tickets, slack: SlackServer) -> None:
    slack.faults.add("apps.connections.open", Error("account_inactive"))
    with pytest.raises(ConnectionError):
        await ask(tickets, slack)
    with pytest.raises(SetupRefused, match="SLACK_APP_TOKEN"):
        tickets.end.result()


async def test_after_the_end_slack_is_not_asked(tickets: Tickets, slack: SlackServer) -> None:
    tickets.give_up()
    with pytest.raises(ConnectionError):
        await ask(tickets, slack)
    assert slack.calls.count("apps.connections.open") == 0


async def test_the_first_end_stands(tickets: Tickets) -> None:
    tickets.give_up(3.0)
    tickets.fail(SetupRefused("too late"))
    tickets.give_up(4.0)
    assert tickets.end.result() == 3.0


async def test_an_end_that_nobody_waited_for_is_forgotten_quietly(slack: SlackServer) -> None:
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    async with open_client("xoxb-1", slack.api_url) as client:
        for end in (True, False):
            tickets = Tickets(client)
            if end:
                tickets.fail(SetupRefused("nobody is there"))
            tickets.close()
            del tickets
            gc.collect()
    assert complaints == []
