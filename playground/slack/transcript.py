"""Everything that was written: each change is stored, announced, and told to the app."""

import random
from collections.abc import Mapping

from playground.slack import events
from playground.slack.changes import Change, ChangeKind, Changes
from playground.slack.directory import Channel, Json
from playground.slack.event_feed import EventFeed
from playground.slack.message_shapes import with_block_ids
from playground.slack.messages import Messages
from playground.slack.reactions import with_reaction, without_reaction
from playground.slack.rich_text import unescape
from playground.slack.timestamps import Timestamps


class Transcript:
    """The messages of all channels, with the Markdown that some were sent as."""

    def __init__(
        self,
        channels: Mapping[str, Channel],
        timestamps: Timestamps,
        feed: EventFeed,
        changes: Changes,
        rng: random.Random,
    ) -> None:
        self.messages = Messages()
        self._channels = channels
        self._timestamps = timestamps
        self._feed = feed
        self._changes = changes
        self._rng = rng
        self._markdown: dict[str, str] = {}

    def existing(self, channel_id: str, ts: str) -> Json:
        """The message with this timestamp. Raises KeyError."""
        message = self.messages.find(channel_id, ts)
        if message is None:
            raise KeyError(f"no message {ts} in {channel_id}")
        return message

    def markdown_of(self, message: Json) -> str:
        """The Markdown that the message was sent as, or its unescaped text."""
        kept = self._markdown.get(message["ts"])
        return unescape(message.get("text", "")) if kept is None else kept

    async def add(self, channel_id: str, message: Json, markdown: str | None = None) -> Json:
        """Store a new message and send its events in any order; returns it as it is stored."""
        channel = self._channels[channel_id]
        message = self._put(channel_id, message, markdown)
        self._announce(ChangeKind.MESSAGE_POSTED, channel_id, message["ts"])
        root = self.messages.find(channel_id, message.get("thread_ts", ""))
        sends = [self._feed.emit_message(events.message_event(message, channel, root), channel)]
        if self._mentions_bot(message) and message.get("user") != self._feed.bot.user_id:
            sends.append(self._feed.emit_mention(message, channel, message["ts"]))
        self._rng.shuffle(sends)
        for send in sends:
            await send
        return message

    async def change(self, channel_id: str, message: Json, markdown: str | None = None) -> Json:
        """Put the message in the place of its older version, and send message_changed; returns it as it is stored.

        A mention that a person's edit adds counts as a mention.
        """
        previous, channel = self.existing(channel_id, message["ts"]), self._channels[channel_id]
        message = self.change_quietly(channel_id, message, markdown)
        event = events.message_changed_event(message, previous, channel, self._timestamps.next())
        await self._feed.emit_message(event, channel)
        is_new = self._mentions_bot(message) and not self._mentions_bot(previous)
        if is_new and message.get("user") != self._feed.bot.user_id:
            await self._feed.emit_mention(message, channel, message["edited"]["ts"])
        return message

    def change_quietly(self, channel_id: str, message: Json, markdown: str | None = None) -> Json:
        """The same without an event to the app, as while a message is streaming."""
        message = self._put(channel_id, message, markdown)
        self._announce(ChangeKind.MESSAGE_CHANGED, channel_id, message["ts"])
        return message

    async def remove(self, channel_id: str, ts: str) -> None:
        """Take a message away, and send message_deleted."""
        previous, channel = self.existing(channel_id, ts), self._channels[channel_id]
        self.messages.remove(channel_id, ts)
        self._markdown.pop(ts, None)
        self._announce(ChangeKind.MESSAGE_DELETED, channel_id, ts)
        event = events.message_deleted_event(previous, channel, self._timestamps.next())
        await self._feed.emit_message(event, channel)

    def react(self, user_id: str, channel_id: str, ts: str, name: str, *, add: bool) -> bool:
        """Add or take away this person's emoji; False when there is nothing to do."""
        reacted = (with_reaction if add else without_reaction)(self.existing(channel_id, ts), user_id, name)
        if reacted is None:
            return False
        self.messages.put(channel_id, reacted)
        self._changes.announce(Change(ChangeKind.REACTIONS_CHANGED, channel_id, ts, user_id))
        return True

    def _put(self, channel_id: str, message: Json, markdown: str | None) -> Json:
        message = with_block_ids(message, self._rng)
        if markdown is None:
            self._markdown.pop(message["ts"], None)
        else:
            self._markdown[message["ts"]] = markdown
        self.messages.put(channel_id, message)
        return message

    def _mentions_bot(self, message: Json) -> bool:
        mention = f"<@{self._feed.bot.user_id}>"
        return mention in message.get("text", "") and message.get("subtype") in events.SPOKEN

    def _announce(self, kind: ChangeKind, channel_id: str, ts: str) -> None:
        self._changes.announce(Change(kind, channel_id, ts))
