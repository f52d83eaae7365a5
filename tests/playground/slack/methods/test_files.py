"""Files: uploads in three steps, downloads with a token, and what is refused."""

from typing import Any

import aiohttp
import pytest

from playground.slack.directory import Json
from playground.slack.faults import UPLOAD, Error, HttpError, Reset
from playground.slack.installation import BOT_TOKEN
from tests.playground.slack.scene import Scene, open_scene

HEADERS = {"Authorization": f"Bearer {BOT_TOKEN}"}


async def upload(scene: Scene, name: str = "a.txt", content: bytes = b"abc", **announced: Any) -> str:
    """The first two of the three steps; returns the file's id."""
    answer = await scene.client.files_getUploadURLExternal(filename=name, length=len(content), **announced)
    async with scene.http.post(answer["upload_url"], data=content) as response:
        assert response.status == 200
    return str(answer["file_id"])


async def complete(scene: Scene, *ids: str, **arguments: Any) -> Json:
    return await scene.call("files.completeUploadExternal", files=[{"id": each} for each in ids], **arguments)


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
    assert (shown["size"], shown["channels"], shown["ims"]) == (8, [], [scene.dm.id])
    await scene.client.files_delete(file=file["id"])
    assert (await scene.call("files.delete", file=file["id"]))["error"] == "file_deleted"


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


# Completing


async def test_two_files_come_with_one_message_and_their_comment(scene: Scene) -> None:
    first, second = await upload(scene), await upload(scene, "b.txt", alt_txt="The second")
    files = [{"id": first, "title": "First"}, {"id": second}]
    await scene.call(
        "files.completeUploadExternal", files=files, channel_id=scene.general.id, initial_comment="Both of them"
    )
    (message,) = scene.workspace.messages(scene.general.id)
    assert (message["text"], message["user"]) == ("Both of them", scene.bot)
    assert [file["title"] for file in message["files"]] == ["First", "b.txt"]
    assert message["files"][1]["alt_txt"] == "The second"


async def test_shares_tell_where_the_file_is(scene: Scene) -> None:
    root = await scene.ask()
    file_id = await upload(scene)
    assert (await complete(scene, file_id, channel_id=scene.dm.id, thread_ts=root))["ok"]
    _, reply = scene.workspace.thread(scene.dm.id, root)
    shown = (await scene.client.files_info(file=file_id))["file"]
    (share,) = shown["shares"]["private"][scene.dm.id]
    assert (share["ts"], share["thread_ts"]) == (reply["ts"], root)
    assert not shown["is_public"]
    other = await upload(scene)
    await complete(scene, other, channel_id=scene.general.id)
    shown = (await scene.client.files_info(file=other))["file"]
    assert list(shown["shares"]) == ["public"]
    assert (shown["channels"], shown["is_public"]) == ([scene.general.id], True)


async def test_a_message_that_gets_a_file_later_counts_as_a_share(scene: Scene) -> None:
    file_id = await upload(scene)
    assert (await complete(scene, file_id))["files"][0]["shares"] == {}
    posted = await scene.client.chat_postMessage(channel=scene.general.id, text="wait")
    await scene.client.chat_update(channel=scene.general.id, ts=posted["ts"], text="here", file_ids=[file_id])
    assert scene.stored(posted["ts"], scene.general)["files"][0]["id"] == file_id
    shown = (await scene.client.files_info(file=file_id))["file"]
    assert shown["shares"]["public"][scene.general.id][0]["ts"] == posted["ts"]
    update = {"channel": scene.general.id, "ts": posted["ts"], "text": "here"}
    assert (await scene.call("chat.update", **update, file_ids=[file_id]))["ok"]
    assert (await scene.call("chat.update", **update, file_ids=["F0UNKNOWN"]))["error"] == "file_not_found"
    assert (await scene.call("chat.update", **update, file_ids=[1]))["error"] == "invalid_arguments"


async def test_sharing_may_come_after_the_answer() -> None:
    async with open_scene(sharing_delay=0.05) as scene:
        file_id = await upload(scene)
        answer = await complete(scene, file_id, channel_id=scene.general.id)
        assert (answer["files"][0]["mimetype"], answer["files"][0]["shares"]) == ("", {})
        assert scene.workspace.messages(scene.general.id) == []
        assert (await scene.client.files_info(file=file_id))["file"]["mimetype"] == ""
        (message,) = await scene.workspace.wait_for(lambda: scene.workspace.messages(scene.general.id))
        assert message["files"][0]["mimetype"] == "text/plain"
        shown = (await scene.client.files_info(file=file_id))["file"]
        assert shown["shares"]["public"][scene.general.id][0]["ts"] == message["ts"]


