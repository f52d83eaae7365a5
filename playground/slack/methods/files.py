"""files.*: uploads in three steps, and what is known of a file."""

from typing import Any

from playground.slack.arguments import Method, Refusal, number, structure, text
from playground.slack.changes import ChangeKind
from playground.slack.content import read_blocks
from playground.slack.directory import Channel, ChannelKind, Json
from playground.slack.files import File, guess_type
from playground.slack.installation import Installation
from playground.slack.methods.chat import check_ts, new_message
from playground.slack.uploads import Upload

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
    """files.completeUploadExternal: the files become real, and are shared where the call says, at once or later."""
    wanted: Any = given["files"]
    if (
        not isinstance(wanted, list)
        or not wanted
        or not all(isinstance(each, dict) and each.get("id") for each in wanted)
    ):
        raise Refusal("invalid_arguments")
    channels = _channels(slack, given)
    blocks = [] if given.get("initial_comment") else given.get("blocks") or []
    if read_blocks(blocks):
        # Seen in September 2026 for markdown blocks, which chat.postMessage takes (python-slack-sdk#1756).
        raise Refusal("internal_error")
    uploads = [slack.uploads.arrived(entry["id"]) for entry in wanted]
    if None in uploads or len({entry["id"] for entry in wanted}) < len(wanted):
        raise Refusal("file_not_found")
    files = [_completed(slack, upload, entry) for upload, entry in zip(uploads, wanted, strict=True) if upload]
    slack.uploads.complete(upload for upload in uploads if upload)

    async def share() -> None:
        for file in files:
            file.is_processed = True
        for channel in channels:
            await _share(slack, channel, files, given, blocks)

    shown = [_whole(slack, file) for file in files] if slack.uploads.is_late else []
    await slack.uploads.share(share)
    return {"files": shown or [_whole(slack, file) for file in files]}


async def info(slack: Installation, given: Json) -> Json:
    """files.info."""
    return {"file": _whole(slack, _file(slack, given)), "comments": []}


async def delete(slack: Installation, given: Json) -> Json:
    """files.delete: only the app's own."""
    file = _file(slack, given)
    if file.user != slack.bot.id:
        raise Refusal("cant_delete_file")
    slack.workspace.delete_file(file.id)
    return {}


def _channels(slack: Installation, given: Json) -> list[Channel]:
    """Where to share; a thread is one channel's, and only `channel_id` names that. Raises Refusal."""
    names = [name for name in (given.get("channel_id"), *given.get("channels", "").split(",")) if name]
    if given.get("thread_ts") and (not given.get("channel_id") or len(names) > 1):
        raise Refusal("invalid_arguments")
    channels = [slack.writable(name) for name in names]
    if given.get("thread_ts"):
        check_ts(given["thread_ts"])
        slack.thread_root(channels[0].id, given["thread_ts"])
    return channels


def _completed(slack: Installation, upload: Upload, entry: Json) -> File:
    workspace = slack.workspace
    file = File(
        upload.file_id,
        upload.name,
        entry.get("title") or upload.name,
        guess_type(upload.name),
        upload.content or b"",
        slack.bot.id,
        int(workspace.now()),
        workspace.site,
        upload.alt_text,
        is_processed=not slack.uploads.is_late,
    )
    workspace.files[file.id] = file
    workspace.announce(ChangeKind.FILE_CHANGED, user=file.user)
    return file


async def _share(slack: Installation, channel: Channel, files: list[File], given: Json, blocks: list[Json]) -> None:
    message = new_message(slack, channel, given)
    shared = slack.workspace.sharing(files, channel.id, message) | {"upload": True}
    message |= shared | {"text": given.get("initial_comment", "")} | ({"blocks": blocks} if blocks else {})
    await slack.workspace.add_message(channel.id, message)


def _whole(slack: Installation, file: File) -> Json:
    team = slack.workspace.team_id
    shares = file.shares_as_json(team)
    places = {"channels": list(shares.get("public", {})), "groups": [], "ims": []}
    for channel_id in shares.get("private", {}):
        kind = "ims" if slack.workspace.channels[channel_id].kind is ChannelKind.IM else "groups"
        places[kind].append(channel_id)
    return file.as_json(team) | {"shares": shares} | places


def _file(slack: Installation, given: Json) -> File:
    file = slack.workspace.files.get(given["file"])
    if file is None:
        raise Refusal("file_not_found")
    if file.is_deleted:
        raise Refusal("file_deleted")
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
