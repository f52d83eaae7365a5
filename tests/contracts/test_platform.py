"""What every chat platform promises: threads and files can be read; a reply shows, grows, ends once, is taken over."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest

from bot.domain.conversation import Attachment, Message, ThreadKey
from bot.domain.errors import FileUnusable
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
    StopReason,
    TextDelta,
)
from bot.ports import ChatPlatform
from bot.slack.platform import SlackPlatform
from bot.slack.reading.arrivals import Arrivals
from bot.slack.reading.people import People
from bot.slack.writing.reply import Replies
from playground.slack.server import serve_slack
from playground.slack.workspace import Workspace
from tests.doubles.lease import MemoryRecord
from tests.doubles.messages import THREAD, person_writes
from tests.doubles.platform import MemoryPlatform
from tests.doubles.slack import identity_in, unpaced_calls


@dataclass
class Room:
    """A platform with one thread in it.

    `write` adds a message of a person to that thread, `share` one with a file of these bytes. `whispers` tells who was
    told something privately, by id, and what.
    """

    platform: ChatPlatform
    thread: ThreadKey
    write: Callable[[str], Awaitable[None]]
    share: Callable[[bytes], Awaitable[None]]
    whispers: Callable[[], list[tuple[str, str]]]
    record: MemoryRecord = field(default_factory=MemoryRecord)

    async def messages(self) -> list[Message]:
        return list((await self.platform.history(self.thread)).messages)

    async def newest_file(self) -> Attachment:
        return [file for message in await self.messages() for file in message.attachments][-1]

    async def said_by_bot(self) -> list[str]:
        return [message.text for message in await self.messages() if message.from_bot and message.text]

    async def reply(self, *events: ReplyEvent) -> None:
        """A whole reply to the newest message, under a record of its own."""
        self.record = MemoryRecord()
        await self.go_on(*events)

    async def go_on(self, *events: ReplyEvent) -> None:
        """The same under the record of the reply before."""
        question = [message for message in await self.messages() if not message.from_bot][-1]
        async with self.platform.open_reply(question, self.record) as reply:
            for event in events:
                await reply.show(event)


@asynccontextmanager
async def memory_room() -> AsyncIterator[Room]:
    platform = MemoryPlatform()

    async def write(text: str) -> None:
        platform.write(person_writes(len(platform.messages) * 10 + 1, text))

    async def share(content: bytes) -> None:
        message = person_writes(len(platform.messages) * 10 + 1, "Look")
        file = Attachment(f"F{message.id}", "file.bin", "application/octet-stream", len(content))
        platform.files[file.id] = content
        platform.write(replace(message, attachments=(file,)))

    await write("Hello")
    yield Room(platform, THREAD, write, share, lambda: platform.whispers)


@asynccontextmanager
async def slack_room() -> AsyncIterator[Room]:
    workspace = Workspace(seed=1)
    ann = workspace.add_user("Ann")
    channel = workspace.open_dm(ann.id)
    root = await workspace.post_as(ann.id, channel.id, "Hello")

    async def write(text: str) -> None:
        await workspace.post_as(ann.id, channel.id, text, thread_ts=root["ts"])

    async def share(content: bytes) -> None:
        file = workspace.add_file("file.bin", content, ann.id)
        await workspace.post_as(ann.id, channel.id, "Look", thread_ts=root["ts"], files=[file])

    async with serve_slack(workspace, rate_limit_scale=None) as slack, unpaced_calls(slack) as calls:
        people, identity = People(calls), identity_in(workspace)
        platform = SlackPlatform(calls, people, identity, Replies(calls, identity.user_id), Arrivals())
        thread = ThreadKey(workspace.team_id, channel.id, root["ts"])
        private = workspace.ephemerals
        yield Room(platform, thread, write, share, lambda: [(said["shown_to"], said["text"]) for said in private])
        await people.close()


@pytest.fixture(params=[memory_room, slack_room], ids=["memory", "slack"])
async def room(request: pytest.FixtureRequest) -> AsyncIterator[Room]:
    async with request.param() as room:
        yield room


async def test_a_thread_is_read_oldest_first_with_names_and_without_the_bot(room: Room) -> None:
    await room.write("Are you there?")
    messages = await room.messages()
    assert [(message.author.name, message.text) for message in messages] == [
        ("Ann", "Hello"),
        ("Ann", "Are you there?"),
    ]
    assert [message.is_root for message in messages] == [True, False]
    assert sorted(message.id for message in messages) == [message.id for message in messages]


async def test_a_reply_is_part_of_the_thread_and_marked_as_the_bots(room: Room) -> None:
    await room.reply(StatusChange("thinking"), TextDelta("Hello "), TextDelta("Ann"), Done())
    assert await room.said_by_bot() == ["Hello Ann"]


@pytest.mark.parametrize(
    "end",
    [Done(cut=CutReason.LENGTH), Done(cut=CutReason.FILTER), Stopped(StopReason.PERSON), Failed("It is broken.")],
    ids=lambda end: type(end).__name__,
)
async def test_a_note_at_the_end_is_no_part_of_what_was_said(room: Room, end: ReplyEvent) -> None:
    await room.reply(TextDelta("Half an answer"), end)
    assert await room.said_by_bot() == ["Half an answer"]


async def test_a_reply_without_text_leaves_nothing_that_was_said(room: Room) -> None:
    await room.reply(Failed("It is broken."))
    assert await room.said_by_bot() == []


async def test_every_message_of_a_reply_is_recorded(room: Room) -> None:
    await room.reply(TextDelta("Hello"), Done())
    own = [message.id for message in await room.messages() if message.from_bot]
    assert own
    assert set(own) <= set(room.record.messages)


async def test_a_reply_that_goes_on_after_an_interruption_replaces_what_was_there(room: Room) -> None:
    await room.reply(TextDelta("Half"))
    await room.go_on(TextDelta("The whole answer"), Done())
    assert await room.said_by_bot() == ["The whole answer"]


async def test_a_thread_that_does_not_exist_is_empty(room: Room) -> None:
    nowhere = ThreadKey(room.thread.workspace, room.thread.channel, "1500000000.000000")
    assert (await room.platform.history(nowhere)).messages == ()


PICTURE = ImageReady(b"\x89PNG a cat", "image/png", "A cat")


async def test_a_picture_is_shown_when_the_reply_ends_and_belongs_to_it(room: Room) -> None:
    question = (await room.messages())[-1]
    async with room.platform.open_reply(question, room.record) as reply:
        await reply.show(TextDelta("Here it is."))
        await reply.show(PICTURE)
        await reply.show(Done())
    said = [message for message in await room.messages() if message.from_bot]
    assert sorted(message.text for message in said) == ["A cat", "Here it is."]
    file = await room.newest_file()
    assert (file.media_type, file.size) == ("image/png", len(PICTURE.data))
    assert file.id in room.record.messages
    assert await room.platform.download(file, 1_000) == PICTURE.data


async def test_a_picture_stays_when_another_attempt_goes_on(room: Room) -> None:
    await room.reply(PICTURE, Done())
    await room.go_on(TextDelta("There it is."), Done())
    assert sorted(await room.said_by_bot()) == ["A cat", "There it is."]


async def test_a_file_that_code_has_made_comes_under_its_name_without_a_word(room: Room) -> None:
    await room.reply(FileReady("figures.csv", b"month,visits", "text/csv"), Done())
    file = await room.newest_file()
    assert (file.name, file.size) == ("figures.csv", 12)
    assert file.id in room.record.messages
    assert await room.said_by_bot() == []


async def test_a_file_is_read_up_to_the_limit(room: Room) -> None:
    await room.share(b"x" * 100)
    file = await room.newest_file()
    assert await room.platform.download(file, 100) == b"x" * 100
    with pytest.raises(FileUnusable) as refused:
        await room.platform.download(file, 99)
    assert refused.value.flaw is Flaw.TOO_LARGE


async def test_a_file_that_cannot_be_had_says_why(room: Room) -> None:
    with pytest.raises(FileUnusable) as refused:
        await room.platform.download(Attachment("F0NOWHERE", "file.bin", "text/plain", 5), 100)
    assert refused.value.flaw is Flaw.GONE
    await room.share(b"")
    with pytest.raises(FileUnusable) as refused:
        await room.platform.download(await room.newest_file(), 100)
    assert refused.value.flaw is Flaw.EMPTY


async def test_a_whisper_reaches_its_person_and_is_no_part_of_the_thread(room: Room) -> None:
    before = await room.messages()
    await room.platform.whisper(before[-1], "Only for you.")
    assert room.whispers() == [(before[-1].author.id, "Only for you.")]
    assert await room.messages() == before


CITED = (Citation("https://rain.example", "Rain"), Citation("https://snow.example", "Snow"))


async def test_sources_are_no_part_of_what_was_said(room: Room) -> None:
    await room.reply(TextDelta("It rains."), *CITED, Done(model="gpt-6.1-terra"))
    assert await room.said_by_bot() == ["It rains."]
