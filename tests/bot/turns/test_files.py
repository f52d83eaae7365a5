"""Which files of a conversation are read, and what becomes of those that cannot be."""

import asyncio
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

import pytest

from bot.domain.conversation import Attachment, Conversation, Message, Turn
from bot.domain.errors import FileUnusable, LeaseLost, ModelBusy, PlatformUnavailable
from bot.domain.files import Document, FileContent, Flaw, Picture, Section, Transcript, Unit, Unusable
from bot.domain.line import Line
from bot.domain.reply import StatusChange
from bot.domain.settings import Settings
from bot.domain.usage import Charge, Unfinished, Usage
from bot.turns.files import Files
from bot.turns.memory import Memory
from tests.doubles.messages import person_writes
from tests.doubles.meter import MemoryMeter
from tests.doubles.platform import MemoryPlatform
from tests.doubles.until import until

AT_ONCE = 3


@dataclass
class Shelf(MemoryPlatform):
    """A platform that has files."""

    contents: dict[str, bytes | Exception] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    async def download(self, attachment: Attachment, limit: int) -> bytes:
        self.asked.append(attachment.id)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        content = self.contents.get(attachment.id, attachment.id.encode())
        if isinstance(content, Exception):
            raise content
        return content


class Reader:
    """Takes what begins with "picture" for a picture, and stumbles over what begins with "bad"."""

    async def read(self, name: str, content: bytes) -> Picture | Document:
        if content.startswith(b"bad"):
            raise FileUnusable(Flaw.BROKEN)
        if content.startswith(b"worse"):
            raise ZeroDivisionError
        if content.startswith(b"picture"):
            return Picture(name, "image/png", content, 1, 1)
        return Document(name, "text", Unit.PART, 1, (Section(1, content.decode()),))


