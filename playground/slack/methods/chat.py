"""chat.*: messages that the app posts, edits and deletes."""

from playground.slack.arguments import Method, Refusal, flag, strings, structure, text
from playground.slack.changes import ChangeKind
from playground.slack.content import POST_CHARACTERS, UPDATE_CHARACTERS, read_content, read_metadata
from playground.slack.directory import Channel, Json
from playground.slack.files import File
from playground.slack.installation import Installation

TIMESTAMP_PARTS = 2


async def post_message(slack: Installation, given: Json) -> Json:
    """chat.postMessage."""
    need_customize(slack, given)
    content, metadata = read_content(given, POST_CHARACTERS), read_metadata(given)
    check_pictures(slack, content.blocks)
    channel = slack.writable(given["channel"])
    message = new_message(slack, channel, given) | content.as_fields()
    if metadata:
        message["metadata"] = metadata
    if given.get("reply_broadcast"):
        message["subtype"] = "thread_broadcast"
    message = await slack.workspace.add_message(channel.id, message, content.markdown)
    return {"channel": channel.id, "ts": message["ts"], "message": message}


async def post_ephemeral(slack: Installation, given: Json) -> Json:
    """chat.postEphemeral."""
    need_customize(slack, given)
    content = read_content(given, POST_CHARACTERS)
    channel = slack.writable(given["channel"])
    if given["user"] not in channel.members:
        raise Refusal("user_not_in_channel")
    message = new_message(slack, channel, given) | content.as_fields() | {"is_ephemeral": True}
    slack.workspace.ephemerals.append(message | {"channel": channel.id, "shown_to": given["user"]})
    slack.workspace.announce(ChangeKind.EPHEMERAL_POSTED, channel.id, message["ts"], given["user"])
    return {"message_ts": message["ts"]}


async def update(slack: Installation, given: Json) -> Json:
    """chat.update: new text without blocks takes the old blocks away; metadata stays unless it is sent."""
    content, metadata = read_content(given, UPDATE_CHARACTERS), read_metadata(given)
    check_pictures(slack, content.blocks)
    channel = slack.channel(given["channel"])
    message = slack.message(channel.id, given["ts"])
    if message.get("bot_id") != slack.bot.bot_id:
        raise Refusal("cant_update_message")
    if slack.streams.is_streaming(channel.id, given["ts"]):
        raise Refusal("streaming_state_conflict")
    if given.get("file_ids"):
        shared = slack.workspace.sharing(_files(slack, given["file_ids"]), channel.id, message)
        message = message | {"files": shared["files"]}
    updated = {key: value for key, value in message.items() if key not in {"blocks", "streaming_state"}}
    updated |= content.as_fields() | {"edited": {"user": slack.bot.id, "ts": slack.workspace.next_ts()}}
    if metadata is not None:
        updated["metadata"] = metadata
    updated = await slack.workspace.change_message(channel.id, updated, content.markdown)
    return {"channel": channel.id, "ts": given["ts"], "text": content.text, "message": updated}


async def delete(slack: Installation, given: Json) -> Json:
    """chat.delete."""
    channel = slack.channel(given["channel"])
    message = slack.message(channel.id, given["ts"])
    if message.get("bot_id") != slack.bot.bot_id:
        raise Refusal("cant_delete_message")
    slack.streams.forget(channel.id, given["ts"])
    await slack.workspace.remove_message(channel.id, given["ts"])
    return {"channel": channel.id, "ts": given["ts"]}


def new_message(slack: Installation, channel: Channel, given: Json) -> Json:
    """A message of the app without content, in the thread that the call names; takes the thread's status away."""
    workspace = slack.workspace
    message: Json = {"type": "message", "user": slack.bot.id, "ts": workspace.next_ts(), "team": workspace.team_id}
    message |= workspace.authorship(slack.bot)
    if thread_ts := given.get("thread_ts"):
        check_ts(thread_ts)
        root = slack.thread_root(channel.id, thread_ts)
        message |= {"thread_ts": thread_ts} | ({"parent_user_id": root["user"]} if "user" in root else {})
        workspace.threads.clear_status((channel.id, thread_ts))
    for name in ("username", "icon_emoji", "icon_url"):
        if name in given:
            message[name] = given[name]
    return message


def check_ts(ts: str) -> None:
    """Raises Refusal, unless this has the form of a timestamp."""
    if [part.isdigit() for part in ts.split(".")] != [True] * TIMESTAMP_PARTS:
        raise Refusal("invalid_thread_ts")


def check_pictures(slack: Installation, blocks: list[Json]) -> None:
    """Raises Refusal, when an image block shows a file that Slack does not have, or has not processed yet."""
    for place, block in enumerate(blocks):
        match block:
            case {"type": "image", "slack_file": {"id": str(name)}}:
                file = slack.workspace.files.get(name)
                is_there = file is not None and file.is_processed and not file.is_deleted
            case {"type": "image", "slack_file": _}:
                is_there = False
            case _:
                is_there = True
        if not is_there:
            problem = f"[ERROR] invalid slack file [json-pointer:/blocks/{place}/slack_file]"
            raise Refusal("invalid_blocks", response_metadata={"messages": [problem]})


def need_customize(slack: Installation, given: Json) -> None:
    """A name or picture of its own needs a scope."""
    if any(name in given for name in ("username", "icon_emoji", "icon_url")):
        slack.need("chat:write.customize")


def _files(slack: Installation, names: list[str]) -> list[File]:
    files = [file for name in names if (file := slack.workspace.files.get(name)) and not file.is_deleted]
    if len(files) < len(names):
        raise Refusal("file_not_found")
    return files


AUTHORSHIP = (text("icon_emoji"), text("icon_url"), text("username"))
FORMATTED = (
    text("text"),
    structure("blocks", invalid="invalid_blocks_format"),
    structure("attachments", invalid="invalid_attachments"),
    text("markdown_text"),
    flag("as_user"),
    flag("link_names"),
    text("parse"),
)

METHODS = (
    Method(
        "chat.postMessage",
        post_message,
        (
            text("channel", required=True, missing="channel_not_found"),
            *FORMATTED,
            *AUTHORSHIP,
            text("thread_ts"),
            flag("reply_broadcast"),
            flag("unfurl_links"),
            flag("unfurl_media"),
            flag("mrkdwn"),
            structure("metadata", invalid="invalid_metadata_format"),
        ),
        scope="chat:write",
    ),
    Method(
        "chat.postEphemeral",
        post_ephemeral,
        (
            text("channel", required=True, missing="channel_not_found"),
            text("user", required=True),
            *FORMATTED,
            *AUTHORSHIP,
            text("thread_ts"),
        ),
        scope="chat:write",
    ),
    Method(
        "chat.update",
        update,
        (
            text("channel", required=True, missing="channel_not_found"),
            text("ts", required=True, missing="message_not_found"),
            *FORMATTED,
            flag("reply_broadcast"),
            strings("file_ids"),
            structure("metadata", invalid="invalid_metadata_format"),
        ),
        scope="chat:write",
    ),
    Method(
        "chat.delete",
        delete,
        (
            text("channel", required=True, missing="channel_not_found"),
            text("ts", required=True, missing="message_not_found"),
            flag("as_user"),
        ),
        scope="chat:write",
    ),
)
