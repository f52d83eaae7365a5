"""Slack as the place where people are."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from bot.domain.conversation import Conversation, Message, ThreadKey
from bot.ports import ReplyRecord, ReplyWriter
from bot.slack.arrivals import Arrivals
from bot.slack.calls import SlackCalls
from bot.slack.history import read_thread
from bot.slack.identity import Identity
from bot.slack.people import People
from bot.slack.reply import Replies


@dataclass(frozen=True, slots=True)
class SlackPlatform:
    """One workspace, as `bot.ports.ChatPlatform` describes it."""

    calls: SlackCalls
    people: People
    identity: Identity
    replies: Replies
    arrivals: Arrivals

    def open_reply(self, to: Message, record: ReplyRecord) -> AbstractAsyncContextManager[ReplyWriter]:
        """A reply in the message's thread."""
        return self.replies.open(to, record)

    async def history(self, thread: ThreadKey) -> Conversation:
        """The whole thread as Slack has it now. Raises PlatformError."""
        return await read_thread(self.calls, self.people, self.identity, thread, self.arrivals.take(thread))
