"""chat.*Stream: an answer that people watch while it is written."""

from playground.slack.arguments import Method, Refusal, invalid_arguments, structure, text
from playground.slack.blocks import MESSAGE_BLOCKS, expanded
from playground.slack.content import read_blocks, read_chunks, read_metadata
from playground.slack.directory import Channel, ChannelKind, Json
from playground.slack.installation import Installation
from playground.slack.markdown import plain
from playground.slack.methods.chat import AUTHORSHIP, need_customize, new_message
from playground.slack.streams import Stream, StreamState

DISPLAY_MODES = {"timeline", "plan", "dense"}


async def start_stream(slack: Installation, given: Json) -> Json:
    """chat.startStream: a reply in a thread; outside direct messages it names the person whom it answers.

    The thread's session is processing while the stream runs, so that people have a stop button.
    """
    need_customize(slack, given)
    if given.get("task_display_mode", "timeline") not in DISPLAY_MODES:
        raise invalid_arguments("invalid task_display_mode [json-pointer:/task_display_mode]")
    chunks = read_chunks(given)
    channel = slack.writable(given["channel"])
    if {channel.id, channel.kind.value} & slack.unstreamable:
        raise Refusal("channel_type_not_supported")
    if channel.kind is not ChannelKind.IM:
        _check_recipient(slack, given)
    message = new_message(slack, channel, given) | {"text": "", "streaming_state": "in_progress"}
    mode = given.get("task_display_mode", "timeline")
    stream = Stream(channel.id, message["ts"], given["thread_ts"], mode)
    for chunk in chunks:
        stream.apply(chunk)
    slack.streams.start(stream)
    await slack.workspace.add_message(channel.id, message | {"text": stream.markdown}, stream.markdown)
    slack.workspace.threads.set_session((channel.id, stream.thread_ts), "processing")
    return {"channel": channel.id, "ts": stream.ts}


async def append_stream(slack: Installation, given: Json) -> Json:
    """chat.appendStream."""
    if "markdown_text" not in given and "chunks" not in given:
        raise invalid_arguments("missing required field: markdown_text")
    chunks = read_chunks(given)
    if not chunks:
        raise Refusal("no_text")
    stream = _stream(slack, slack.channel(given["channel"]), given["ts"])
    if stream.state is StreamState.STOPPED_BY_USER:
        raise Refusal("stopped_by_user")
    if stream.state is not StreamState.IN_PROGRESS:
        raise Refusal("message_not_in_streaming_state")
    for chunk in chunks:
        stream.apply(chunk)
    slack.streams.show(stream)
    return {"channel": stream.channel, "ts": stream.ts}


async def stop_stream(slack: Installation, given: Json) -> Json:
    """chat.stopStream: the message becomes an ordinary one.

    What conversations.replies then shows is not documented. This double shows the Markdown expanded to rich_text,
    header, table and divider blocks, as it does for markdown blocks, the blocks of this call after them, and a plain
    rendering as `text`.
    """
    chunks, blocks, metadata = read_chunks(given), given.get("blocks") or [], read_metadata(given)
    if not isinstance(blocks, list):
        raise Refusal("invalid_blocks_format")
    if len(blocks) > MESSAGE_BLOCKS:
        raise Refusal("msg_blocks_too_many")
    read_blocks(blocks)
    if "session_status" in given:
        check_session_status(given["session_status"])
    stream = _stream(slack, slack.channel(given["channel"]), given["ts"])
    if stream.state not in {StreamState.IN_PROGRESS, StreamState.STOPPED_BY_USER}:
        raise Refusal("message_not_in_streaming_state")
    for chunk in chunks:
        stream.apply(chunk)
    slack.streams.end(stream, StreamState.COMPLETED)
    message = slack.message(stream.channel, stream.ts) | {
        "text": plain(stream.markdown),
        "blocks": stream.blocks() + expanded(blocks),
        "streaming_state": "completed",
    }
    if metadata:
        message["metadata"] = metadata
    message = await slack.workspace.change_message(stream.channel, message, stream.markdown)
    slack.workspace.threads.set_session((stream.channel, stream.thread_ts), given.get("session_status", "active"))
    return {"channel": stream.channel, "ts": stream.ts, "message": message}


def check_session_status(status: str) -> None:
    """Raises Refusal, unless this is one of the four states of a session."""
    if status not in {"active", "processing", "suspended", "closed"}:
        raise invalid_arguments("invalid session status [json-pointer:/status]")


def _stream(slack: Installation, channel: Channel, ts: str) -> Stream:
    message = slack.message(channel.id, ts)
    if message.get("bot_id") != slack.bot.bot_id:
        raise Refusal("message_not_owned_by_app")
    stream = slack.streams.find(channel.id, ts)
    if stream is None:
        raise Refusal("message_not_in_streaming_state")
    return stream


def _check_recipient(slack: Installation, given: Json) -> None:
    if not given.get("recipient_user_id"):
        raise Refusal("missing_recipient_user_id")
    if not given.get("recipient_team_id"):
        raise Refusal("missing_recipient_team_id")
    if given["recipient_user_id"] not in slack.workspace.users:
        raise Refusal("user_not_found")
    if given["recipient_team_id"] != slack.workspace.team_id:
        raise Refusal("team_not_found")


CHUNKS = (text("markdown_text"), structure("chunks", invalid="invalid_chunks"))
CHANNEL = text("channel", required=True, missing="channel_not_found")

METHODS = (
    Method(
        "chat.startStream",
        start_stream,
        (
            CHANNEL,
            text("thread_ts", required=True),
            *CHUNKS,
            text("recipient_user_id"),
            text("recipient_team_id"),
            text("task_display_mode"),
            *AUTHORSHIP,
        ),
        scope="chat:write",
    ),
    Method(
        "chat.appendStream",
        append_stream,
        (CHANNEL, text("ts", required=True, missing="message_not_found"), *CHUNKS),
        scope="chat:write",
    ),
    Method(
        "chat.stopStream",
        stop_stream,
        (
            CHANNEL,
            text("ts", required=True, missing="message_not_found"),
            *CHUNKS,
            structure("blocks", invalid="invalid_blocks_format"),
            structure("metadata", invalid="invalid_metadata_format"),
            text("session_status"),
        ),
        scope="chat:write",
    ),
)
