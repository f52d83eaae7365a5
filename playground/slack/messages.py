"""The messages of all conversations, and the threads they form."""

from collections import defaultdict

from playground.slack.directory import Json

ROOT_FIELDS = (
    "thread_ts",
    "reply_count",
    "reply_users_count",
    "latest_reply",
    "reply_users",
    "is_locked",
    "subscribed",
)


class Messages:
    """Slack-shaped message dicts by channel and timestamp; a change puts a new dict, so those handed out stay."""

    def __init__(self) -> None:
        self._channels: defaultdict[str, dict[str, Json]] = defaultdict(dict)
        self._replies: defaultdict[tuple[str, str], list[str]] = defaultdict(list)

    def all(self, channel_id: str) -> list[Json]:
        """Every message of the channel, replies too, oldest first."""
        return list(self._channels[channel_id].values())

    def top_level(self, channel_id: str) -> list[Json]:
        """What stands in the channel itself, oldest first: no replies, except those broadcast."""
        return [
            message
            for message in self._channels[channel_id].values()
            if message.get("thread_ts") in (None, message["ts"]) or message.get("subtype") == "thread_broadcast"
        ]

    def thread(self, channel_id: str, thread_ts: str) -> list[Json]:
        """The root, if it is still there, and its replies, oldest first."""
        channel = self._channels[channel_id]
        timestamps = (thread_ts, *self._replies.get((channel_id, thread_ts), ()))
        return [channel[ts] for ts in timestamps if ts in channel]

    def find(self, channel_id: str, ts: str) -> Json | None:
        """The message with this timestamp."""
        return self._channels[channel_id].get(ts)

    def put(self, channel_id: str, message: Json) -> None:
        """Add the message, or put it in the place of the one with the same timestamp."""
        ts, root = message["ts"], message.get("thread_ts")
        is_new = ts not in self._channels[channel_id]
        self._channels[channel_id][ts] = message
        if is_new and root not in (None, ts):
            self._replies[channel_id, root].append(ts)
            self._count_replies(channel_id, root)

    def remove(self, channel_id: str, ts: str) -> None:
        """Take the message away; its thread no longer counts it."""
        message = self._channels[channel_id].pop(ts)
        root = message.get("thread_ts")
        if root not in (None, ts):
            self._replies[channel_id, root].remove(ts)
            self._count_replies(channel_id, root)

    def _count_replies(self, channel_id: str, root_ts: str) -> None:
        root = self._channels[channel_id].get(root_ts)
        if root is None:
            return
        replies = self.thread(channel_id, root_ts)[1:]
        counted = {key: value for key, value in root.items() if key not in ROOT_FIELDS}
        if replies:
            authors = list(dict.fromkeys(reply["user"] for reply in replies if "user" in reply))
            counted |= {
                "thread_ts": root_ts,
                "reply_count": len(replies),
                "reply_users_count": len(authors),
                "latest_reply": replies[-1]["ts"],
                "reply_users": authors[:5],
                "is_locked": False,
                "subscribed": False,
            }
        self._channels[channel_id][root_ts] = counted
