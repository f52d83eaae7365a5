"""files.*: uploads in three steps, and what is known of a file."""

from typing import Any

from playground.slack.arguments import Method, Refusal, number, structure, text
from playground.slack.changes import ChangeKind
from playground.slack.content import read_blocks
from playground.slack.directory import Channel, Json
from playground.slack.files import File, guess_type
from playground.slack.installation import Installation
from playground.slack.methods.chat import new_message

ALT_TEXT_CHARACTERS = 1000


async def get_upload_url(slack: Installation, given: Json) -> Json:
    """files.getUploadURLExternal; takes forms only."""
    if given["length"] < 1:
        raise Refusal("missing_argument")
    if len(given.get("alt_txt", "")) > ALT_TEXT_CHARACTERS:
        raise Refusal("alt_txt_too_large")
    key, upload = slack.uploads.announce(given["filename"], given["length"], given.get("alt_txt", ""))
    return {"upload_url": f"{slack.workspace.site}/upload/v1/{key}", "file_id": upload.file_id}


async def complete_upload(slack: Installation, given: Json) -> Json:
    """files.completeUploadExternal: the files become real, and are shared where the call says."""
    wanted: Any = given["files"]
    if not isinstance(wanted, list) or not all(isinstance(entry, dict) and entry.get("id") for entry in wanted):
        raise Refusal("invalid_arguments")
    if given.get("initial_comment") and given.get("blocks"):
        raise Refusal("invalid_arguments")
    if given.get("blocks"):
        read_blocks(given["blocks"])
    names = [name for name in (given.get("channel_id"), *given.get("channels", "").split(",")) if name]
    channels = [slack.writable(name) for name in names]
    files = [_completed(slack, entry) for entry in wanted]
    for channel in channels:
        await _share(slack, channel, files, given)
    return {"files": [file.as_json(slack.workspace.team_id) for file in files]}


async def info(slack: Installation, given: Json) -> Json:
    """files.info."""
    file = _file(slack, given)
    shown = file.as_json(slack.workspace.team_id)
    return {"file": shown | {"shares": {}, "channels": [channel for channel, _ in file.shares]}, "comments": []}


async def delete(slack: Installation, given: Json) -> Json:
    """files.delete: only the app's own."""
    file = _file(slack, given)
    if file.user != slack.bot.id:
        raise Refusal("cant_delete_file")
    del slack.workspace.files[file.id]
    slack.workspace.announce(ChangeKind.FILE_CHANGED, user=file.user)
    return {}


def _completed(slack: Installation, entry: Json) -> File:
    upload = slack.uploads.take(entry["id"])
    if upload is None or upload.content is None:
        raise Refusal("file_not_found")
    workspace = slack.workspace
    file = File(
        upload.file_id,
        upload.name,
        entry.get("title") or upload.name,
        guess_type(upload.name),
        upload.content,
        slack.bot.id,
        int(workspace.now()),
        workspace.site,
        upload.alt_text,
    )
    workspace.files[file.id] = file
    workspace.announce(ChangeKind.FILE_CHANGED, user=file.user)
    return file


async def _share(slack: Installation, channel: Channel, files: list[File], given: Json) -> None:
    message = new_message(slack, channel, given) | {
        "subtype": "file_share",
        "text": given.get("initial_comment", ""),
        "files": [file.as_json(slack.workspace.team_id) for file in files],
        "upload": True,
    }
    if given.get("blocks"):
        message["blocks"] = given["blocks"]
    for file in files:
        file.shares.append((channel.id, message["ts"]))
    await slack.workspace.add_message(channel.id, message)


def _file(slack: Installation, given: Json) -> File:
    file = slack.workspace.files.get(given["file"])
    if file is None:
        raise Refusal("file_not_found")
    return file


FILE = text("file", required=True, missing="file_not_found")

METHODS = (
    Method(
        "files.getUploadURLExternal",
        get_upload_url,
        (
            text("filename", required=True, missing="missing_argument"),
            number("length", required=True, missing="missing_argument"),
            text("alt_txt"),
            text("snippet_type"),
        ),
        scope="files:write",
        takes_json=False,
    ),
    Method(
        "files.completeUploadExternal",
        complete_upload,
        (
            structure("files", required=True),
            text("channel_id"),
            text("channels"),
            text("initial_comment"),
            structure("blocks", invalid="invalid_blocks"),
            text("thread_ts"),
        ),
        scope="files:write",
    ),
    Method(
        "files.info",
        info,
        (FILE, text("cursor"), number("count"), number("limit"), number("page")),
        scope="files:read",
        takes_json=False,
    ),
    Method("files.delete", delete, (FILE,), scope="files:write"),
)
