"""The message dicts that Slack makes of what people and bots do."""

import random
import uuid
from collections.abc import Sequence

from playground.slack.directory import Json, User
from playground.slack.files import File
from playground.slack.rich_text import rich_text, stored_text

BLOCK_ID_CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/"


def authorship(user: User) -> Json:
    """The fields that show that a bot wrote a message."""
    profile = {
        "id": user.bot_id,
        "app_id": user.app_id,
        "name": user.real_name,
        "deleted": False,
        "updated": 1_700_000_000,
        "team_id": user.team_id,
    }
    return {"bot_id": user.bot_id, "app_id": user.app_id, "bot_profile": profile}


def written(user: User, ts: str, text: str, blocks: list[Json] | None, rng: random.Random) -> Json:
    """What a person has typed, or a bot has sent without the Web API of this double."""
    message: Json = {"type": "message", "text": stored_text(text), "user": user.id, "ts": ts, "team": user.team_id}
    if user.is_bot:
        message |= authorship(user)
    else:
        message["client_msg_id"] = str(uuid.UUID(int=rng.getrandbits(128)))
    if blocks is None and text:
        blocks = [rich_text(text, new_block_id(rng))]
    return message | ({"blocks": blocks} if blocks else {})


def edited(message: Json, user: User, ts: str, text: str, rng: random.Random) -> Json:
    """The same message with another text."""
    blocks = [rich_text(text, new_block_id(rng))]
    return message | {"text": stored_text(text), "blocks": blocks, "edited": {"user": user.id, "ts": ts}}


def sharing(files: Sequence[File], team_id: str) -> Json:
    """The fields of a message that brings files."""
    return {"subtype": "file_share", "upload": False, "files": [file.in_message(team_id) for file in files]}


def joined(user_id: str, ts: str, noun: str) -> Json:
    """The notice that somebody has become a member; `noun` is channel or group."""
    text = f"<@{user_id}> has joined the {noun}"
    return {"type": "message", "subtype": f"{noun}_join", "user": user_id, "text": text, "ts": ts}


def topic_set(user_id: str, ts: str, topic: str) -> Json:
    """The notice of a new topic."""
    text = f"<@{user_id}> set the channel topic: {stored_text(topic)}"
    return {"type": "message", "subtype": "channel_topic", "user": user_id, "topic": topic, "text": text, "ts": ts}


def tombstone(root: Json) -> Json:
    """What a deleted root leaves behind, while its thread has replies."""
    kept = {key: root[key] for key in ("ts", "thread_ts", "reply_count", "reply_users", "latest_reply")}
    return kept | {
        "type": "message",
        "subtype": "tombstone",
        "text": "This message was deleted.",
        "user": "USLACKBOT",
        "hidden": True,
    }


def with_block_ids(message: Json, rng: random.Random) -> Json:
    """The message with an id for each block that came without."""
    if all("block_id" in block for block in message.get("blocks", ())):
        return message
    return message | {"blocks": [{"block_id": new_block_id(rng)} | block for block in message["blocks"]]}


def new_block_id(rng: random.Random) -> str:
    """A block_id such as Slack gives."""
    return "".join(rng.choices(BLOCK_ID_CHARACTERS, k=5))
