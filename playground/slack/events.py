"""The events that Slack sends when something happens in a conversation, and the envelope payload around them."""

import random
import uuid

from playground.slack.directory import Bot, Channel, ChannelKind, Json, new_id

SUBSCRIPTIONS = frozenset(
    {
        "agent_session_stopped",
        "app_context_changed",
        "app_home_opened",
        "app_mention",
        "app_uninstalled",
        "message.channels",
        "message.groups",
        "message.im",
        "message.mpim",
        "tokens_revoked",
    }
)
"""What an app of this kind asks for in its manifest."""

SPOKEN = frozenset({None, "file_share", "thread_broadcast", "me_message", "bot_message"})
"""The subtypes of messages that somebody wrote, in which a mention counts."""

MESSAGE_SUBSCRIPTION = {
    ChannelKind.CHANNEL: "message.channels",
    ChannelKind.GROUP: "message.groups",
    ChannelKind.IM: "message.im",
    ChannelKind.MPIM: "message.mpim",
}


def event_callback(event: Json, bot: Bot, team_id: str, rng: random.Random) -> Json:
    """The payload of an events_api envelope; each event gets an id of its own."""
    return {
        "token": "playground-verification-token",
        "team_id": team_id,
        "context_team_id": team_id,
        "context_enterprise_id": None,
        "api_app_id": bot.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": new_id("Ev", rng),
        "event_time": int(float(event.get("event_ts", "0"))),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": team_id,
                "user_id": bot.user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{uuid.UUID(int=rng.getrandbits(128)).hex}",
    }


def message_event(message: Json, channel: Channel, root: Json | None) -> Json:
    """The message event for a new message; `root` is its thread's first message, shown in a thread_broadcast."""
    event = message | {"channel": channel.id, "event_ts": message["ts"], "channel_type": channel.kind.value}
    if message.get("subtype") == "thread_broadcast" and root is not None:
        event["root"] = root
    return event


def mention_event(message: Json, channel: Channel, event_ts: str) -> Json:
    """The app_mention event for the same message: no channel_type, and no subtype that a file gave the message."""
    kept = {key: value for key, value in message.items() if key not in {"subtype", "edited"}}
    return kept | {"type": "app_mention", "channel": channel.id, "event_ts": event_ts}


def message_changed_event(message: Json, previous: Json, channel: Channel, event_ts: str) -> Json:
    """The event for an edit, also for one that Slack or an app made."""
    return {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "message": message,
        "previous_message": previous,
        "channel": channel.id,
        "channel_type": channel.kind.value,
        "ts": event_ts,
        "event_ts": event_ts,
    }


def message_deleted_event(previous: Json, channel: Channel, event_ts: str) -> Json:
    """The event for a message that is gone."""
    return {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "deleted_ts": previous["ts"],
        "previous_message": previous,
        "channel": channel.id,
        "channel_type": channel.kind.value,
        "ts": event_ts,
        "event_ts": event_ts,
    }