@dataclass
class Desk:
    shelf: Shelf = field(default_factory=Shelf)
    room: int = 1_000_000
    hears: bool = True
    shown: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    meter: MemoryMeter = field(default_factory=MemoryMeter)
    paid: list[tuple[str, Usage | Unfinished]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.files = Files(
            self.shelf,
            Reader(),
            self.fetch,
            self.transcribe if self.hears else None,
            Memory(self.room),
            self.meter,
            Line(AT_ONCE),
        )

    async def fetch(self, address: str) -> bytes:
        self.fetched.append(address)
        return b"picture at a link"

    async def transcribe(self, name: str, content: bytes, charge: Charge) -> str:
        charge("hearer", Usage(seconds=9.0))
        if content == b"mumble":
            raise ModelBusy("busy")
        return f"heard {content.decode()}"

    async def show(self, status: StatusChange) -> None:
        self.shown.append(status.text)

    async def read(self, *messages: Message, questions: tuple[str, ...] = ()) -> Turn:
        turn = Turn(
            Conversation(messages), Settings(), questions, charge=lambda model, usage: self.paid.append((model, usage))
        )
        return await self.files.read(turn, self.show)

    async def contents(self, *messages: Message) -> dict[str, FileContent]:
        return dict((await self.read(*messages)).files)


def file(file_id: str, media_type: str = "application/pdf", size: int = 10, transcript: str = "") -> Attachment:
    return Attachment(file_id, f"{file_id}.x", media_type, size, transcript)


def sharing(message: Message, *files: Attachment) -> Message:
    return replace(message, attachments=files)


async def test_files_are_what_their_content_says() -> None:
    contents = await Desk().contents(sharing(person_writes(1, "Hi"), file("F1"), file("picture", "image/png")))
    assert [type(content) for content in contents.values()] == [Document, Picture]


async def test_a_file_that_cannot_be_used_costs_itself_alone() -> None:
    desk = Desk()
    desk.shelf.contents = {"F2": FileUnusable(Flaw.NO_ACCESS), "F3": PlatformUnavailable("gone")}
    contents = await desk.contents(
        sharing(person_writes(1, "Hi"), file("F1"), file("F2"), file("F3"), file("bad"), file("worse"))
    )
    assert isinstance(contents["F1"], Document)
    assert {name: content.reason for name, content in contents.items() if isinstance(content, Unusable)} == {
        "F2": Flaw.NO_ACCESS,
        "F3": Flaw.UNREACHABLE,
        "bad": Flaw.BROKEN,
        "worse": Flaw.BROKEN,
    }
    assert sorted(desk.meter.files) == [
        ("document", "broken"),
        ("document", "broken"),
        ("document", "no_access"),
        ("document", "read"),
        ("document", "unreachable"),
    ]


async def test_what_is_declared_too_large_is_not_downloaded() -> None:
    desk = Desk()
    contents = await desk.contents(sharing(person_writes(1, "Hi"), file("F1", size=2_000_000_000)))
    assert contents["F1"] == Unusable("F1.x", "it is larger than 50 MB")
    assert desk.shelf.asked == []


async def test_what_was_read_is_remembered() -> None:
    desk = Desk()
    message = sharing(person_writes(1, "Hi"), file("F1"))
    first, second = await desk.contents(message), await desk.contents(message)
    assert first == second
    assert desk.shelf.asked == ["F1"]
    assert desk.shown == ["reading the file"]


async def test_what_could_not_be_used_is_tried_again() -> None:
    desk = Desk()
    desk.shelf.contents = {"F1": FileUnusable(Flaw.BUSY)}
    message = sharing(person_writes(1, "Hi"), file("F1"))
    await desk.contents(message)
    desk.shelf.contents = {}
    assert isinstance((await desk.contents(message))["F1"], Document)


async def test_the_newest_files_come_first_and_old_ones_drop_out_of_reach() -> None:
    desk = Desk()
    old = [sharing(person_writes(number, "Hi"), file(f"picture {number}", "image/png")) for number in range(1, 13)]
    contents = await desk.contents(*old)
    assert list(contents) == [f"picture {number}" for number in range(12, 2, -1)]


async def test_too_many_files_in_one_message_are_named() -> None:
    many = [file(f"picture {number}", "image/png") for number in range(1, 13)]
    contents = await Desk().contents(sharing(person_writes(1, "Hi"), *many))
    assert [name for name, content in contents.items() if isinstance(content, Unusable)] == ["picture 11", "picture 12"]
    assert contents["picture 11"] == Unusable("picture 11.x", "I look at no more than 10 pictures at once")


async def test_only_a_few_files_are_under_way_at_the_same_time() -> None:
    desk = Desk()
    await desk.contents(sharing(person_writes(1, "Hi"), *(file(f"F{number}") for number in range(8))))
    assert 1 < desk.shelf.most_at_once <= AT_ONCE


async def test_who_waits_for_others_files_is_told_so() -> None:
    desk = Desk()
    with ExitStack() as others:
        ahead = [others.enter_context(desk.files.line.spot()) for _ in range(AT_ONCE + 1)]
        reading = asyncio.create_task(desk.contents(sharing(person_writes(1, "Hi"), file("F1"), file("F2"))))
        await until(lambda: len(desk.shown) == 2)
        for spot in ahead:
            desk.files.line.leave(spot)
            await asyncio.sleep(0)
        await reading
    line = ("waiting: you are number 2 in line", "waiting: you are number 1 in line")
    assert desk.shown == ["reading 2 files", *line, "reading 2 files"]


async def test_who_may_show_nothing_any_more_leaves_nobody_reading() -> None:
    class Lost(Desk):
        async def show(self, status: StatusChange) -> None:
            await Desk.show(self, status)
            if status.waiting:
                raise LeaseLost

    desk = Lost()
    with ExitStack() as others:
        for _ in range(AT_ONCE):
            others.enter_context(desk.files.line.spot())
        with pytest.raises(LeaseLost):
            await desk.contents(sharing(person_writes(1, "Hi"), file("F1"), file("F2"), file("F3")))
        assert asyncio.all_tasks() == {asyncio.current_task()}
        assert desk.files.line.waiting == 0


async def test_a_recording_is_transcribed_unless_the_platform_has_done_so() -> None:
    desk = Desk()
    contents = await desk.contents(
        sharing(person_writes(1, ""), file("F1", "audio/mp4"), file("F2", "audio/mp4", transcript="Good morning"))
    )
    assert contents == {"F1": Transcript("F1.x", "heard F1"), "F2": Transcript("F2.x", "Good morning")}
    assert desk.shelf.asked == ["F1"]
    assert desk.shown == ["listening"]
    assert desk.paid == [("hearer", Usage(seconds=9.0))]


async def test_a_recording_that_cannot_be_transcribed_says_so() -> None:
    deaf = await Desk(hears=False).contents(sharing(person_writes(1, ""), file("F1", "audio/mp4")))
    assert deaf == {"F1": Unusable("F1.x", Flaw.UNHEARABLE)}
    desk = Desk()
    desk.shelf.contents = {"F1": b"mumble"}
    busy = await desk.contents(sharing(person_writes(1, ""), file("F1", "audio/mp4")))
    assert busy == {"F1": Unusable("F1.x", Flaw.NOT_TRANSCRIBED)}


async def test_a_link_to_a_picture_is_followed_for_the_messages_that_are_answered() -> None:
    desk = Desk()
    before, asked = person_writes(1, "Old https://x.test/a.png"), person_writes(2, "New https://x.test/b%20c.png")
    turn = await desk.read(before, asked)
    assert desk.fetched == ["https://x.test/b%20c.png"]
    (content,) = turn.files.values()
    assert content.name == "b c.png"
    assert turn.message.attachments[0].is_link


async def test_files_of_all_messages_that_are_answered_together_are_read() -> None:
    first, second = person_writes(1, "https://x.test/a.png"), person_writes(2, "https://x.test/b.png")
    desk = Desk()
    await desk.read(first, second, questions=(first.id, second.id))
    assert desk.fetched == ["https://x.test/b.png", "https://x.test/a.png"]
