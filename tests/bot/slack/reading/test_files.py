"""Files that people share, found and fetched in the local Slack."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.conversation import Attachment, ThreadKey
from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw
from bot.slack.platform import SlackPlatform
from bot.slack.reading.arrivals import Arrivals
from bot.slack.reading.files import KEPT, KnownFiles, StoredFile, download, stored_file
from bot.slack.reading.people import People
from bot.slack.wire.calls import SlackCalls
from bot.slack.wire.transfers import Transfers
from bot.slack.writing.reply import Replies
from playground.slack.directory import Channel, User
from playground.slack.downloads import Breaks, LoginPage, NeverEnds, Obstacle, RedirectTo, Stalls, Trickles
from playground.slack.faults import DOWNLOAD, Error, HttpError
from playground.slack.files import File
from playground.slack.server import SlackServer, serve_slack
from playground.slack.workspace import Workspace
from tests.doubles.slack import identity_in, unpaced_calls

INFO = "files.info"
LIMIT = 1_000


@dataclass
class Scene:
    slack: SlackServer
    calls: SlackCalls
    platform: SlackPlatform
    ada: User
    channel: Channel

    async def share(self, content: bytes = b"content", name: str = "plan.bin", **particulars: Any) -> Attachment:
        """Ada shares a file; what the thread's history says of it."""
        file = self.slack.workspace.add_file(name, content, self.ada.id, **particulars)
        return await self.attach(file)

    async def attach(self, file: File) -> Attachment:
        root = await self.slack.workspace.post_as(self.ada.id, self.channel.id, "Look", files=[file])
        thread = ThreadKey(self.slack.workspace.team_id, self.channel.id, root["ts"])
        (attachment,) = (await self.platform.history(thread)).latest.attachments
        return attachment

    async def flaw(self, attachment: Attachment, seconds: float = 60) -> Flaw:
        transfers = replace(Transfers.of(self.calls.client), seconds=seconds, pause=0.01)
        with pytest.raises(FileUnusable) as refused:
            await download(self.calls, transfers, self.platform.files, attachment, LIMIT)
        return refused.value.flaw


@asynccontextmanager
async def scene_in_slack() -> AsyncIterator[Scene]:
    workspace = Workspace(seed=1)
    ada = workspace.add_user("ada")
    channel = workspace.add_channel("general", [ada.id, workspace.bot.user_id])
    async with serve_slack(workspace, rate_limit_scale=None) as slack, unpaced_calls(slack) as calls:
        people, identity = People(calls), identity_in(workspace)
        platform = SlackPlatform(calls, people, identity, Replies(calls, identity.user_id), Arrivals())
        yield Scene(slack, calls, platform, ada, channel)
        await people.close()


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with scene_in_slack() as made:
        yield made


async def test_a_file_of_a_message_is_fetched_without_asking_what_it_is(scene: Scene) -> None:
    attachment = await scene.share(b"x" * LIMIT)
    assert attachment.size == LIMIT
    assert await scene.platform.download(attachment, LIMIT) == b"x" * LIMIT
    assert scene.slack.calls.count(INFO) == 0
    assert [each.with_token for each in scene.slack.downloads] == [True]


async def test_a_file_that_was_forgotten_is_asked_for_once(scene: Scene) -> None:
    attachment = await scene.share()
    forgetful = replace(scene.platform, files=KnownFiles())
    for _ in range(2):
        assert await forgetful.download(attachment, LIMIT) == b"content"
    assert scene.slack.calls.count(INFO) == 1


async def test_a_file_of_another_organisation_is_found_by_its_stub(scene: Scene) -> None:
    attachment = await scene.share(is_foreign=True)
    assert (attachment.name, attachment.size) == ("plan.bin", len(b"content"))
    assert await scene.platform.download(attachment, LIMIT) == b"content"
    assert scene.slack.calls.count(INFO) == 1


