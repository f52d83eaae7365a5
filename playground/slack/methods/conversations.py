"""conversations.*: reading conversations and their messages."""

from collections.abc import Iterable

from playground.slack.arguments import Method, Refusal, flag, number, text
from playground.slack.directory import Channel, ChannelKind, Json
from playground.slack.installation import SCOPE_PREFIX, Installation
from playground.slack.pages import page, read_limit

REPLIES_LIMIT = 1000
TYPES = {
    "public_channel": ChannelKind.CHANNEL,
    "private_channel": ChannelKind.GROUP,
    "im": ChannelKind.IM,
    "mpim": ChannelKind.MPIM,
}


async def replies(slack: Installation, given: Json) -> Json:
    """conversations.replies: a thread, oldest first; each page starts with the thread's root, as Slack's do."""
    channel = slack.channel(given["channel"], "history", member=True)
    message = slack.message(channel.id, given["ts"], "thread_not_found")
    root, *rest = slack.workspace.thread(channel.id, message.get("thread_ts") or message["ts"]) or [message]
    limit = read_limit(given, REPLIES_LIMIT)
    shown, metadata = page(_between(rest, given), given, max(limit - 1, 1))
    messages = [_shown(found, given) for found in [root, *shown]]
    return {"messages": messages, "has_more": bool(metadata["next_cursor"]), "response_metadata": metadata}


async def history(slack: Installation, given: Json) -> Json:
    """conversations.history: what stands in the conversation itself, newest first."""
    channel = slack.channel(given["channel"], "history", member=True)
    found = _between(slack.workspace.top_level(channel.id), given)[::-1]
    shown, metadata = page(found, given, read_limit(given))
    return {
        "messages": [_shown(message, given) for message in shown],
        "has_more": bool(metadata["next_cursor"]),
        "pin_count": 0,
        "response_metadata": metadata,
    }


async def info(slack: Installation, given: Json) -> Json:
    """conversations.info."""
    channel = slack.channel(given["channel"], "read")
    shown = channel.as_json(slack.bot.id)
    if not given.get("include_num_members"):
        shown.pop("num_members", None)
    return {"channel": shown}


async def open_conversation(slack: Installation, given: Json) -> Json:
    """conversations.open: a direct message with one person, or one of several people."""
    if given.get("channel"):
        return {"no_op": True, "already_open": True, "channel": {"id": slack.channel(given["channel"]).id}}
    people = [user for user in given.get("users", "").split(",") if user]
    if not people:
        raise Refusal("users_list_not_supplied")
    if any(user not in slack.workspace.users for user in people):
        raise Refusal("user_not_found")
    if len(people) == 1:
        slack.need("im:write")
        channel = slack.workspace.open_dm(people[0])
    else:
        slack.need("mpim:write")
        name = "mpdm-" + "--".join(slack.workspace.users[user].name for user in people)
        channel = slack.workspace.add_channel(name, [*people, slack.bot.id], ChannelKind.MPIM)
    return {"channel": channel.as_json(slack.bot.id) if given.get("return_im") else {"id": channel.id}}


async def members(slack: Installation, given: Json) -> Json:
    """conversations.members."""
    channel = slack.channel(given["channel"], "read")
    shown, metadata = page(channel.members, given, read_limit(given))
    return {"members": shown, "response_metadata": metadata}


async def list_conversations(slack: Installation, given: Json) -> Json:
    """conversations.list: the conversations of the given types that the app can see."""
    names = given.get("types", "public_channel").split(",")
    if any(name not in TYPES for name in names):
        raise Refusal("invalid_types")
    kinds = {TYPES[name] for name in names}
    for kind in kinds:
        slack.need(f"{SCOPE_PREFIX[kind]}:read")
    found = [
        channel for channel in slack.workspace.channels.values() if channel.kind in kinds and _visible(slack, channel)
    ]
    shown, metadata = page(found, given, read_limit(given))
    return {"channels": [channel.as_json(slack.bot.id) for channel in shown], "response_metadata": metadata}


def _visible(slack: Installation, channel: Channel) -> bool:
    return channel.kind is ChannelKind.CHANNEL or slack.bot.id in channel.members


def _between(messages: Iterable[Json], given: Json) -> list[Json]:
    oldest, latest = _edge(given, "oldest", 0.0), _edge(given, "latest", float("inf"))
    if given.get("inclusive"):
        return [message for message in messages if oldest <= float(message["ts"]) <= latest]
    return [message for message in messages if oldest < float(message["ts"]) < latest]


def _edge(given: Json, name: str, default: float) -> float:
    try:
        return float(given.get(name) or default)
    except ValueError:
        raise Refusal(f"invalid_ts_{name}") from None


def _shown(message: Json, given: Json) -> Json:
    if given.get("include_all_metadata") or "metadata" not in message:
        return message
    return {key: value for key, value in message.items() if key != "metadata"}


async def conversations_of(slack: Installation, given: Json) -> Json:
    """users.conversations: what the app is a member of, of the given types."""
    kinds = {TYPES[name] for name in given.get("types", "public_channel").split(",")}
    for kind in kinds:
        slack.need(f"{SCOPE_PREFIX[kind]}:read")
    channels = slack.workspace.channels.values()
    found = [channel for channel in channels if channel.kind in kinds and slack.bot.id in channel.members]
    shown, metadata = page(found, given, read_limit(given))
    return {"channels": [channel.as_json(slack.bot.id) for channel in shown], "response_metadata": metadata}


CHANNEL = text("channel", required=True, missing="channel_not_found")
PAGE = (text("cursor"), number("limit", invalid="invalid_limit"))
SPAN = (text("oldest"), text("latest"), flag("inclusive"), flag("include_all_metadata"))

METHODS = (
    Method(
        "users.conversations",
        conversations_of,
        (*PAGE, text("types"), text("user"), text("team_id"), flag("exclude_archived")),
        takes_json=False,
    ),
    Method(
        "conversations.replies",
        replies,
        (CHANNEL, text("ts", required=True, missing="thread_not_found"), *PAGE, *SPAN),
        takes_json=False,
    ),
    Method("conversations.history", history, (CHANNEL, *PAGE, *SPAN), takes_json=False),
    Method(
        "conversations.info", info, (CHANNEL, flag("include_locale"), flag("include_num_members")), takes_json=False
    ),
    Method(
        "conversations.open",
        open_conversation,
        (text("channel"), text("users"), flag("return_im"), flag("prevent_creation")),
    ),
    Method("conversations.members", members, (CHANNEL, *PAGE), takes_json=False),
    Method(
        "conversations.list",
        list_conversations,
        (*PAGE, text("types"), text("team_id"), flag("exclude_archived")),
        takes_json=False,
    ),
)
