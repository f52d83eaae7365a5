"""Calls of Slack's Web API: paced, encoded as each method wants it, repeated where that is safe."""

import asyncio
import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import PlatformUnavailable
from bot.ports import NO_METER, Meter
from bot.slack.wire.errors import TRANSIENT, CallSkipped, SlackRefusal, UncertainWrite, error_code, retry_after
from bot.slack.wire.pacer import Pacer, Priority

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a call goes on.

    Seconds for one request, seconds in all (waiting for its slot included), tries, and seconds between the first two,
    which double with each further one.
    """

    request: float
    total: float
    tries: int
    pause: float = 0.5


_LONGEST_PAUSE = 8.0
_USUAL_RETRY_AFTER = 1.0  # Slack's rule of thumb is one call a second

PATIENCE: Mapping[Priority, Patience] = MappingProxyType(
    {
        Priority.FINAL: Patience(request=30, total=600, tries=60),
        Priority.FIRST: Patience(request=30, total=300, tries=5),
        Priority.READ: Patience(request=30, total=300, tries=5),
        Priority.INTERIM: Patience(request=10, total=10, tries=1),
    }
)


@dataclass(frozen=True, slots=True)
class SlackCalls:
    """The Web API of one workspace.

    `client` has `retry_handlers=[]`, because the SDK's own handler repeats posts that Slack may have read, and a shared
    aiohttp session, because otherwise each call opens a connection of its own.
    """

    client: AsyncWebClient
    pacer: Pacer
    workspace: str
    patience: Mapping[Priority, Patience] = field(default_factory=lambda: PATIENCE)
    meter: Meter = NO_METER

    async def call(
        self, method: str, *, priority: Priority, admitted: bool = False, **arguments: Any
    ) -> dict[str, Any]:
        """Slack's answer to one call of this method.

        Arguments that are None are left out. `admitted` says that the caller has waited for its slot already.

        Raises SlackRefusal when Slack says no, UncertainWrite when repeating could do a thing twice, CallSkipped when
        an interim call should not be repeated, PlatformUnavailable when patience has ended.
        """
        patience = self.patience[priority]
        deadline = asyncio.get_running_loop().time() + patience.total
        request = _request(method, arguments)
        for attempt in range(1, patience.tries + 1):
            if not (admitted and attempt == 1):
                await self._wait_for_slot(method, priority, arguments.get("channel"), deadline)
            try:
                answer = await self._send(method, request, patience.request)
            except SlackRefusal as refusal:
                self.meter.platform_call(method, refusal.code)
                raise
            except _RateLimited as limit:
                self.meter.platform_call(method, "ratelimited")
                log.info("%s: rate limited for %.1f s", method, limit.retry_after)
                self.pacer.frozen(method, limit.retry_after)
                pause = 0.0
            except _Unanswered as trouble:
                self.meter.platform_call(method, "unanswered")
                log.info("%s: %s (try %d)", method, trouble, attempt)
                if trouble.maybe_read and not _may_be_repeated(method):
                    raise UncertainWrite(f"{method}: {trouble}") from None
                pause = min(patience.pause * 2 ** (attempt - 1), _LONGEST_PAUSE)
            else:
                self.meter.platform_call(method, "ok")
                return answer
            if attempt == patience.tries or asyncio.get_running_loop().time() + pause >= deadline:
                break
            await asyncio.sleep(pause)
        if priority is Priority.INTERIM:
            raise CallSkipped(method)
        raise PlatformUnavailable(f"{method}: given up after {attempt} tries")

    async def _wait_for_slot(self, method: str, priority: Priority, channel: str | None, deadline: float) -> None:
        try:
            async with asyncio.timeout_at(deadline):
                await self.pacer.slot(method, priority=priority, channel=channel)
        except TimeoutError:
            if priority is Priority.INTERIM:
                raise CallSkipped(method) from None
            raise PlatformUnavailable(f"{method}: its slot did not come in time") from None

    async def _send(self, method: str, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        try:
            async with asyncio.timeout(seconds):
                response = await self.client.api_call(method, **request)
        except SlackApiError as error:
            # The SDK's message repeats Slack's answer, which may quote what people wrote: it goes no further.
            raise _said_no(method, error.response) from None
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise _Unanswered(type(error).__name__, maybe_read=False) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise _Unanswered(type(error).__name__, maybe_read=True) from None
        except (AttributeError, ValueError) as error:
            # The SDK stumbles like this over an answer that is no JSON object, such as a proxy's page.
            raise _Unanswered(f"unreadable answer ({type(error).__name__})", maybe_read=True) from None
        return response.data if isinstance(response.data, dict) else {}


class _RateLimited(Exception):
    def __init__(self, retry_after: float) -> None:
        super().__init__()
        self.retry_after = retry_after


class _Unanswered(Exception):
    def __init__(self, cause: str, *, maybe_read: bool) -> None:
        super().__init__(cause)
        self.maybe_read = maybe_read


# Whatever sets a state can be said twice; whatever adds something cannot. A verb that is not here is not repeated.
# An upload that was announced and never completed is seen by nobody.
_REPEATABLE_VERBS = frozenset(
    {"test", "info", "list", "conversations", "replies", "history", "members", "update", "delete", "publish"}
    | {"setStatus", "setTitle", "setSuggestedPrompts", "getPermalink", "getUploadURLExternal"}
)
_RATE_LIMITED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})


def _may_be_repeated(method: str) -> bool:
    return method.rpartition(".")[2] in _REPEATABLE_VERBS


def _request(method: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The encoding that the method reads: JSON for what carries text or blocks, a form for the rest.

    Slack ignores a JSON body sent to methods that read, without an error.
    """
    given = {name: value for name, value in arguments.items() if value is not None}
    if method.startswith(("chat.", "views.", "assistant.", "agents.")):
        return {"json": given}
    return {"data": {name: value if isinstance(value, str) else json.dumps(value) for name, value in given.items()}}


def _said_no(method: str, response: Any) -> SlackRefusal | _RateLimited | _Unanswered:
    """What an unsuccessful answer means; `response` is the SDK's, or aiohttp's where the SDK could not read it."""
    status: int = getattr(response, "status_code", None) or response.status
    code = error_code(response)
    if status == 429 or code in _RATE_LIMITED:
        return _RateLimited(retry_after(response.headers, _USUAL_RETRY_AFTER))
    if status == 404 and not code:
        # Not Slack's way to say so, but that of proxies and servers which know only some of its methods.
        return SlackRefusal(method, "unknown_method")
    if status >= 500 or not code:
        return _Unanswered(f"HTTP {status} without an answer", maybe_read=True)
    if code in TRANSIENT:
        return _Unanswered(code, maybe_read=True)
    return SlackRefusal(method, code if re.fullmatch(r"[\w.:-]{1,100}", code) else "unreadable_error")
