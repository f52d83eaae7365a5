"""What an operator reads of Slack's tokens, scopes and Socket Mode before a start."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import WSMsgType, web

from bot.domain.errors import PlatformUnavailable
from bot.domain.findings import Finding, Verdict
from bot.slack.wire.client import open_client
from bot.slack.wire.identity import OPTIONAL_SCOPES, SCOPES, SetupRefused
from bot.slack.wire.inspection import greeting, hello_finding, inspect, scope_findings
from playground.slack.faults import Error
from playground.slack.server import SlackServer, serve_slack
from playground.slack.workspace import Workspace

ALL = {*SCOPES, *OPTIONAL_SCOPES}


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with serve_slack(Workspace(seed=1), rate_limit_scale=None) as slack:
        yield slack


async def inspected(slack: SlackServer, bot_token: str | None = None, app_token: str | None = None) -> list[Finding]:
    installation = slack.installation
    bot_token = installation.bot_token if bot_token is None else bot_token
    async with open_client(bot_token, slack.api_url) as client:
        return await inspect(client, installation.app_token if app_token is None else app_token)


def verdicts(findings: list[Finding]) -> set[Verdict]:
    return {finding.verdict for finding in findings}


async def test_an_app_that_is_set_up_well_is_ok_and_its_connection_is_closed_again(slack: SlackServer) -> None:
    slack.installation.scopes = set(ALL)
    findings = await inspected(slack)
    assert verdicts(findings) == {Verdict.OK}
    assert "@chatgpt in the workspace Playground" in findings[0].found
    await slack.workspace.wait_for(lambda: not slack.sockets.connections, 30)
    assert slack.sockets.counts.refused_handshakes == 0


async def test_each_wrong_token_is_a_problem_that_does_not_show_it(slack: SlackServer) -> None:
    bot, app = await inspected(slack, "xoxb-secret", "xapp-secret")
    assert bot.verdict is app.verdict is Verdict.PROBLEM
    assert "SLACK_BOT_TOKEN (invalid_auth)" in bot.found
    assert "SLACK_APP_TOKEN (invalid_auth)" in app.found
    assert "secret" not in f"{bot}{app}"


async def test_a_token_that_is_not_given_leaves_the_other_to_be_tried(slack: SlackServer) -> None:
    (app,) = await inspected(slack, bot_token="")
    assert app.verdict is Verdict.OK
    *_, scopes = await inspected(slack, app_token="")
    assert "scopes" in scopes.found


async def test_a_slack_that_has_trouble_is_named_with_what_to_look_at(slack: SlackServer) -> None:
    slack.faults.always("apps.connections.open", Error("internal_error"))
    *_, app = await inspected(slack)
    assert app.verdict is Verdict.PROBLEM
    assert "SLACK_APP_TOKEN could not be tried" in app.found
    assert "HTTPS_PROXY" in app.remedy


async def test_a_ticket_that_is_dead_does_not_come_into_the_report(slack: SlackServer) -> None:
    slack.sockets.options.ticket_lifetime = -1
    *_, app = await inspected(slack)
    assert app.verdict is Verdict.PROBLEM
    assert "ticket" not in str(app)


@pytest.mark.parametrize(
    ("granted", "verdict", "says"),
    [
        (ALL, Verdict.OK, "all 15 scopes"),
        (ALL - {"im:read"}, Verdict.WARNING, "im:read: finding direct messages"),
        (ALL - {"chat:write"}, Verdict.PROBLEM, "chat:write: answering"),
        (ALL - {"usergroups:read"}, Verdict.NOTE, "usergroups:read: naming user groups"),
        (ALL | {"admin"}, Verdict.NOTE, "does not use: admin"),
        (set(), Verdict.NOTE, "does not tell the scopes"),
    ],
)
def test_scopes_are_held_against_the_manifest(granted: set[str], verdict: Verdict, says: str) -> None:
    findings = scope_findings({"x-oauth-scopes": ",".join(sorted(granted))})
    assert any(finding.verdict is verdict and says in finding.found for finding in findings)


def hello(app_id: str = "A1", connections: int = 1) -> dict[str, Any]:
    return {"type": "hello", "num_connections": connections, "connection_info": {"app_id": app_id}}


@pytest.mark.parametrize(
    ("frame", "app_id", "verdict", "says"),
    [
        (hello(), "A1", Verdict.OK, "said hello."),
        (hello(connections=3), "A1", Verdict.OK, "2 other connections"),
        (hello("A2"), "A1", Verdict.PROBLEM, "two apps: SLACK_BOT_TOKEN to A1, SLACK_APP_TOKEN to A2"),
        (hello("A2"), "", Verdict.OK, "said hello."),
        ({"type": "hello"}, "A1", Verdict.OK, "said hello."),
    ],
)
def test_the_greeting_tells_of_other_apps_and_connections(
    frame: dict[str, Any], app_id: str, verdict: Verdict, says: str
) -> None:
    finding = hello_finding(frame, app_id)
    assert finding.verdict is verdict
    assert says in finding.found


@asynccontextmanager
async def speaking(*frames: dict[str, Any]) -> AsyncIterator[tuple[str, list[str]]]:
    """The address of a WebSocket that says these frames and then closes, and what it gets to hear."""
    heard: list[str] = []
    ended = asyncio.Event()

    async def accept(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        for frame in frames:
            await socket.send_str(json.dumps(frame))
        if not any(frame["type"] == "hello" for frame in frames):
            await socket.close()
        heard.extend([message.data async for message in socket if message.type is WSMsgType.TEXT])
        ended.set()
        return socket

    app = web.Application()
    app.add_routes([web.get("/link", accept)])
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"ws://127.0.0.1:{runner.addresses[0][1]}/link?ticket=t", heard
        async with asyncio.timeout(30):
            await ended.wait()
    finally:
        await runner.cleanup()


async def test_an_event_that_comes_meanwhile_is_left_to_the_bot_that_runs() -> None:
    event = {"type": "events_api", "envelope_id": "e1", "payload": {}}
    async with speaking(event, hello(), event) as (address, heard):
        assert (await greeting(address, None))["type"] == "hello"
    assert heard == []


@pytest.mark.parametrize(
    ("frames", "error", "says"),
    [
        ([{"type": "disconnect", "reason": "link_disabled"}], SetupRefused, "Socket Mode is switched off"),
        ([{"type": "disconnect", "reason": "too_many_websockets"}], PlatformUnavailable, "too_many_websockets"),
        ([], PlatformUnavailable, "before Slack had said hello"),
    ],
)
async def test_a_connection_that_slack_does_not_want_is_told(
    frames: list[dict[str, Any]], error: type[Exception], says: str
) -> None:
    async with speaking(*frames) as (address, _):
        with pytest.raises(error, match=says):
            await greeting(address, None)


async def test_an_address_that_is_none_is_no_crash() -> None:
    with pytest.raises(PlatformUnavailable):
        await greeting("", None)
