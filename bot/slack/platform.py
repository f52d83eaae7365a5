"""Slack as the place where people are."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

from bot.domain.conversation import Attachment, Conversation, Message, ThreadKey
from bot.ports import ReplyRecord, ReplyWriter
from bot.slack.desks.whispers import whisper
from bot.slack.markup.markdown import to_mrkdwn
from bot.slack.reading.arrivals import Arrivals
from bot.slack.reading.files import KnownFiles, download
from bot.slack.reading.history import read_thread
from bot.slack.reading.people import People
from bot.slack.wire.calls import SlackCalls
from bot.slack.wire.identity import Identity
from bot.slack.wire.transfers import Transfers
from bot.slack.writing.reply import Replies


@dataclass(frozen=True, slots=True)
class SlackPlatform:
    """One workspace, as `bot.ports.ChatPlatform` describes it."""

    calls: SlackCalls
    people: People
    identity: Identity
    replies: Replies
    arrivals: Arrivals
    files: KnownFiles = field(default_factory=KnownFiles)

    def open_reply(self, to: Message, record: ReplyRecord) -> AbstractAsyncContextManager[ReplyWriter]:
        """A reply in the message's thread."""
        return self.replies.open(to, record)

    async def restore(self, to: Message, record: ReplyRecord) -> bool:
        """Bring into the thread what an interrupted reply has uploaded. Raises PlatformError."""
        return await self.replies.restore(to, record)

    async def history(self, thread: ThreadKey) -> Conversation:
        """The whole thread as Slack has it now. Raises PlatformError."""
        just_begun = self.arrivals.take(thread)
        return await read_thread(self.calls, self.people, self.identity, thread, just_begun, files=self.files)

    async def whisper(self, message: Message, text: str, *, is_answered: bool = True) -> None:
        """Tell the author of this message something, as Markdown, that they alone see; trouble is logged, no more.

        Before an answer stands there, a message that would begin a thread is whispered to beside it.
        """
        in_thread = is_answered or not message.is_root
        await whisper(self.calls, message.thread, message.author.id, {"text": to_mrkdwn(text)}, in_thread=in_thread)

    async def download(self, attachment: Attachment, limit: int) -> bytes:
        """The bytes of a file, at most `limit` of them. Raises FileUnusable."""
        return await download(self.calls, Transfers.of(self.calls.client), self.files, attachment, limit)
