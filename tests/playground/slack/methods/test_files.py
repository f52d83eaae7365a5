"""Files: uploads in three steps, downloads with a token, and what is refused."""

from typing import Any

import pytest

from playground.slack.installation import BOT_TOKEN
from tests.playground.slack.scene import Scene

HEADERS = {"Authorization": f"Bearer {BOT_TOKEN}"}


async def test_an_upload_is_shared_in_its_thread_and_can_be_read_again(scene: Scene) -> None:
    root = await scene.ask()
    await scene.client.files_upload_v2(
        channel=scene.dm.id, thread_ts=root, content=b"a,b\n1,2\n", filename="table.csv", alt_txt="A table"
    )
    _, message = scene.workspace.thread(scene.dm.id, root)
    (file,) = message["files"]
    assert (message["subtype"], file["name"], file["mimetype"], file["alt_txt"]) == (
        "file_share",
        "table.csv",
        "text/csv",
        "A table",
    )
    async with scene.http.get(file["url_private_download"], headers=HEADERS) as response:
        assert await response.read() == b"a,b\n1,2\n"
    shown = (await scene.client.files_info(file=file["id"]))["file"]
    assert (shown["size"], shown["channels"]) == (8, [scene.dm.id])
    await scene.client.files_delete(file=file["id"])
    assert (await scene.call("files.delete", file=file["id"]))["error"] == "file_not_found"


@pytest.mark.parametrize("trouble", ["no token", "wrong token", "no scope"])
async def test_without_the_right_a_download_is_a_login_page(scene: Scene, trouble: str) -> None:
    file = scene.workspace.add_file("plan.pdf", b"%PDF", scene.ann.id)
    headers = {"no token": {}, "wrong token": {"Authorization": "Bearer xoxb-wrong"}, "no scope": HEADERS}[trouble]
    if trouble == "no scope":
        scene.slack.installation.scopes.discard("files:read")
    async with scene.http.get(file.as_json(scene.workspace.team_id)["url_private"], headers=headers) as response:
        assert (response.status, response.content_type) == (200, "text/html")
        assert b"%PDF" not in await response.read()


async def test_a_file_chosen_before_the_server_started_has_its_address(scene: Scene) -> None:
    file = scene.workspace.add_file("plan.pdf", b"%PDF", scene.ann.id)
    assert file.as_json(scene.workspace.team_id)["url_private"].startswith(scene.slack.site)


async def test_bytes_of_another_length_are_not_taken(scene: Scene) -> None:
    answer = await scene.client.files_getUploadURLExternal(filename="a.txt", length=3)
    async with scene.http.post(answer["upload_url"], data=b"four") as response:
        assert response.status == 400
    completed = await scene.call("files.completeUploadExternal", files=[{"id": answer["file_id"]}])
    assert completed["error"] == "file_not_found"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"filename": "a.txt", "length": 0}, "missing_argument"),
        ({"filename": "a.txt"}, "missing_argument"),
        ({"filename": "a.txt", "length": 3, "alt_txt": "x" * 1001}, "alt_txt_too_large"),
    ],
)
async def test_a_wrong_announcement_is_refused(scene: Scene, arguments: dict[str, Any], error: str) -> None:
    url = f"{scene.slack.api_url}files.getUploadURLExternal"
    async with scene.http.post(url, data=arguments, headers=HEADERS) as response:
        assert (await response.json())["error"] == error


async def test_only_own_files_can_be_deleted(scene: Scene) -> None:
    file = scene.workspace.add_file("plan.pdf", b"%PDF", scene.ann.id)
    assert (await scene.call("files.delete", file=file.id))["error"] == "cant_delete_file"
