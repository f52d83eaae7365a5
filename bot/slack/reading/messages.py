"""Slack's messages as ours: which events mean a message that somebody wrote, and what it says.

The bot takes what is said to it (a direct message, a mention), and what is said in a thread, because whether the thread
involves the bot shows only when the thread is read.
"""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.conversation import Attachment, Author, Message, ThreadKey
from bot.slack.markup.blocks import asks_for_approval, is_status
from bot.slack.payload import Json, object_at, objects_at, text_at, whole_number_at
from bot.slack.reading.content import files_in, ids_in, mentions, to_markdown
from bot.slack.wire.identity import Identity

log = logging.getLogger(__name__)

_SPOKEN = frozenset({"", "file_share", "thread_broadcast", "me_message", "bot_message"})
"""The subtypes of messages that somebody wrote. All others tell of something that happened."""

_TIMESTAMP = re.compile(r"\d{1,12}\.\d{1,9}")
_CHANNEL = re.compile(r"[A-Za-z][\w-]{1,63}", re.ASCII)
_SLACKBOT = "USLACKBOT"

_NAMELESS, _DELETED = "a shared file", "a deleted file"
"""The names of files of which Slack tells none."""


def message_from_event(body: Json, identity: Identity, allowed_bots: frozenset[str]) -> Message | None:
    """The message that this `message` or `app_mention` event brings, or None when it is not for the bot.

    `body` is the payload of an envelope; `allowed_bots` holds bot, app or user ids of other bots that may speak to this
    one. Names are not looked up: people appear by their ids. Two events for one message bring the same message.
    """
    event = object_at(body, "event")
    if reason := _reason_to_ignore(event, text_at(body, "api_app_id"), identity, allowed_bots):
        log.debug("event %s ignored: %s", text_at(body, "event_id"), reason)
        return None
    channel, ts = text_at(event, "channel"), text_at(event, "ts")
    thread = ThreadKey(identity.workspace, channel, text_at(event, "thread_ts") or ts)
    if not _CHANNEL.fullmatch(channel) or not _TIMESTAMP.fullmatch(ts) or not _TIMESTAMP.fullmatch(thread.root):
        log.warning("event %s ignored: it names no channel or no time", text_at(body, "event_id"))
        return None
    message = _message(event, thread, identity, {})
    return message if message.to_bot or not message.is_root else None


def thread_of_session(body: Json, identity: Identity) -> ThreadKey | None:
    """The thread in which a person pressed Slack's stop button (`agent_session_stopped`); None for an odd event."""
    event = object_at(body, "event")
    channel, root = text_at(event, "channel"), text_at(event, "thread_ts")
    return ThreadKey(identity.workspace, channel, root) if channel and root else None


@dataclass(frozen=True, slots=True)
class Deletion:
    """A message that somebody has deleted, `at` a time in Slack's form; `is_own` says that it was the bot's."""

    thread: ThreadKey
    message: str
    at: str
    is_own: bool


def deletion_from_event(body: Json, identity: Identity) -> Deletion | None:
    """The deletion that this event tells of, or None: a first message that has replies is changed to a tombstone.

    The bot's own status lines come and go, and nobody is told.
    """
    event = object_at(body, "event")
    was = object_at(event, "previous_message")
    match text_at(event, "subtype"):
        case "message_deleted":
            ts = text_at(event, "deleted_ts")
        case "message_changed" if text_at(object_at(event, "message"), "subtype") == "tombstone":
            ts = text_at(object_at(event, "message"), "ts")
        case _:
            return None
    channel, root, at = text_at(event, "channel"), text_at(was, "thread_ts") or ts, text_at(event, "event_ts")
    if not _CHANNEL.fullmatch(channel) or not all(map(_TIMESTAMP.fullmatch, (ts, root))):
        return None
    if is_own(was, identity) and any(map(is_status, objects_at(was, "blocks"))):
        return None
    return Deletion(ThreadKey(identity.workspace, channel, root), ts, at, is_own(was, identity))


def event_id(body: Json, message: Message) -> str:
    """Names the delivery that brought this message; the message itself where Slack gave it no name."""
    return text_at(body, "event_id") or f"{message.thread.channel}:{message.id}"


def message_from_history(said: Json, thread: ThreadKey, identity: Identity, names: Mapping[str, str]) -> Message | None:
    """A message as the thread's history shows it, or None for what nobody wrote.

    The bot's requests of approval are no part of a conversation either.
    """
    if text_at(said, "subtype") not in _SPOKEN or not _TIMESTAMP.fullmatch(text_at(said, "ts")):
        return None
    if is_own(said, identity) and asks_for_approval(objects_at(said, "blocks")):
        return None
    return _message(said, thread, identity, names)