async def test_a_block_cannot_show_a_picture_that_slack_has_not_processed() -> None:
    async with open_scene(sharing_delay=0.05) as scene:
        file_id = await upload(scene, "a.png")
        await complete(scene, file_id, channel_id=scene.general.id)
        block: Json = {"type": "image", "alt_text": "A shed", "slack_file": {"id": file_id}}
        post: Json = {"channel": scene.dm.id, "text": "A shed", "blocks": [block]}
        refused = await scene.call("chat.postMessage", **post)
        assert refused["error"] == "invalid_blocks"
        assert "invalid slack file" in refused["response_metadata"]["messages"][0]
        await scene.workspace.wait_for(lambda: scene.workspace.messages(scene.general.id))
        assert (await scene.call("chat.postMessage", **post))["ok"]
        block["slack_file"] = "F0"
        assert (await scene.call("chat.postMessage", **post))["error"] == "invalid_blocks"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"thread_ts": "1.000001"}, "invalid_arguments"),
        ({"thread_ts": "1.000001", "channels": "{general}"}, "invalid_arguments"),
        ({"thread_ts": "1.000001", "channel_id": "{general}", "channels": "{dm}"}, "invalid_arguments"),
        ({"thread_ts": "1.000001", "channel_id": "{general}"}, "thread_not_found"),
        ({"thread_ts": "soon", "channel_id": "{general}"}, "invalid_thread_ts"),
        ({"channel_id": "C0NOWHERE"}, "channel_not_found"),
        ({"channel_id": "{lounge}"}, "not_in_channel"),
        ({"blocks": [{"type": "markdown", "text": "hi"}]}, "internal_error"),
        ({"blocks": [{"type": "section"}]}, "invalid_blocks"),
    ],
)
async def test_a_refused_completion_leaves_the_upload_to_be_completed(
    scene: Scene, arguments: Json, error: str
) -> None:
    places = {"general": scene.general.id, "dm": scene.dm.id, "lounge": scene.lounge.id}
    given = {name: value.format(**places) if isinstance(value, str) else value for name, value in arguments.items()}
    file_id = await upload(scene)
    assert (await complete(scene, file_id, **given))["error"] == error
    assert scene.workspace.files == {}
    assert (await complete(scene, file_id, channel_id=scene.general.id))["ok"]


async def test_unknown_files_and_those_completed_already_are_refused(scene: Scene) -> None:
    file_id = await upload(scene)
    assert (await complete(scene, file_id, "F0UNKNOWN"))["error"] == "file_not_found"
    assert (await complete(scene, file_id, file_id))["error"] == "file_not_found"
    assert (await complete(scene))["error"] == "invalid_arguments"
    assert (await complete(scene, file_id))["ok"]
    assert (await complete(scene, file_id))["error"] == "file_not_found"


async def test_uploads_need_the_right_to_write_files(scene: Scene) -> None:
    scene.slack.installation.scopes.discard("files:write")
    answer = await complete(scene, "F0UNKNOWN")
    assert (answer["error"], answer["needed"]) == ("missing_scope", "files:write")


async def test_faults_meet_every_step_of_an_upload(scene: Scene) -> None:
    faults = scene.slack.faults
    faults.add("files.completeUploadExternal", Error("internal_error"))
    file_id = await upload(scene)
    assert (await complete(scene, file_id))["error"] == "internal_error"
    assert (await complete(scene, file_id))["ok"]
    answer = await scene.client.files_getUploadURLExternal(filename="a.txt", length=3)
    faults.add(UPLOAD, HttpError(503))
    async with scene.http.post(answer["upload_url"], data=b"abc") as response:
        assert response.status == 503
    assert (await complete(scene, answer["file_id"]))["error"] == "file_not_found"
    faults.add(UPLOAD, Reset(carried_out=True))
    with pytest.raises(aiohttp.ClientConnectionError):
        async with scene.http.post(answer["upload_url"], data=b"abc"):
            pass
    assert (await complete(scene, answer["file_id"]))["ok"]
