"""The way to Slack's Web API: one HTTP session, one client."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.request import getproxies, proxy_bypass

from aiohttp import (
    ClientError,
    ClientHandlerType,
    ClientRequest,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    TCPConnector,
)
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from bot.slack.wire.clock import SlackClock

_CONNECTIONS = 64  # at the same time; Slack's rate limits let fewer calls be under way
_TIME_LIMITS = ClientTimeout(total=30, connect=10)


class OtherAddress(ClientError):
    """Slack's address redirects to another one, which is not followed."""


@asynccontextmanager
async def open_client(token: str, api_url: str, clock: SlackClock | None = None) -> AsyncIterator[AsyncWebClient]:
    """A client whose calls share connections, are limited in time, are never repeated, and go to `api_url` only.

    The clock hears what time Slack has with each of its answers.
    A proxy is taken from HTTPS_PROXY or HTTP_PROXY unless NO_PROXY names Slack's host.
    """
    base = URL(api_url if api_url.endswith("/") else f"{api_url}/")

    async def only_to_slack(request: ClientRequest, handle: ClientHandlerType) -> ClientResponse:
        if request.url.origin() != base.origin():
            raise OtherAddress("redirected to another address")
        response = await handle(request)
        if clock is not None:
            clock.hear(response.headers.get("Date", ""))
        return response

    async with ClientSession(
        connector=TCPConnector(limit=_CONNECTIONS), timeout=_TIME_LIMITS, middlewares=(only_to_slack,)
    ) as session:
        client = AsyncWebClient(token, str(base), session=session, retry_handlers=[], logger=sdk_log("web"))
        # The SDK takes a proxy from the environment without regard to NO_PROXY; with trust_env aiohttp would read the
        # environment, and passwords from ~/.netrc, again for each call.
        client.proxy = proxy_for(base)
        yield client


def sdk_log(name: str, level: int = logging.WARNING) -> logging.Logger:
    """A log for a part of Slack's libraries, with a level of its own.

    The libraries compare a logger's own level, not the one it inherits, before they format whole requests and messages
    for debugging.
    """
    log = logging.getLogger(f"bot.slack.sdk.{name}")
    log.setLevel(level)
    return log


def proxy_for(url: URL) -> str | None:
    """The proxy that the environment names for this address, if it names one."""
    return None if proxy_bypass(url.host or "") else getproxies().get(url.scheme)