def ids_to_name(said: Json) -> frozenset[str]:
    """The ids whose names a message from the history needs: its author's, and those in its text."""
    author = "" if _name_of_app(said) else _author_id(said)
    return ids_in(said) | ({author} - {""})


def _reason_to_ignore(event: Json, our_app: str, identity: Identity, allowed_bots: frozenset[str]) -> str:
    """Why this event brings nothing that the bot may answer, or an empty text."""
    author, app, bot = _author_id(event), text_at(event, "app_id"), text_at(event, "bot_id")
    reasons = {
        "another event": text_at(event, "type") not in {"message", "app_mention"},
        "nobody wrote it": text_at(event, "subtype") not in _SPOKEN or event.get("hidden") is True,
        "an edit": _is_edit(event),
        "our own": is_own(event, identity) or (app != "" and app == our_app),
        "no author": author in {"", _SLACKBOT},
        "another bot": not _is_person(event) and allowed_bots.isdisjoint({author, app, bot}),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def is_own(said: Json, identity: Identity) -> bool:
    """True for what the bot itself wrote."""
    return text_at(said, "user") == identity.user_id or text_at(said, "bot_id") == identity.bot_id != ""


def _is_person(said: Json) -> bool:
    return not text_at(said, "bot_id") and text_at(said, "subtype") != "bot_message"


def _is_edit(event: Json) -> bool:
    if object_at(event, "edited") or event.get("type") != "app_mention":
        return bool(object_at(event, "edited"))
    # An edit that adds a mention comes as app_mention, at the time of the edit. In Slack's own examples some event_ts
    # lack the point.
    written, happened = text_at(event, "ts"), text_at(event, "event_ts") or text_at(event, "ts")
    return happened.replace(".", "") != written.replace(".", "")


def _message(said: Json, thread: ThreadKey, identity: Identity, names: Mapping[str, str]) -> Message:
    ts = text_at(said, "ts")
    from_bot = is_own(said, identity)
    return Message(
        id=ts,
        thread=thread,
        author=_author(said, names),
        text=to_markdown(said, names, identity),
        sent_at=float(ts),
        from_bot=from_bot,
        to_bot=not from_bot and _speaks_to_bot(said, thread.channel, identity),
        attachments=tuple(_attachment(file) for file in files_in(said)),
    )


def is_direct(thread: ThreadKey) -> bool:
    """True for a thread in somebody's direct messages with the bot."""
    return thread.channel.startswith("D")


def _speaks_to_bot(said: Json, channel: str, identity: Identity) -> bool:
    # app_mention has no channel_type, nor have messages of the history.
    directly = text_at(said, "channel_type") == "im" or channel.startswith("D")
    return directly or said.get("type") == "app_mention" or mentions(said, identity.user_id)


def _author(said: Json, names: Mapping[str, str]) -> Author:
    identifier = _author_id(said)
    return Author(identifier, _name_of_app(said) or names.get(identifier) or identifier, _workspace_of_author(said))


def _author_id(said: Json) -> str:
    return text_at(said, "user") or text_at(said, "bot_id")


def _workspace_of_author(said: Json) -> str:
    """Where the author belongs; messages in channels shared with other workspaces say it in fields of their own."""
    return next(filter(None, (text_at(said, name) for name in ("user_team", "source_team", "team"))), "")


def _name_of_app(said: Json) -> str:
    """The name under which another app speaks; empty for a person."""
    if _is_person(said):
        return ""
    return text_at(said, "username") or text_at(object_at(said, "bot_profile"), "name")


def _attachment(file: Json) -> Attachment:
    """A file; Slack Connect shows files of other workspaces as stubs that have nothing but an id."""
    name = text_at(file, "name") or text_at(file, "title") or _NAMELESS
    if text_at(file, "mode") == "tombstone":
        name = _DELETED
    media_type = text_at(file, "mimetype") or "application/octet-stream"
    size = max(0, whole_number_at(file, "size"))
    return Attachment(text_at(file, "id"), name, media_type, size, _transcript(file))


def _transcript(file: Json) -> str:
    """What Slack has written down of an audio or video clip; empty where that is not, or not all, in the message."""
    transcription = object_at(file, "transcription")
    preview = object_at(transcription, "preview")
    is_whole = transcription.get("status") == "complete" and preview.get("has_more") is False
    return text_at(preview, "content").strip() if is_whole else ""