async def test_a_file_that_another_service_keeps_is_left_there(scene: Scene) -> None:
    assert await scene.flaw(await scene.share(external_type="gdrive")) is Flaw.EXTERNAL
    assert scene.slack.downloads == []


async def test_a_deleted_file_is_gone_however_it_is_known(scene: Scene) -> None:
    file = scene.slack.workspace.add_file("plan.bin", b"content", scene.ada.id)
    known = await scene.attach(file)
    scene.slack.workspace.delete_file(file.id)
    assert await scene.flaw(known) is Flaw.GONE
    assert await scene.flaw(await scene.attach(file)) is Flaw.GONE
    scene.platform = replace(scene.platform, files=KnownFiles())
    assert await scene.flaw(known) is Flaw.GONE


@pytest.mark.parametrize(
    ("error", "flaw"),
    [
        ("file_not_found", Flaw.NO_ACCESS),
        ("file_deleted", Flaw.GONE),
        ("missing_scope", Flaw.NO_ACCESS),
        ("access_denied", Flaw.NO_ACCESS),
        ("not_in_channel", Flaw.NO_ACCESS),
    ],
)
async def test_what_slack_does_not_tell_is_no_secret(scene: Scene, error: str, flaw: Flaw) -> None:
    scene.slack.faults.always(INFO, Error(error))
    attachment = await scene.share(is_foreign=True)
    assert attachment.name == "a shared file"
    assert await scene.flaw(attachment) is flaw


async def test_a_file_whose_declared_size_is_wrong_for_us_is_not_even_asked_for(scene: Scene) -> None:
    assert await scene.flaw(await scene.share(size=LIMIT + 1)) is Flaw.TOO_LARGE
    assert await scene.flaw(await scene.share(b"")) is Flaw.EMPTY
    assert scene.slack.downloads == []


async def test_a_file_that_is_larger_than_it_says_is_cut_off(scene: Scene) -> None:
    assert await scene.flaw(await scene.share(b"x" * (LIMIT + 1), size=5)) is Flaw.TOO_LARGE
    assert await scene.flaw(await scene.share(obstacle=NeverEnds())) is Flaw.TOO_LARGE


@pytest.mark.parametrize(
    ("obstacle", "flaw"),
    [
        (LoginPage(), Flaw.NO_ACCESS),
        (RedirectTo("https://files.slack.com.evil.test/x"), Flaw.UNREACHABLE),
        (Breaks(after=3), Flaw.UNREACHABLE),
    ],
)
async def test_what_stands_in_the_way_is_named(scene: Scene, obstacle: Obstacle, flaw: Flaw) -> None:
    assert await scene.flaw(await scene.share(obstacle=obstacle)) is flaw


async def test_a_download_that_stalls_ends_in_time(scene: Scene) -> None:
    assert await scene.flaw(await scene.share(obstacle=Stalls(after=3)), seconds=0.2) is Flaw.UNREACHABLE


async def test_a_download_that_brings_nothing_any_more_is_not_waited_for(scene: Scene) -> None:
    attachment = await scene.share(obstacle=Stalls(after=3))
    transfers = replace(Transfers.of(scene.calls.client), stall=0.1)
    async with asyncio.timeout(5):
        with pytest.raises(FileUnusable, match="unreachable") as refused:
            await download(scene.calls, transfers, scene.platform.files, attachment, LIMIT)
    assert refused.value.reason == "the download stalled"
    assert len(scene.slack.downloads) == 1


async def test_a_slow_download_has_its_time(scene: Scene) -> None:
    attachment = await scene.share(b"x" * 20, obstacle=Trickles(piece=1, pause=0.02))
    transfers = replace(Transfers.of(scene.calls.client), stall=0.3)
    assert await download(scene.calls, transfers, scene.platform.files, attachment, LIMIT) == b"x" * 20


async def test_a_missing_scope_is_a_login_page_to_us(scene: Scene) -> None:
    attachment = await scene.share()
    scene.slack.installation.scopes.discard("files:read")
    assert await scene.flaw(attachment) is Flaw.NO_ACCESS


