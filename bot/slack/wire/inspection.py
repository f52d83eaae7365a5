"""Finds out whether Slack will work with the bot: its tokens, its scopes, and Socket Mode, as one would use them."""

import asyncio
from collections.abc import Mapping

from aiohttp import ClientError, ClientSession, ClientWSTimeout, WSMsgType
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import PlatformUnavailable
from bot.domain.findings import Finding, note, ok, problem, warning
from bot.slack.payload import Json, object_at, parsed, text_at, whole_number_at
from bot.slack.wire.connection import SWITCHED_OFF
from bot.slack.wire.identity import (
    OPTIONAL_SCOPES,
    REINSTALL,
    SCOPES,
    Identity,
    SetupRefused,
    ask,
    granted_scopes,
    identity_in,
    is_useless_without,
    with_app,
)

_SECONDS = 20.0
"""How long each of the two tokens may take."""

_PAUSES = (0.5, 1.0)

_REMEDY = "See whether this machine reaches Slack by HTTPS and WebSocket; HTTPS_PROXY names a proxy."


async def inspect(client: AsyncWebClient, app_token: str) -> list[Finding]:
    """Everything about the client's token, the bot's, and this app-level token; one that is empty is left out."""
    findings, identity = await inspect_bot_token(client) if client.token else ([], None)
    if app_token:
        findings.append(await inspect_app_token(client, app_token, identity.app_id if identity else ""))
    return findings


async def inspect_bot_token(client: AsyncWebClient) -> tuple[list[Finding], Identity | None]:
    """Whose the bot token is and what it may do, and its identity where Slack tells it."""
    try:
        async with asyncio.timeout(_SECONDS):
            answer = await ask("SLACK_BOT_TOKEN", client.auth_test, _PAUSES)
            identity = await with_app(client, identity_in(answer))
    except (SetupRefused, PlatformUnavailable, TimeoutError) as error:
        return [_trouble("SLACK_BOT_TOKEN", error)], None
    team = text_at(answer.data, "team") if isinstance(answer.data, dict) else ""
    known = ok(f"SLACK_BOT_TOKEN is that of @{identity.name} in the workspace {team or identity.workspace}.")
    return [known, *scope_findings(answer.headers)], identity


def scope_findings(headers: Mapping[str, str]) -> list[Finding]:
    """What the scopes in the headers of auth.test mean, beside those of the manifest."""
    granted = granted_scopes(headers)
    if not granted:
        return [note("Slack does not tell the scopes of the token.", "Compare the app with slack_app_manifest.yml.")]
    missing = [scope for scope in SCOPES if scope not in granted]
    verdict = problem if is_useless_without(missing) else warning
    findings = [verdict(f"The app lacks the scope {scope}: {SCOPES[scope]}.", REINSTALL) for scope in missing]
    findings += [
        note(f"The app lacks the optional scope {scope}: {purpose}.")
        for scope, purpose in OPTIONAL_SCOPES.items()
        if scope not in granted
    ]
    if needless := sorted(granted - SCOPES.keys() - OPTIONAL_SCOPES.keys()):
        findings.append(note(f"The app has scopes that the bot does not use: {', '.join(needless)}."))
    return findings if missing else [ok(f"The app has all {len(SCOPES)} scopes that it needs."), *findings]


async def inspect_app_token(client: AsyncWebClient, app_token: str, app_id: str) -> Finding:
    """Whether Socket Mode works with this token; `app_id` is that of the bot token's app, where it is known."""
    try:
        async with asyncio.timeout(_SECONDS):
            answer = await ask("SLACK_APP_TOKEN", lambda: client.apps_connections_open(app_token=app_token), _PAUSES)
            address = text_at(answer.data, "url") if isinstance(answer.data, dict) else ""
            hello = await greeting(address, client.proxy)
    except (SetupRefused, PlatformUnavailable, TimeoutError) as error:
        return _trouble("SLACK_APP_TOKEN", error)
    return hello_finding(hello, app_id)


async def greeting(address: str, proxy: str | None) -> Json:
    """What Slack greets a new connection with, which is closed at once.

    As long as it is open, Slack sends it some of the app's events. None is acknowledged, so that a bot that is running
    gets them instead. Raises SetupRefused, PlatformUnavailable.
    """
    try:
        async with (
            ClientSession() as session,
            session.ws_connect(address, proxy=proxy, timeout=ClientWSTimeout(ws_close=1.0)) as socket,
        ):
            async for message in socket:
                frame = parsed(message.data) if message.type is WSMsgType.TEXT else {}
                if frame.get("type") == "hello":
                    return frame
                if frame.get("type") == "disconnect":
                    raise _turned_away(text_at(frame, "reason"))
    except (ClientError, OSError, ValueError) as error:
        # The message of some of them holds the address, and that a ticket.
        raise PlatformUnavailable(f"no WebSocket can be opened ({type(error).__name__})") from None
    raise PlatformUnavailable("the WebSocket was closed before Slack had said hello")


def hello_finding(hello: Json, app_id: str) -> Finding:
    """What Slack's greeting says, when the bot token belongs to the app with this id ("" where it is not known)."""
    other_app = text_at(object_at(hello, "connection_info"), "app_id")
    if app_id and other_app and app_id != other_app:
        return problem(
            f"The tokens belong to two apps: SLACK_BOT_TOKEN to {app_id}, SLACK_APP_TOKEN to {other_app}.",
            "Copy both from the same app at api.slack.com/apps.",
        )
    others = whole_number_at(hello, "num_connections") - 1
    open_ones = f" ({others} other connections of the app are open: a bot is running with it)" if others > 0 else ""
    return ok(f"SLACK_APP_TOKEN opens Socket Mode: Slack has said hello{open_ones}.")


def _turned_away(reason: str) -> Exception:
    if reason == "link_disabled":
        return SetupRefused(SWITCHED_OFF)
    return PlatformUnavailable(f"Slack turned the WebSocket away ({reason if reason.isidentifier() else 'no reason'})")


def _trouble(variable: str, error: Exception) -> Finding:
    if isinstance(error, SetupRefused):
        return problem(str(error))
    said = f"Slack did not answer within {_SECONDS:.0f} s" if isinstance(error, TimeoutError) else str(error)
    return problem(f"{variable} could not be tried: {said}.", _REMEDY)
