"""Links to messages, and the threads to which they lead."""

import re
from dataclasses import dataclass

from bot.domain.conversation import Conversation, ThreadKey
from bot.ports import ChatPlatform
from bot.slack.reading.members import Members
from bot.slack.wire.identity import Identity

_PERMALINK = re.compile(
    r"https?://[\w.:-]{1,253}/archives/(?P<channel>[CG][A-Z0-9]{1,30})/p(?P<seconds>\d{10})(?P<fraction>\d{6})(?!\d)"
    r"(?:\?(?P<query>[^\s<>()\[\]|]{1,300}))?"
)
_ROOT = re.compile(r"(?:^|&)thread_ts=(\d{10}\.\d{6})(?!\d)")


@dataclass(frozen=True, slots=True)
class LinkedThreads:
    """Threads in channels, private ones and group messages included, as `bot.ports.Threads` describes them."""

    platform: ChatPlatform
    identity: Identity
    members: Members

    def linked_in(self, text: str) -> tuple[ThreadKey, ...]:
        """The threads to which this text links.

        What decides is the channel's id, which is the same under each of Slack's hosts (reference of
        chat.getPermalink): nothing is fetched from the link's own.
        """
        return tuple(
            ThreadKey(self.identity.workspace, found["channel"], _root(found)) for found in _PERMALINK.finditer(text)
        )

    async def is_open(self, thread: ThreadKey, person: str) -> bool:
        """Whether this person and the bot are both seen to be members of its channel. Raises PlatformError."""
        return bool(person) and all(
            [await self.members.surely_include(thread.channel, each) for each in (person, self.identity.user_id)]
        )

    async def history(self, thread: ThreadKey) -> Conversation:
        """The whole thread as Slack has it now. Raises PlatformError."""
        return await self.platform.history(thread)


def _root(permalink: re.Match[str]) -> str:
    root = _ROOT.search(permalink["query"] or "")
    return root[1] if root else f"{permalink['seconds']}.{permalink['fraction']}"
