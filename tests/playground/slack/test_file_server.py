"""Downloads, and what can stand in their way."""

import asyncio
from typing import Any

import aiohttp
import pytest

from playground.slack.downloads import (
    Breaks,
    Download,
    LoginPage,
    NeverEnds,
    Obstacle,
    RedirectTo,
    Stalls,
    Trickles,
)
from playground.slack.faults import DOWNLOAD, HttpError
from playground.slack.files import File
from playground.slack.installation import BOT_TOKEN
from playground.slack.server import serve_slack
from playground.slack.workspace import Workspace
from tests.playground.slack.scene import Scene
from tests.playground.slack.test_pictures import picture

HEADERS = {"Authorization": f"Bearer {BOT_TOKEN}"}


def add(scene: Scene, obstacle: Obstacle | None = None, content: bytes = b"0123456789", **particulars: Any) -> File:
    more: dict[str, Any] = {"obstacle": obstacle} if obstacle else {}
    return scene.workspace.add_file("digits.txt", content, scene.ann.id, **more, **particulars)


def address(scene: Scene, file: File) -> str:
    return str(file.as_json(scene.workspace.team_id)["url_private_download"])


async def test_every_download_is_remembered(scene: Scene) -> None:
    url = address(scene, add(scene))
    for headers in ({}, HEADERS):
        async with scene.http.get(url, headers=headers):
            pass
    path = url.removeprefix(scene.slack.site)
    assert scene.slack.downloads == [Download(path, 200, False), Download(path, 200, True)]


async def test_a_thumbnail_is_a_download_too(scene: Scene) -> None:
    content = picture("PNG", 20, 10)
    file = scene.workspace.add_file("a b.png", content, scene.ann.id)
    async with scene.http.get(file.as_json(scene.workspace.team_id)["thumb_360"], headers=HEADERS) as response:
        assert (await response.read(), response.content_type) == (content, "image/png")


async def test_a_login_page_may_come_although_the_token_is_right(scene: Scene) -> None:
    async with scene.http.get(address(scene, add(scene, LoginPage())), headers=HEADERS) as response:
        assert (response.status, response.content_type) == (200, "text/html")


async def test_deleted_and_external_files_cannot_be_fetched(scene: Scene) -> None:
    file = add(scene)
    url = address(scene, file)
    scene.workspace.delete_file(file.id)
    elsewhere = url.replace(file.id, add(scene, external_type="gdrive").id)
    for each in (url, elsewhere):
        async with scene.http.get(each, headers=HEADERS) as response:
            assert response.status == 404


async def test_another_host_sees_whether_the_token_follows_a_redirect(scene: Scene) -> None:
    async with serve_slack(Workspace()) as other:
        file = add(scene, RedirectTo(f"{other.site}/files/T0-F0/digits.txt"))
        async with scene.http.get(address(scene, file), headers=HEADERS):
            pass
        (first,), (second,) = scene.slack.downloads, other.downloads
        assert (first.status, first.with_token) == (302, True)
        assert (second.path, second.with_token) == ("/files/T0-F0/digits.txt", False)


async def test_a_download_stalls(scene: Scene) -> None:
    async with scene.http.get(address(scene, add(scene, Stalls(4))), headers=HEADERS) as response:
        assert await response.content.readexactly(4) == b"0123"
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await response.content.read(1)


async def test_a_download_breaks_in_the_middle(scene: Scene) -> None:
    with pytest.raises(aiohttp.ClientError):
        async with scene.http.get(address(scene, add(scene, Breaks(4))), headers=HEADERS) as response:
            await response.read()


async def test_a_slow_download_is_complete_in_the_end(scene: Scene) -> None:
    async with scene.http.get(address(scene, add(scene, Trickles(3, 0.001))), headers=HEADERS) as response:
        assert await response.read() == b"0123456789"


@pytest.mark.parametrize("content", [b"0123456789", b""])
async def test_a_download_that_never_ends_goes_on_until_one_hangs_up(scene: Scene, content: bytes) -> None:
    async with scene.http.get(address(scene, add(scene, NeverEnds(), content)), headers=HEADERS) as response:
        assert response.content_length is None
        assert len(await response.content.readexactly(1_000_000)) == 1_000_000


async def test_faults_meet_downloads(scene: Scene) -> None:
    url = address(scene, add(scene))
    scene.slack.faults.add(DOWNLOAD, HttpError(503))
    for expected in (503, 200):
        async with scene.http.get(url, headers=HEADERS) as response:
            assert response.status == expected
    assert [download.status for download in scene.slack.downloads] == [503, 200]
