"""What one person alone gets to see, in answer to what they did at a message or wrote."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout
from yarl import URL

from bot.domain.conversation import ThreadKey
from bot.domain.errors import PlatformError
from bot.slack.desks.acts import Act
from bot.slack.markup.markdown import escaped
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


@dataclass(frozen=True, slots=True)
class Whispers:
    """Answers at the address that came with the act, which works where the bot is no member as well, five times in half
    an hour; with `whisper` where that fails.

    The shared session of the calls goes to the Web API's host alone, and these addresses are on another one of Slack's.
    """

    calls: SlackCalls

    async def tell(self, act: Act, sentence: str, *, replace: bool = False) -> None:
        """Show this person a sentence, in plain text, in place of the private message that was pressed or anew."""
        await self.show(act, {"text": escaped(sentence)}, replace=replace)

    async def show(self, act: Act, shown: Mapping[str, Any], *, replace: bool = False) -> None:
        """The same with text and blocks; trouble is logged and no more."""
        answer = {**shown, "response_type": "ephemeral", "replace_original": replace}
        if act.is_in_thread:
            answer["thread_ts"] = act.thread.root
        if await self._respond(act.response_url, answer):
            return
        await whisper(self.calls, act.thread, act.user, shown, in_thread=act.is_in_thread)

    async def _respond(self, address: str, answer: Mapping[str, Any]) -> bool:
        url = slack_address(address, URL(self.calls.client.base_url))
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