async def test_passing_trouble_does_not_matter(scene: Scene) -> None:
    attachment = await scene.share()
    scene.slack.faults.add(DOWNLOAD, HttpError(503))
    transfers = replace(Transfers.of(scene.calls.client), pause=0.01)
    assert await download(scene.calls, transfers, scene.platform.files, attachment, LIMIT) == b"content"


async def test_nothing_that_people_wrote_is_logged(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="bot")
    for particulars in ({"obstacle": LoginPage()}, {"obstacle": RedirectTo("https://evil.test/secret")}, {}):
        attachment = await scene.share(b"secret" * 1_000, "secret.bin", size=5, **particulars)
        await scene.flaw(attachment)
    assert "secret" not in caplog.text


WHOLE = {"id": "F1", "mimetype": "image/png", "size": 3, "mode": "hosted", "url_private": "https://files.slack.com/a"}


@pytest.mark.parametrize(
    ("told", "stored"),
    [
        (WHOLE, StoredFile("https://files.slack.com/a", "image/png", 3)),
        (
            {**WHOLE, "url_private_download": "https://files.slack.com/b"},
            StoredFile("https://files.slack.com/b", "image/png", 3),
        ),
        ({**WHOLE, "size": None}, StoredFile("https://files.slack.com/a", "image/png")),
        ({**WHOLE, "size": True}, StoredFile("https://files.slack.com/a", "image/png")),
        ({**WHOLE, "mode": "external"}, StoredFile("https://files.slack.com/a", "image/png", 3, Flaw.EXTERNAL)),
        ({**WHOLE, "is_external": True}, StoredFile("https://files.slack.com/a", "image/png", 3, Flaw.EXTERNAL)),
        ({"id": "F1", "mode": "tombstone"}, StoredFile("", "", None, Flaw.GONE)),
        ({"id": "F1", "mode": "hidden_by_limit"}, StoredFile("", "", None, Flaw.HIDDEN)),
        ({"id": "F1", "file_access": "access_denied"}, StoredFile("", "", None, Flaw.NO_ACCESS)),
        ({"id": "F1", "file_access": "file_not_found"}, StoredFile("", "", None, Flaw.NO_ACCESS)),
        ({"id": "F1", "mode": "file_access", "file_access": "check_file_info"}, None),
        ({**WHOLE, "file_access": "check_file_info"}, None),
        ({**WHOLE, "url_private": ""}, None),
    ],
)
def test_a_file_object_is_read(told: dict[str, Any], stored: StoredFile | None) -> None:
    assert stored_file(told) == stored


ODD: st.SearchStrategy[Any] = st.sampled_from([None, True, -1, 5, 2.5, "", "external", [], ["F1"], {}])


@given(st.dictionaries(st.sampled_from([*WHOLE, "is_external", "file_access"]), ODD))
def test_any_file_object_is_read_without_trouble(told: dict[str, Any]) -> None:
    known = KnownFiles()
    known.see({"files": [told, "odd", None]})
    stored_file(told)


def test_a_stub_takes_nothing_away() -> None:
    known = KnownFiles()
    known.see({"files": [WHOLE]})
    known.see({"files": [{"id": "F1", "file_access": "check_file_info"}]})
    assert known.get("F1") is not None


def test_only_what_is_of_use_is_remembered_of_a_file() -> None:
    known = KnownFiles()
    known.see({"files": [{**WHOLE, "name": "a.png", "thumb_360": "https://files.slack.com/t", "user": "U1"}]})
    assert known.told("F1") == {**WHOLE, "name": "a.png"}


def test_the_file_not_seen_for_longest_is_forgotten() -> None:
    known = KnownFiles()
    for number in range(KEPT):
        known.see({"files": [{**WHOLE, "id": f"F{number}"}]})
    known.see({"files": [{**WHOLE, "id": "F0"}, {**WHOLE, "id": "FNEW"}]})
    assert known.get("F0")
    assert known.get("F1") is None
    assert known.get("FNEW")
