"""Who the bot is in its workspace, and whether Slack accepts how it is set up: asked once, at the start."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.errors import PlatformUnavailable
from bot.slack.payload import object_at, text_at
from bot.slack.wire.errors import TRANSIENT, error_code

log = logging.getLogger(__name__)

SCOPES: Mapping[str, str] = MappingProxyType(
    {
        "app_mentions:read": "hearing mentions",
        "assistant:write": "showing a status",
        "channels:history": "hearing and reading threads in public channels",
        "channels:read": "naming public channels and their members",
        "chat:write": "answering",
        "commands": "offering the settings and the shortcuts",
        "files:read": "reading attached files",
        "files:write": "showing pictures",
        "groups:history": "hearing and reading threads in private channels",
        "groups:read": "naming private channels and their members",
        "im:history": "hearing and reading direct messages",
        "im:read": "finding direct messages that were sent while the bot was down",
        "mpim:history": "hearing and reading threads in group direct messages",
        "mpim:read": "finding group direct messages that were sent while the bot was down",
        "users:read": "naming people",
    }
)
"""The bot token's scopes, as the manifest asks for them, and what is missing without each."""

OPTIONAL_SCOPES: Mapping[str, str] = MappingProxyType({"usergroups:read": "naming user groups"})
"""Scopes that a workspace's administrators may leave out (`bot_optional` in the manifest)."""

_PASSING = TRANSIENT | {"ratelimited", "org_login_required"}
"""Errors that say nothing of the token (docs.slack.dev, errors of auth.test and apps.connections.open)."""

_PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)
_APP_PATIENCE = 3.0  # seconds: without the app's id, only links into Slack are missing


@dataclass(frozen=True, slots=True)
class Identity:
    """The bot's ids in its workspace, and the name by which people mention it; empty where Slack told none."""

    workspace: str
    user_id: str
    bot_id: str
    name: str
    app_id: str = ""

    def tab(self, name: str) -> str:
        """Slack's own link to this tab of the bot (docs.slack.dev, deep linking); empty where it cannot be made."""
        return f"slack://app?team={self.workspace}&id={self.app_id}&tab={name}" if self.app_id else ""


class SetupRefused(Exception):
    """Slack does not accept how the bot is set up; the message says what an operator has to change."""


async def introduce(client: AsyncWebClient, pauses: tuple[float, ...] = _PAUSES) -> Identity:
    """Who the bot token belongs to. Missing scopes are logged by name.

    Raises SetupRefused when the token is wrong or cannot do anything, PlatformUnavailable when Slack does not answer,
    after as many more tries as there are `pauses` (seconds).
    """
    answer = await ask("SLACK_BOT_TOKEN", client.auth_test, pauses)
    identity = identity_in(answer)
    _check_scopes(answer.headers)
    return await with_app(client, identity)


def identity_in(answer: AsyncSlackResponse) -> Identity:
    """Who a token belongs to, by an answer of auth.test. Raises SetupRefused when it does not say."""
    said = answer.data if isinstance(answer.data, dict) else {}
    identity = Identity(
        text_at(said, "team_id"),
        text_at(said, "user_id"),
        text_at(said, "bot_id"),
        text_at(said, "user") or "bot",
        text_at(said, "app_id"),
    )
    if not identity.user_id:
        raise SetupRefused(f"SLACK_BOT_TOKEN does not say whose it is. {_REMEDY['SLACK_BOT_TOKEN']}")
    return identity


async def with_app(client: AsyncWebClient, identity: Identity) -> Identity:
    """The identity with the app's id, where Slack tells it."""
    return identity if identity.app_id else replace(identity, app_id=await _app_of(client, identity.bot_id))


async def check_app_token(client: AsyncWebClient, app_token: str, pauses: tuple[float, ...] = _PAUSES) -> None:
    """Whether Slack would let us connect with this token. Raises like `introduce`."""
    await ask("SLACK_APP_TOKEN", lambda: client.apps_connections_open(app_token=app_token), pauses)


def refusal(variable: str, code: str) -> SetupRefused:
    """What Slack's error means for the token in this variable, with the remedy."""
    return SetupRefused(f"Slack does not accept {variable} ({code}). {_REMEDY[variable]}")


def is_passing(code: str) -> bool:
    """True for an error that may be gone when we ask again."""
    return code in _PASSING


_REMEDY = {
    "SLACK_BOT_TOKEN": "Copy the Bot User OAuth Token, which begins with xoxb-, from OAuth & Permissions at "
    "api.slack.com/apps, where the app has to be installed in the workspace.",
    "SLACK_APP_TOKEN": "Copy an app-level token with the scope connections:write, which begins with xapp-, from Basic "
    "Information at api.slack.com/apps, where Socket Mode has to be switched on.",
}


async def ask(
    variable: str, call: Callable[[], Awaitable[AsyncSlackResponse]], pauses: tuple[float, ...]
) -> AsyncSlackResponse:
    """What Slack answers to a call with the token in this variable. Raises like `introduce`."""
    trouble = ""
    for pause in (*pauses, None):
        try:
            return await call()
        except SlackApiError as error:
            trouble = error_code(error.response)
            if trouble and not is_passing(trouble):
                raise refusal(variable, trouble) from None
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, AttributeError) as error:
            # The last two are how the SDK stumbles over an answer that is no JSON object.
            trouble = type(error).__name__
        if pause is not None:
            log.warning("Slack does not answer (%s); trying again in %.1f s", trouble or "no error name", pause)
            await asyncio.sleep(pause)
    raise PlatformUnavailable(f"Slack does not answer ({trouble})")


async def _app_of(client: AsyncWebClient, bot_id: str) -> str:
    """The id of the app to which this bot belongs, which auth.test seldom tells; empty when Slack does not say soon."""
    if not bot_id:
        return ""
    try:
        async with asyncio.timeout(_APP_PATIENCE):
            answer = await client.bots_info(bot=bot_id)
    except SlackApiError as error:
        log.info("the app's id is not known: %s", error_code(error.response) or "no error name")
        return ""
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError, AttributeError) as error:
        log.info("the app's id is not known: %s", type(error).__name__)
        return ""
    return text_at(object_at(answer.data, "bot"), "app_id") if isinstance(answer.data, dict) else ""


def granted_scopes(headers: Mapping[str, str]) -> frozenset[str]:
    """What the bot token may do, by the headers of any answer; empty when Slack does not tell."""
    return frozenset(scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")) - {""}


def is_useless_without(missing: Collection[str]) -> bool:
    """True when a bot that lacks these scopes can answer nobody."""
    return "chat:write" in missing or {"app_mentions:read", "im:history"}.issubset(missing)


def _check_scopes(headers: Mapping[str, str]) -> None:
    granted = granted_scopes(headers)
    if not granted:
        return
    missing = [scope for scope in SCOPES if scope not in granted]
    if is_useless_without(missing):
        raise SetupRefused(
            f"The Slack app lacks scopes without which the bot can do nothing: {', '.join(missing)}. {REINSTALL}"
        )
    if missing:
        named = ", ".join(f"{scope} ({SCOPES[scope]})" for scope in missing)
        log.warning("the Slack app lacks scopes: %s. %s", named, REINSTALL)
    for scope in OPTIONAL_SCOPES.keys() - granted:
        log.info("the Slack app lacks the optional scope %s (%s)", scope, OPTIONAL_SCOPES[scope])


REINSTALL = "Compare the app with slack_app_manifest.yml at api.slack.com/apps and install it again."
