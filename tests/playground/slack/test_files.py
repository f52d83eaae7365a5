"""File objects, as messages and events show them."""

from typing import Any

import pytest

from playground.slack.clips import Clip
from playground.slack.directory import Json
from playground.slack.workspace import Workspace
from tests.playground.slack.scene import Scene
from tests.playground.slack.test_pictures import picture


def shown(name: str, content: bytes, **particulars: Any) -> Json:
    workspace = Workspace(seed=1)
    return workspace.add_file(name, content, "U1", **particulars).as_json(workspace.team_id)


def test_a_picture_tells_its_size_and_has_thumbnails_up_to_it() -> None:
    file = shown("shed.jpeg", picture("JPEG", 900, 450))
    assert (file["original_w"], file["original_h"], file["mimetype"]) == (900, 450, "image/jpeg")
    boxes = [name for name in file if name.startswith("thumb_") and name[6:].isdigit()]
    assert boxes == ["thumb_64", "thumb_80", "thumb_360", "thumb_480", "thumb_720", "thumb_800"]
    assert (file["thumb_360_w"], file["thumb_360_h"]) == (360, 180)


def test_a_small_picture_has_the_small_thumbnails() -> None:
    file = shown("dot.gif", picture("GIF", 10, 20))
    assert (file["thumb_360_w"], file["thumb_360_h"]) == (10, 20)
    assert "thumb_480" not in file


def test_the_size_may_be_a_lie() -> None:
    assert shown("film.mov", b"x", size=2_000_000_000)["size"] == 2_000_000_000


def test_the_name_is_written_so_that_an_address_can_hold_it() -> None:
    assert shown("50% off?/#1 ü.txt", b"x")["url_private"].endswith("/50%25%20off%3F%2F%231%20%C3%BC.txt")


def test_a_clip_tells_how_long_it_is_and_what_is_said() -> None:
    clip = Clip("audio", 4200, "Good morning. " * 20)
    file = shown("clip.m4a", b"sound", clip=clip)
    assert (file["subtype"], file["duration_ms"]) == ("slack_audio", 4200)
    told = file["transcription"]
    assert (told["status"], told["locale"]) == ("complete", "en-US")
    assert told["preview"]["content"].startswith("Good morning.")
    assert told["preview"]["has_more"] is True
    assert "has_more" not in shown("clip.mp4", b"film", clip=Clip("video", 100))
    assert shown("clip.mp4", b"film", clip=Clip("video", 100))["subtype"] == "slack_video"
    assert shown("clip.m4a", b"x", clip=Clip(transcript="", status="processing"))["transcription"] == {
        "status": "processing",
        "locale": "en-US",
    }


def test_a_file_of_another_service_is_a_link() -> None:
    file = shown("Plan", b"", external_type="gdrive")
    assert (file["mode"], file["is_external"], file["external_type"]) == ("external", True, "gdrive")
    assert file["url_private"].startswith("https://gdrive.invalid/")
    assert "url_private_download" not in file


async def test_a_file_of_another_organisation_is_a_stub_until_one_asks(scene: Scene) -> None:
    file = scene.workspace.add_file("plan.pdf", b"%PDF", scene.ann.id, is_foreign=True)
    message = await scene.workspace.post_as(scene.ann.id, scene.dm.id, "read this", files=[file])
    assert message["files"] == [{"id": file.id, "mode": "file_access", "file_access": "check_file_info"}]
    assert (await scene.client.files_info(file=file.id))["file"]["name"] == "plan.pdf"


async def test_a_deleted_file_leaves_a_tombstone(scene: Scene) -> None:
    file = scene.workspace.add_file("plan.pdf", b"%PDF", scene.ann.id)
    kept = scene.workspace.add_file("other.pdf", b"%PDF", scene.ann.id)
    message = await scene.workspace.post_as(scene.ann.id, scene.dm.id, "read this", files=[file, kept])
    scene.workspace.delete_file(file.id)
    gone, other = scene.stored(message["ts"])["files"]
    assert gone == {"id": file.id, "mode": "tombstone"}
    assert other["name"] == "other.pdf"
    assert (await scene.call("files.delete", file=file.id))["error"] == "file_deleted"


@pytest.mark.parametrize("without", [False, True])
async def test_a_mention_may_leave_out_the_files(without: bool) -> None:
    workspace = Workspace(seed=1, mentions_without_files=without)
    ann = workspace.add_user("ann")
    channel = workspace.add_channel("general", [ann, workspace.bot.user_id])
    events: dict[str, Json] = {}

    async def hear(payload: Json) -> None:
        events[payload["event"]["type"]] = payload["event"]

    workspace.on_event(hear)
    file = workspace.add_file("plan.pdf", b"%PDF", ann.id)
    await workspace.post_as(ann.id, channel.id, f"<@{workspace.bot.user_id}> read this", files=[file])
    assert ("files" in events["app_mention"]) is not without
    assert events["message"]["files"][0]["id"] == file.id
