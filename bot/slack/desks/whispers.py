"""What one person alone gets to see, in answer to what they did at a message or wrote."""

import logging
from collections.abc import Mapping
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout
from yarl import URL

from bot.domain.conversation import ThreadKey
from bot.domain.errors import PlatformError
from bot.slack.wire.addresses import slack_address
from bot.slack.wire.calls import SlackCalls
from bot.slack.wire.client import proxy_for
from bot.slack.wire.pacer import Priority

log = logging.getLogger(__name__)

_TIME_LIMITS = ClientTimeout(total=10)


async def whisper(
    calls: SlackCalls, thread: ThreadKey, user: str, shown: Mapping[str, Any], *, in_thread: bool = True
) -> None:
    """Show this member of the channel alone a text or blocks; trouble is logged and no more.

    In a thread Slack shows it only once that has begun (reference of chat.postEphemeral).
    """
    try:
        await calls.call(
            "chat.postEphemeral",
            priority=Priority.FIRST,
            channel=thread.channel,
            user=user,
            thread_ts=thread.root if in_thread else None,
            **shown,
        )
    except PlatformError as error:
        log.warning("a person was not told something: %s", error)


async def respond(response_url: str, answer: Mapping[str, Any], api: URL) -> bool:
    """Answer at the address that came with an act; False where that does not work.

    It works five times in half an hour, where the bot is no member as well. The shared session of the calls goes to the
    host of `api` alone, and these addresses are on another one of Slack's.
    """
    url = slack_address(response_url, api)
    if url is None:
        return False
    try:
        async with (
            ClientSession(timeout=_TIME_LIMITS) as session,
            session.post(url, json=answer, allow_redirects=False, proxy=proxy_for(url)) as response,
        ):
            if response.status != 200:
                log.info("a response_url answers with HTTP %d", response.status)
            return response.status == 200
    except (ClientError, OSError, TimeoutError) as error:
        log.info("no answer at a response_url: %s", type(error).__name__)
        return False
