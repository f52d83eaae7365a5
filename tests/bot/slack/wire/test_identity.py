"""What Slack says of the bot's tokens at the start, and what an operator reads of it."""

import logging
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import PlatformUnavailable
from bot.slack.reading.messages import is_own
from bot.slack.wire import identity as identity_module
from bot.slack.wire.client import open_client
from bot.slack.wire.identity import OPTIONAL_SCOPES, SCOPES, Identity, SetupRefused, check_app_token, introduce
from playground.slack.faults import Error, Fault, Html, HttpError, Reset, Silence
from playground.slack.server import SlackServer, serve_slack
from playground.slack.workspace import Workspace

QUICKLY = (0.0, 0.0)


@dataclass(slots=True)
class Scene:
    slack: SlackServer
    client: AsyncWebClient


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with (
        serve_slack(Workspace(seed=1), rate_limit_scale=None) as slack,
        open_client(slack.installation.bot_token, slack.api_url) as client,
    ):
        yield Scene(slack, client)


async def test_the_bot_learns_who_it_is(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    bot = scene.slack.workspace.bot
    app = scene.slack.workspace.users[bot.user_id].app_id
    expected = Identity(scene.slack.workspace.team_id, bot.user_id, bot.bot_id, "chatgpt", app)
    assert app.startswith("A")
    assert await introduce(scene.client) == expected
    await check_app_token(scene.client, scene.slack.installation.app_token)
    assert not caplog.records


@pytest.mark.parametrize(
    ("token", "code"), [("xoxb-wrong", "invalid_auth"), ("xapp-playground", "not_allowed_token_type")]
)
async def test_a_wrong_bot_token_is_named_with_what_to_do(scene: Scene, token: str, code: str) -> None:
    scene.client.token = token
    with pytest.raises(SetupRefused, match=rf"SLACK_BOT_TOKEN \({code}\)\. Copy the Bot User OAuth Token") as refused:
        await introduce(scene.client)
    assert token not in str(refused.value)
    assert scene.slack.calls.count("auth.test") == 1


@pytest.mark.parametrize(
    ("token", "code"), [("xapp-wrong", "invalid_auth"), ("xoxb-playground", "not_allowed_token_type")]
)
async def test_a_wrong_app_token_is_named_with_what_to_do(scene: Scene, token: str, code: str) -> None:
    with pytest.raises(SetupRefused, match=rf"SLACK_APP_TOKEN \({code}\)\. Copy an app-level token") as refused:
        await check_app_token(scene.client, token)
    assert token not in str(refused.value)


async def test_a_bot_whose_bot_id_slack_does_not_tell_is_known_by_its_user(scene: Scene) -> None:
    scene.slack.installation.bot.bot_id = ""
    identity = await introduce(scene.client)
    assert identity.bot_id == ""
    assert not is_own({"user": "U1", "text": "Hello"}, identity)
    assert is_own({"user": identity.user_id, "text": "Hello"}, identity)


@pytest.mark.parametrize("fault", [Error("missing_scope"), HttpError(503), Reset(), Html(), Silence()])
async def test_an_app_whose_id_slack_does_not_tell_starts_all_the_same(
    scene: Scene, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity_module, "_APP_PATIENCE", 0.2)
    scene.slack.faults.always("bots.info", fault)
    identity = await introduce(scene.client, QUICKLY)
    assert (identity.app_id, identity.user_id) == ("", scene.slack.workspace.bot.user_id)
    assert scene.slack.calls.count("bots.info") > 0


async def test_a_workspace_that_slack_does_not_name_is_no_hindrance(scene: Scene) -> None:
    scene.slack.workspace.team_id = ""
    identity = await introduce(scene.client)
    assert (identity.workspace, identity.user_id) == ("", scene.slack.workspace.bot.user_id)


async def test_missing_scopes_are_named_with_what_they_are_for(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    scene.slack.installation.scopes -= {"users:read", "channels:history", *OPTIONAL_SCOPES}
    await introduce(scene.client)
    warning, hint, _ = caplog.messages
    assert "channels:history (hearing and reading threads in public channels), users:read (naming people)" in warning
    assert "install it again" in warning
    assert "optional scope usergroups:read (naming user groups)" in hint


@pytest.mark.parametrize("lacking", [{"chat:write"}, {"app_mentions:read", "im:history"}, set(SCOPES)])
async def test_scopes_without_which_nothing_works_end_the_start(scene: Scene, lacking: set[str]) -> None:
    scene.slack.installation.scopes -= lacking
    scene.slack.installation.scopes.add("team:read")
    with pytest.raises(SetupRefused, match=", ".join(sorted(lacking))):
        await introduce(scene.client)


async def test_a_server_that_tells_no_scopes_is_trusted(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    scene.slack.installation.scopes.clear()
    await introduce(scene.client)
    assert not caplog.records


@pytest.mark.parametrize("fault", [HttpError(503), Reset(), Error("internal_error"), Html(), Error("ratelimited")])
async def test_a_slack_in_trouble_is_asked_again(scene: Scene, fault: HttpError | Reset | Error | Html) -> None:
    scene.slack.faults.add("auth.test", fault, times=2)
    assert (await introduce(scene.client, QUICKLY)).workspace == scene.slack.workspace.team_id
    assert scene.slack.calls.count("auth.test") == 3


async def test_a_slack_that_never_answers_is_unavailable(scene: Scene) -> None:
    scene.slack.faults.always("auth.test", HttpError(503))
    with pytest.raises(PlatformUnavailable):
        await introduce(scene.client, QUICKLY)
    assert scene.slack.calls.count("auth.test") == 3


async def test_an_address_where_nobody_listens_is_unavailable() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        async with open_client("xoxb-1", f"http://127.0.0.1:{silent.getsockname()[1]}/api") as client:
            with pytest.raises(PlatformUnavailable, match="ClientConnectorError"):
                await introduce(client, QUICKLY)
