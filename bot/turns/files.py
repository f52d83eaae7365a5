"""Reads the files of a conversation: the newest first, within bounds, each no more often than needed."""

import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from posixpath import basename
from urllib.parse import unquote, urlsplit

from bot.domain.conversation import Attachment, AttachmentKind, Message, Turn
from bot.domain.errors import BotError, FileUnusable, ModelError
from bot.domain.files import FileContent, Flaw, Transcript, Unusable
from bot.domain.line import Line
from bot.domain.reply import StatusChange
from bot.domain.usage import Charge
from bot.ports import NO_METER, ChatPlatform, FetchPicture, FileReader, Meter, Transcribe
from bot.turns.memory import Memory
from bot.turns.picture_links import picture_links
from bot.turns.together import together

log = logging.getLogger(__name__)

MOST = {AttachmentKind.PICTURE: 10, AttachmentKind.DOCUMENT: 10, AttachmentKind.RECORDING: 3}
"""How many files of each kind one turn looks at."""

LIMITS = {AttachmentKind.PICTURE: 20_000_000, AttachmentKind.DOCUMENT: 50_000_000, AttachmentKind.RECORDING: 25_000_000}
"""The largest files, in bytes. The one for recordings is OpenAI's (facts of the transcription API)."""

LINKS_FROM = 20
"""The messages, counted from the newest, in which links to pictures are looked for."""

Show = Callable[[StatusChange], Awaitable[None]]


@dataclass(slots=True)
class Files:
    """Brings what is in the files of a turn into it. Whatever goes wrong with a file costs that file alone."""

    platform: ChatPlatform
    reader: FileReader
    fetch: FetchPicture
    transcribe: Transcribe | None
    memory: Memory
    meter: Meter = NO_METER
    line: Line = field(default_factory=lambda: Line(1))

    async def read(self, turn: Turn, show: Show) -> Turn:
        """The turn with its files; `show` tells people what is being read.

        Files of the messages that are answered are read in any case, up to MOST of a kind; earlier ones while there is
        room. Links to pictures count as files of the messages that are answered.
        """
        turn = self._with_links(turn)
        asked = {message.id for message in turn.asked}
        known: dict[str, FileContent] = {}
        wanted: list[Attachment] = []
        seen: Counter[AttachmentKind] = Counter()
        for message, attachment in _newest_first(turn):
            if attachment.id in known or attachment in wanted:
                continue
            seen[attachment.kind] += 1
            if seen[attachment.kind] > MOST[attachment.kind]:
                if message.id in asked:
                    known[attachment.id] = Unusable(attachment.name, _too_many(attachment.kind))
            elif content := self.memory.recall(attachment.id):
                known[attachment.id] = content
            elif message.id in asked or not attachment.is_link:
                wanted.append(attachment)
        if wanted:
            doing = StatusChange(_doing(wanted))
            await show(doing)
            # The first of them tells how long the line is; the others stand behind it.
            async with together() as readings:
                contents = {
                    each.id: readings.create_task(
                        self._content(each, doing, show if each is wanted[0] else None, turn.charge)
                    )
                    for each in wanted
                }
            known |= {file_id: content.result() for file_id, content in contents.items()}
        return replace(turn, files=known)

    def _with_links(self, turn: Turn) -> Turn:
        said = turn.conversation.messages
        recent = {message.id for message in (*turn.asked, *said[-LINKS_FROM:]) if not message.from_bot}
        messages = tuple(
            _linking(message, picture_links(message.text)) if message.id in recent else message for message in said
        )
        return replace(turn, conversation=replace(turn.conversation, messages=messages))

    async def _content(
        self, attachment: Attachment, doing: StatusChange, show: Show | None, charge: Charge
    ) -> FileContent:
        with self.line.spot() as spot:
            async for status in spot.statuses(doing):
                if show:
                    await show(status)
            try:
                content = await self._read(attachment, charge)
            except FileUnusable as error:
                log.info("a file of %d bytes cannot be used: %s", attachment.size, error.flaw.name.lower())
                return self._unusable(attachment, error.flaw, error.reason)
            except BotError as error:
                log.warning("a file of %d bytes cannot be read: %s: %s", attachment.size, type(error).__name__, error)
                flaw = Flaw.NOT_TRANSCRIBED if isinstance(error, ModelError) else Flaw.UNREACHABLE
                return self._unusable(attachment, flaw)
            except Exception:
                log.exception("a file of %d bytes cannot be read", attachment.size)
                return self._unusable(attachment, Flaw.BROKEN)
        self.memory.keep(attachment.id, content)
        self.meter.file(attachment.kind, "read")
        return content

    def _unusable(self, attachment: Attachment, flaw: Flaw, reason: str = "") -> Unusable:
        self.meter.file(attachment.kind, flaw.name.lower())
        return Unusable(attachment.name, reason or flaw)

    async def _read(self, attachment: Attachment, charge: Charge) -> FileContent:
        kind = attachment.kind
        if attachment.transcript:
            return Transcript(attachment.name, attachment.transcript)
        if kind is AttachmentKind.RECORDING and self.transcribe is None:
            raise FileUnusable(Flaw.UNHEARABLE)
        limit = LIMITS[kind]
        if attachment.size > limit:
            raise FileUnusable(Flaw.TOO_LARGE, f"it is larger than {limit // 1_000_000} MB")
        if attachment.is_link:
            data = await self.fetch(attachment.id)
        else:
            data = await self.platform.download(attachment, limit)
        if kind is AttachmentKind.RECORDING and self.transcribe is not None:
            return Transcript(attachment.name, await self.transcribe(attachment.name, data, charge))
        return await self.reader.read(attachment.name, data)


def _newest_first(turn: Turn) -> Iterator[tuple[Message, Attachment]]:
    for message in reversed(turn.conversation.messages):
        for attachment in message.attachments:
            yield message, attachment


def _linking(message: Message, addresses: tuple[str, ...]) -> Message:
    links = tuple(Attachment(address, _name_of(address), "image/*", 0) for address in addresses)
    return replace(message, attachments=(*message.attachments, *links))


def _name_of(address: str) -> str:
    with suppress(ValueError):
        return unquote(basename(urlsplit(address).path)) or "picture"
    return "picture"


def _too_many(kind: AttachmentKind) -> str:
    return f"I look at no more than {MOST[kind]} {kind}s at once"


def _doing(wanted: list[Attachment]) -> str:
    kinds = {attachment.kind for attachment in wanted}
    if kinds == {AttachmentKind.RECORDING}:
        return "listening"
    if kinds == {AttachmentKind.PICTURE}:
        return "looking at the picture" if len(wanted) == 1 else f"looking at {len(wanted)} pictures"
    return "reading the file" if len(wanted) == 1 else f"reading {len(wanted)} files"
