"""Tickets for Socket Mode: each address that Slack gives out admits one connection, once."""

import asyncio
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.wire.errors import error_code, retry_after
from bot.slack.wire.identity import SetupRefused, is_passing, refusal

_RATE_LIMITED_PAUSE = 30.0  # seconds, where Slack told none


class Tickets(AsyncWebClient):
    """The counter at which the SDK gets its tickets, for as long as its connection is worth keeping.

    The SDK takes every refusal for a passing one, and asks again at once however many connections Slack has. Here every
    refusal is looked at: `end` is done when there will be no more tickets; its result says for how many seconds Slack
    wants to be left alone, its exception that it will never take us.
    """

    def __init__(self, client: AsyncWebClient) -> None:
        super().__init__(base_url=client.base_url, session=client.session, retry_handlers=[], logger=client.logger)
        self.proxy = client.proxy
        self.end: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    async def apps_connections_open(self, *, app_token: str, **kwargs: Any) -> AsyncSlackResponse:
        """The SDK's name for asking; the answer holds the address."""
        if self.end.done():
            raise ConnectionError("the connection is given up")
        try:
            return await super().apps_connections_open(app_token=app_token, **kwargs)
        except SlackApiError as error:
            code = error_code(error.response)
            if code == "ratelimited":
                self.give_up(retry_after(error.response.headers, _RATE_LIMITED_PAUSE))
            elif code and not is_passing(code):
                self.fail(refusal("SLACK_APP_TOKEN", code))
            # Not as SlackApiError: for a rate limit, the SDK would sleep in a task that nobody can end.
            raise ConnectionError(f"apps.connections.open: {code or 'unreadable answer'}") from None

    def give_up(self, pause: float = 0.0) -> None:
        """No more tickets; a new connection may be tried after this many seconds."""
        if not self.end.done():
            self.end.set_result(pause)

    def fail(self, reason: SetupRefused) -> None:
        """No more tickets, and no use in another connection."""
        if not self.end.done():
            self.end.set_exception(reason)

    def close(self) -> None:
        """No more tickets, and nobody waits for the end."""
        if not self.end.cancel():
            self.end.exception()
