"""A chat platform in memory: the second implementation of the ChatPlatform port."""

import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from bot.domain.conversation import Attachment, Author, Conversation, Message, ThreadKey
from bot.domain.errors import AnswerStopped, FileUnusable, PlatformError
from bot.domain.files import Flaw
from bot.domain.reply import (
    Citation,
    CutReason,
    Done,
    Failed,
    FileReady,
    ImageReady,
    ReplyEvent,
    StatusChange,
    Stopped,
    TextDelta,
)
from bot.ports import ReplyRecord

BOT = Author("BOT", "ChatGPT")


@dataclass(slots=True)
class MemoryReply:
    """One reply as people see it: text and files so far, the words of the status, the note under the final text.

    Once `stopped_at` characters are shown, the platform tells that a person has stopped it.
    """

    to: Message
    id: str
    text: str = ""
    pictures: list[ImageReady] = field(default_factory=list)
    files: list[FileReady] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    status: str | None = None
    note: str | None = None
    final: bool = False
    seen: list[ReplyEvent] = field(default_factory=list)
    stopped_at: float = math.inf

    async def show(self, event: ReplyEvent) -> None:
        assert not self.final, "a reply ends once"
        if len(self.text) >= self.stopped_at and not isinstance(event, Stopped | Failed):
            raise AnswerStopped
        self.seen.append(event)
        match event:
            case StatusChange(words):
                self.status = words
            case TextDelta(piece):
                self.text += piece
            case ImageReady():
                self.pictures.append(event)
            case FileReady():
                self.files.append(event)
            case Citation():
                self.citations.append(event)
            case Done(cut=cut):
                self._end("cut short" if isinstance(cut, CutReason) else None)
            case Stopped(reason):
                self._end(f"stopped: {reason}")
            case Failed(explanation):
                self._end(explanation)

    def _end(self, note: str | None) -> None:
        self.status, self.note, self.final = None, note, True


@dataclass(slots=True)
class MemoryPlatform:
    """Threads of messages, the bytes or flaws of files by their ids, and the replies that were opened.

    `unreadable` is raised instead of a history; `downloaded` tells which files were asked for; `late` holds messages
    with files that appear once they are restored.
    """

    messages: list[Message] = field(default_factory=list)
    replies: list[MemoryReply] = field(default_factory=list)
    unreadable: PlatformError | None = None
    files: dict[str, bytes | Flaw] = field(default_factory=dict)
    downloaded: list[str] = field(default_factory=list)
    late: list[Message] = field(default_factory=list)
    whispers: list[tuple[str, str]] = field(default_factory=list)

    def write(self, message: Message) -> Message:
        self.messages.append(message)
        return message

    @asynccontextmanager
    async def open_reply(self, to: Message, record: ReplyRecord) -> AsyncIterator[MemoryReply]:
        taken_over = [message_id for message_id in record.messages if message_id not in self.files]
        reply = MemoryReply(to, taken_over[0] if taken_over else f"{to.id}-reply{len(self.replies)}", status="thinking")
        await record.add(reply.id)
        self.replies.append(reply)
        self.messages = [message for message in self.messages if message.id not in taken_over]
        try:
            yield reply
        finally:
            reply.status = None
            if reply.final:
                self.messages.append(Message(reply.id, to.thread, BOT, reply.text, to.sent_at, from_bot=True))
            made: list[ImageReady | FileReady] = [*reply.pictures, *reply.files] if reply.final else []
            for each in made:
                await self._share(each, to, record)

    async def restore(self, to: Message, record: ReplyRecord) -> bool:
        late = [message for message in self.late if any(file.id in record.messages for file in message.attachments)]
        self.messages += late
        return bool(late)

    async def history(self, thread: ThreadKey) -> Conversation:
        if self.unreadable:
            raise self.unreadable
        return Conversation(
            tuple(sorted((m for m in self.messages if m.thread == thread), key=lambda message: message.id))
        )

    async def whisper(self, message: Message, text: str, *, is_answered: bool = True) -> None:
        self.whispers.append((message.author.id, text))

    async def download(self, attachment: Attachment, limit: int) -> bytes:
        self.downloaded.append(attachment.id)
        content = self.files.get(attachment.id, Flaw.GONE)
        if isinstance(content, Flaw):
            raise FileUnusable(content)
        if not content or len(content) > limit:
            raise FileUnusable(Flaw.TOO_LARGE if content else Flaw.EMPTY)
        return content

    async def _share(self, made: ImageReady | FileReady, to: Message, record: ReplyRecord) -> None:
        file_id = f"F{len(self.files)}"
        self.files[file_id] = made.data
        await record.add(file_id)
        name, said = (made.name, "") if isinstance(made, FileReady) else (f"{file_id}.jpg", made.prompt)
        file = Attachment(file_id, name, made.media_type, len(made.data))
        ts = f"{to.id}-{file_id}"
        self.messages.append(Message(ts, to.thread, BOT, said, to.sent_at, from_bot=True, attachments=(file,)))

    def half_written(self, message_id: str, thread: ThreadKey, text: str) -> None:
        """A message that an earlier process left behind."""
        self.messages.append(Message(message_id, thread, BOT, text, 0.0, from_bot=True))

    def edit(self, message_id: str, text: str) -> None:
        self.messages = [replace(m, text=text) if m.id == message_id else m for m in self.messages]
