"""Finds messages that people sent while the bot was not there: Slack delivers them to nobody afterwards."""

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain, islice, zip_longest
from typing import Any

from bot.domain.conversation import ThreadKey
from bot.ports import Inbox
from bot.slack.payload import Json, objects_at, text_at
from bot.slack.reading.messages import message_from_event
from bot.slack.reading.paging import pages
from bot.slack.wire.calls import SlackCalls
from bot.slack.wire.errors import SlackRefusal
from bot.slack.wire.identity import Identity

log = logging.getLogger(__name__)

MOST_CHANNELS = 200
"""How many conversations are looked through; those in which the bot was spoken to lately come first."""

MOST_THREADS = 200
"""How many threads are read; those with the newest replies come first."""

MOST_OLDER = 50
"""How many threads that began before are read just because the bot was in them lately."""

LOOK_BACK = 24 * 3600.0
"""How many seconds before the gap a thread may have begun that is looked for although the bot was not in it."""

_KINDS = ("im", "mpim", "private_channel", "public_channel")
_PAGE, _MOST_PAGES = 200, 5

LatestThreads = Callable[[int], Awaitable[tuple[ThreadKey, ...]]]
"""At most so many threads in which messages came in last, the latest first. Raises BotError."""


@dataclass(frozen=True, slots=True)
class SlackCatchUp:
    """Looks through the bot's conversations, one call after the other, so that answers hardly wait for their turn."""

    calls: SlackCalls
    identity: Identity
    inbox: Inbox
    latest_threads: LatestThreads
    allowed_bots: frozenset[str] = frozenset()

    async def since(self, beginning: float) -> None:
        """Deliver what was sent since then, in seconds since the epoch; what is known already brings nothing new.

        What Slack does not let us read is left out. Raises PlatformUnavailable, UncertainWrite, and what the inbox
        raises.
        """
        known = await self.latest_threads(MOST_THREADS)
        lately = (thread.channel for thread in known)
        channels = tuple(islice(dict.fromkeys(chain(lately, await self._conversations())), MOST_CHANNELS))
        found, latest_replies = 0, dict[ThreadKey, str]()
        for channel in channels:
            top_level = await self._messages("conversations.history", beginning - LOOK_BACK, channel=channel)
            found += await self._deliver(channel, top_level, beginning)
            for root in top_level:
                thread = ThreadKey(self.identity.workspace, channel, text_at(root, "ts"))
                latest_replies[thread] = text_at(root, "latest_reply")
        older = [thread for thread in known if thread not in latest_replies and thread.channel in channels]
        threads = (*_gone_on(latest_replies, beginning), *older[:MOST_OLDER])[:MOST_THREADS]
        for thread in threads:
            said = await self._messages("conversations.replies", beginning, channel=thread.channel, ts=thread.root)
            replies = (reply for reply in said if text_at(reply, "ts") != thread.root)
            found += await self._deliver(thread.channel, replies, beginning)
        log.info("caught up: %d new messages; %d conversations and %d threads read", found, len(channels), len(threads))

    async def _deliver(self, channel: str, said: Iterable[Json], beginning: float) -> int:
        """Hand on what was said since then, oldest first; returns how many of these messages are new."""
        found = 0
        for each in sorted(said, key=lambda each: text_at(each, "ts")):
            body = {"api_app_id": self.identity.app_id, "event": _as_event(each, channel)}
            message = message_from_event(body, self.identity, self.allowed_bots)
            if message is not None and message.sent_at > beginning:
                found += await self.inbox.receive(message, f"catch-up:{channel}:{message.id}")
        return found

    async def _conversations(self) -> list[str]:
        """The conversations of the bot, the kinds of them taking turns."""
        kinds = [await self._of_kind(kind) for kind in _KINDS]
        return [channel for turn in zip_longest(*kinds) for channel in turn if channel]

    async def _of_kind(self, kind: str) -> list[str]:
        found = await self._pages(
            "users.conversations", "channels", types=kind, exclude_archived=True, user=self.identity.user_id
        )
        return [text_at(channel, "id") for channel in found]

    async def _messages(self, method: str, oldest: float, **where: str) -> list[Json]:
        """What was said there since, each message once: every page of a thread may begin with its first message."""
        found = await self._pages(method, "messages", oldest=f"{max(oldest, 0):.6f}", **where)
        return list({text_at(said, "ts"): said for said in found}.values())

    async def _pages(self, method: str, items: str, **arguments: Any) -> list[Json]:
        """What stands on the first pages; nothing where Slack says no."""
        found: list[Json] = []
        try:
            async for page in pages(self.calls, method, most=_MOST_PAGES, limit=_PAGE, **arguments):
                found += objects_at(page, items)
        except SlackRefusal as refusal:
            log.info("not looked through: %s", refusal)
        return found


def _as_event(said: Json, channel: str) -> Json:
    """A message of the history as an event would have brought it, before it was edited."""
    return {key: value for key, value in said.items() if key != "edited"} | {"type": "message", "channel": channel}


def _gone_on(latest_replies: Mapping[ThreadKey, str], beginning: float) -> list[ThreadKey]:
    """The threads that have replies from since then, those with the newest first."""
    gone_on = [thread for thread, latest in latest_replies.items() if latest > f"{beginning:.6f}"]
    return sorted(gone_on, key=lambda thread: latest_replies[thread], reverse=True)
