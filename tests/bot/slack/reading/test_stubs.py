"""Files of which the thread alone tells too little."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from bot.domain.conversation import Attachment, AttachmentKind, ThreadKey
from bot.slack.platform import SlackPlatform
from bot.slack.reading import stubs
from bot.slack.reading.arrivals import Arrivals
from bot.slack.reading.content import files_in
from bot.slack.reading.files import KnownFiles
from bot.slack.reading.people import People
from bot.slack.writing.reply import Replies
from playground.slack.directory import Channel, User
from playground.slack.faults import Error, Silence
from playground.slack.files import File
from playground.slack.server import SlackServer, serve_slack
from playground.slack.workspace import Workspace
from tests.doubles.clock import StillClock
from tests.doubles.slack import identity_in, unpaced_calls
from tests.doubles.until import until

INFO = "files.info"


@dataclass
class Scene:
    slack: SlackServer
    platform: SlackPlatform
    ada: User
    channel: Channel
    clock: StillClock
    root: str = ""
    files: list[File] = field(default_factory=list)

    async def share(self, *names: str, foreign: bool = True) -> None:
        """Ada shares files of another organisation in one message."""
        workspace = self.slack.workspace
        files = [workspace.add_file(name, b"content", self.ada.id, is_foreign=foreign) for name in names]
        root = self.root or None
        said = await workspace.post_as(self.ada.id, self.channel.id, "Look", thread_ts=root, files=files)
        self.root = self.root or said["ts"]
        self.files += files

    async def attachments(self) -> list[Attachment]:
        thread = ThreadKey(self.slack.workspace.team_id, self.channel.id, self.root)
        messages = (await self.platform.history(thread)).messages
        return [attachment for message in messages for attachment in message.attachments]

    @property
    def asked(self) -> list[str]:
        """The ids of the files of which Slack was asked."""
        return [call.arguments["file"] for call in self.slack.calls.of(INFO)]


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    workspace, clock = Workspace(seed=1), StillClock()
    ada = workspace.add_user("ada")
    channel = workspace.add_channel("general", [ada.id, workspace.bot.user_id])
    async with serve_slack(workspace, rate_limit_scale=None) as slack, unpaced_calls(slack) as calls:
        people, identity = People(calls), identity_in(workspace)
        replies = Replies(calls, identity.user_id)
        platform = SlackPlatform(calls, people, identity, replies, Arrivals(), KnownFiles(clock))
        yield Scene(slack, platform, ada, channel, clock)
        await people.close()


async def test_a_stub_gets_its_name_and_its_kind_and_is_asked_for_once(scene: Scene) -> None:
    await scene.share("cat.png", "talk.mp3")
    first, second = await scene.attachments(), await scene.attachments()
    assert [(each.name, each.kind) for each in first] == [
        ("cat.png", AttachmentKind.PICTURE),
        ("talk.mp3", AttachmentKind.RECORDING),
    ]
    assert first == second
    assert sorted(scene.asked) == sorted(file.id for file in scene.files)
    assert await scene.platform.download(first[0], 100) == b"content"
    assert len(scene.asked) == 2, "and it is known where it is"


async def test_a_file_that_tells_all_of_itself_is_not_asked_for(scene: Scene) -> None:
    await scene.share("cat.png", foreign=False)
    assert [each.name for each in await scene.attachments()] == ["cat.png"]
    assert scene.asked == []


@pytest.mark.parametrize("lacking", ["mimetype", "name"])
async def test_an_upload_that_lacks_its_kind_or_its_name_is_asked_for(scene: Scene, lacking: str) -> None:
    await scene.share("cat.png", foreign=False)
    (file,) = scene.files
    fresh = {**file.in_message("T1"), "title": "", lacking: ""}
    known = KnownFiles(scene.clock)
    (message,) = await stubs.completed(scene.platform.calls, known, [{"text": "Look", "files": [fresh]}])
    assert message["text"] == "Look"
    assert [(each["name"], each["mimetype"]) for each in message["files"]] == [("cat.png", "image/png")]
    assert scene.asked == [file.id]


async def test_a_stub_of_a_message_that_is_shared_along_is_asked_for(scene: Scene) -> None:
    await scene.share("cat.png")
    (file,) = scene.files
    stub = {"id": file.id, "mode": "file_access", "file_access": "check_file_info"}
    forwarded = {"ts": "1.2", "text": "What is this?", "attachments": [{"is_share": True, "files": [stub]}]}
    (message,) = await stubs.completed(scene.platform.calls, KnownFiles(scene.clock), [forwarded])
    assert [each["name"] for each in files_in(message)] == ["cat.png"]


async def test_a_stub_of_which_slack_tells_nothing_is_a_shared_file_and_asked_for_again_only_later(
    scene: Scene,
) -> None:
    await scene.share("secret.png")
    scene.slack.faults.add(INFO, Error("file_not_found"))
    for _ in range(2):
        assert [each.name for each in await scene.attachments()] == ["a shared file"]
    assert len(scene.asked) == 1
    scene.clock.now += 301
    assert [each.name for each in await scene.attachments()] == ["secret.png"]


async def test_a_deleted_file_is_named_so_and_not_asked_for(scene: Scene) -> None:
    await scene.share("plan.pdf")
    scene.slack.workspace.delete_file(scene.files[0].id)
    assert [each.name for each in await scene.attachments()] == ["a deleted file"]
    assert scene.asked == []


async def test_a_thread_is_read_although_slack_does_not_tell_of_its_files_in_time(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stubs, "_PATIENCE", 0.1)
    scene.slack.faults.always(INFO, Silence())
    await scene.share("cat.png")
    async with asyncio.timeout(5):
        assert [each.name for each in await scene.attachments()] == ["a shared file"]
    scene.slack.faults.clear()
    assert [each.name for each in await scene.attachments()] == ["cat.png"], "nobody has said no"


async def test_of_many_stubs_the_newest_come_first_ten_at_a_time(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stubs, "_PATIENCE", 0.5)
    for number in range(12):
        await scene.share(f"{number}.png")
    scene.slack.faults.always(INFO, Silence())
    reading = asyncio.create_task(scene.attachments())
    await until(lambda: len(scene.asked) == 10)
    await reading
    assert set(scene.asked) == {file.id for file in scene.files[2:]}


async def test_a_thread_full_of_stubs_does_not_use_up_what_slack_allows(scene: Scene) -> None:
    await scene.share(*[f"{number}.png" for number in range(40)])
    names = [each.name for each in await scene.attachments()]
    assert len(scene.asked) == 30
    assert names.count("a shared file") == 10
