"""The state of one Slack workspace, what people do in it, and notification of everything that changes."""

import random
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar, Unpack

from playground.slack import message_shapes
from playground.slack.changes import Change, ChangeKind, Changes, Subscription
from playground.slack.directory import ID_PREFIX, Bot, Channel, ChannelKind, Json, User, new_id
from playground.slack.event_feed import Deliver, EventFeed
from playground.slack.events import SUBSCRIPTIONS
from playground.slack.files import File, Particulars, guess_type
from playground.slack.threads import STATUS_LIFETIME, AgentThreads, Status, ThreadId
from playground.slack.timestamps import Timestamps
from playground.slack.transcript import Transcript

Result = TypeVar("Result")


class Workspace:
    """One workspace with one app in it: pure state, no HTTP. A message dict that it hands out never changes later.

    With `mentions_without_files` an app_mention says nothing of files, as Slack's often do; the message event does.
    """

    def __init__(
        self,
        team_name: str = "Playground",
        bot_name: str = "ChatGPT",
        *,
        now: Callable[[], float] = time.time,
        seed: int | None = None,
        status_lifetime: float = STATUS_LIFETIME,
        subscriptions: Iterable[str] = SUBSCRIPTIONS,
        mentions_without_files: bool = False,
    ) -> None:
        self.rng = random.Random(seed)
        self.now = now
        self.site = "http://slack.invalid"
        self.team_id = new_id("T", self.rng)
        self.team_name = team_name
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self.usergroups: dict[str, Json] = {}
        self.ephemerals: list[Json] = []
        self.notifications = Changes()
        self.threads = AgentThreads(self.notifications, status_lifetime)
        self._timestamps = Timestamps(now)
        app = self.add_user(bot_name.lower().replace(" ", ""), real_name=bot_name, is_bot=True)
        self.bot = Bot(app.id, app.bot_id, app.app_id, bot_name)
        self._feed = EventFeed(self.bot, self.team_id, frozenset(subscriptions), self.rng, mentions_without_files)
        self._transcript = Transcript(self.channels, self._timestamps, self._feed, self.notifications, self.rng)

    # Who and where

    def add_user(self, name: str, real_name: str = "", is_bot: bool = False) -> User:
        """A new person, or another bot."""
        real_name = real_name or name.title()
        user = User(new_id("U", self.rng), name, real_name, self.team_id, is_bot, display_name=name)
        if is_bot:
            user.bot_id, user.app_id, user.display_name = new_id("B", self.rng), new_id("A", self.rng), ""
        self.users[user.id] = user
        self.announce(ChangeKind.USER_CHANGED, user=user.id)
        return user

    def add_channel(
        self,
        name: str,
        members: Iterable[str | User] = (),
        kind: ChannelKind | str = ChannelKind.CHANNEL,
        topic: str = "",
    ) -> Channel:
        """A new conversation with these members; the bot is a member only when it is named among them."""
        kind = ChannelKind(kind)
        ids = [member.id if isinstance(member, User) else member for member in members]
        channel = Channel(new_id(ID_PREFIX[kind], self.rng), name, kind, int(self.now()), ids, topic)
        self.channels[channel.id] = channel
        self.announce(ChangeKind.CHANNEL_CHANGED, channel.id)
        return channel

    def open_dm(self, user_id: str) -> Channel:
        """The direct message channel between this person and the bot; made when there is none."""
        for channel in self.channels.values():
            if channel.kind is ChannelKind.IM and set(channel.members) == {user_id, self.bot.user_id}:
                return channel
        return self.add_channel("", (user_id, self.bot.user_id), ChannelKind.IM)

    def add_file(
        self,
        name: str,
        content: bytes,
        user_id: str,
        mimetype: str = "",
        title: str = "",
        **particulars: Unpack[Particulars],
    ) -> File:
        """A file that a person has chosen; it is in a conversation once it is posted with a message."""
        kind, now = mimetype or guess_type(name), int(self.now())
        file = File(new_id("F", self.rng), name, title or name, kind, content, user_id, now, self.site, **particulars)
        self.files[file.id] = file
        self.announce(ChangeKind.FILE_CHANGED, user=user_id)
        return file

    def delete_file(self, file_id: str) -> None:
        """The file is gone; messages keep a tombstone of it, and the app gets no event."""
        file = self.files[file_id]
        file.is_deleted = True
        for share in file.shares:
            if message := self.message(share.channel, share.ts):
                files = [
                    file.in_message(self.team_id) if each["id"] == file_id else each
                    for each in message.get("files", ())
                ]
                self.change_quietly(share.channel, message | {"files": files}, self.markdown_of(message))
        self.announce(ChangeKind.FILE_CHANGED, user=file.user)

    # Reading

    def messages(self, channel_id: str) -> list[Json]:
        """Every message of the channel as Slack shows it, replies too, oldest first."""
        return self._transcript.messages.all(channel_id)

    def top_level(self, channel_id: str) -> list[Json]:
        """The messages that stand in the channel itself: no replies, except those broadcast."""
        return self._transcript.messages.top_level(channel_id)

    def thread(self, channel_id: str, thread_ts: str) -> list[Json]:
        """The thread's root and its replies, oldest first."""
        return self._transcript.messages.thread(channel_id, thread_ts)

    def message(self, channel_id: str, ts: str) -> Json | None:
        """The message with this timestamp."""
        return self._transcript.messages.find(channel_id, ts)

    @property
    def statuses(self) -> Mapping[ThreadId, Status]:
        """The agent's statuses that are shown now, by channel and root of the thread."""
        return self.threads.statuses

    def markdown_of(self, message: Json) -> str:
        """The Markdown that a person sees in this message, exactly as it was sent, without its context blocks.

        Whether it was streamed, sent as `markdown_text` or as markdown blocks; of another message, its unescaped text.
        """
        return self._transcript.markdown_of(message)

    def notes_of(self, message: Json) -> list[str]:
        """The texts of the message's context blocks."""
        return [
            element["text"]
            for block in message.get("blocks", ())
            if block["type"] == "context"
            for element in block["elements"]
            if "text" in element
        ]

    # Following

    def changes(self) -> Subscription:
        """Everything that changes from now on; yields at most the last 10,000 changes, or MISSED in their place."""
        return self.notifications.subscribe()

    async def wait_for(self, predicate: Callable[[], Result], timeout: float = 5.0) -> Result:
        """The predicate's first true result, now or after a change. Raises TimeoutError."""
        return await self.notifications.wait_for(predicate, timeout)

    def announce(self, kind: ChangeKind, channel: str = "", ts: str = "", user: str = "") -> None:
        """Tell everybody who follows the workspace."""
        self.notifications.announce(Change(kind, channel, ts, user))

    def on_event(self, deliver: Deliver) -> None:
        """Hand every event that the app is to get to `deliver`."""
        self._feed.subscribers.append(deliver)

    # What people do

    async def post_as(
        self,
        user_id: str,
        channel_id: str,
        text: str,
        *,
        thread_ts: str | None = None,
        broadcast: bool = False,
        files: Iterable[File] = (),
        subtype: str | None = None,
        blocks: list[Json] | None = None,
    ) -> Json:
        """A person, or another bot, writes; the app gets the events that it may see. Returns the message.

        `text` is what was typed, with references such as <@U123> in Slack's form.
        """
        shared, root = list(files), self.message(channel_id, thread_ts or "")
        message = message_shapes.written(self.users[user_id], self.next_ts(), text, blocks, self.rng)
        if thread_ts:
            message |= {"thread_ts": thread_ts} | ({"parent_user_id": root["user"]} if root else {})
        if shared:
            message |= self.sharing(shared, channel_id, message)
        if broadcast:
            message["subtype"] = "thread_broadcast"
        if subtype:
            message["subtype"] = subtype
        return await self.add_message(channel_id, message)

    async def edit_as(self, user_id: str, channel_id: str, ts: str, text: str) -> Json:
        """A person edits a message of their own; a mention that the edit adds counts as a mention."""
        previous = self._own(user_id, channel_id, ts)
        message = message_shapes.edited(previous, self.users[user_id], self.next_ts(), text, self.rng)
        return await self.change_message(channel_id, message)

    async def delete_as(self, user_id: str, channel_id: str, ts: str) -> None:
        """A person deletes a message of their own; the root of a thread leaves a tombstone behind, as in Slack."""
        previous = self._own(user_id, channel_id, ts)
        if previous.get("reply_count"):
            await self.change_message(channel_id, message_shapes.tombstone(previous))
        else:
            await self.remove_message(channel_id, ts)

    async def join(self, user_id: str, channel_id: str) -> None:
        """A person, or the bot, becomes a member; the channel shows a channel_join message."""
        channel = self.channels[channel_id]
        if user_id in channel.members:
            return
        channel.members.append(user_id)
        self.announce(ChangeKind.CHANNEL_CHANGED, channel_id)
        noun = "channel" if channel.kind is ChannelKind.CHANNEL else "group"
        await self.add_message(channel_id, message_shapes.joined(user_id, self.next_ts(), noun))

    def leave(self, user_id: str, channel_id: str) -> None:
        """A member, or the bot, is no member any more."""
        self.channels[channel_id].members.remove(user_id)
        self.announce(ChangeKind.CHANNEL_CHANGED, channel_id)

    async def set_topic(self, user_id: str, channel_id: str, topic: str) -> None:
        """A person changes the topic; the channel shows a channel_topic message."""
        self.channels[channel_id].topic = topic
        self.announce(ChangeKind.CHANNEL_CHANGED, channel_id)
        await self.add_message(channel_id, message_shapes.topic_set(user_id, self.next_ts(), topic))

    async def open_app_home(self, user_id: str, tab: str = "messages") -> None:
        """A person opens the bot's home (`tab` is home) or the direct message with it (`tab` is messages)."""
        event = {"user": user_id, "channel": self.open_dm(user_id).id, "tab": tab, "event_ts": self.next_ts()}
        await self.emit("app_home_opened", {"type": "app_home_opened"} | event)

    def add_reaction(self, user_id: str, channel_id: str, ts: str, name: str) -> bool:
        """Put an emoji on a message; False when this person's is there already."""
        return self._transcript.react(user_id, channel_id, ts, name, add=True)

    def remove_reaction(self, user_id: str, channel_id: str, ts: str, name: str) -> bool:
        """Take this person's emoji away; False when there is none."""
        return self._transcript.react(user_id, channel_id, ts, name, add=False)

    # What the app does comes through here as well

    def next_ts(self) -> str:
        """A timestamp that no message has."""
        return self._timestamps.next()

    def authorship(self, user: User) -> Json:
        """The fields that show that a bot wrote a message."""
        return message_shapes.authorship(user)

    def sharing(self, files: Iterable[File], channel_id: str, message: Json) -> Json:
        """The fields of this message that bring the files, which are shared from now on."""
        shared = list(files)
        for file in shared:
            file.share(self.channels[channel_id], message)
        return message_shapes.sharing(shared, self.team_id)

    async def add_message(self, channel_id: str, message: Json, markdown: str | None = None) -> Json:
        """Store a new message and send its events; `markdown` is its source where it was sent as Markdown.

        Returns the message as it is stored.
        """
        return await self._transcript.add(channel_id, message, markdown)

    async def change_message(self, channel_id: str, message: Json, markdown: str | None = None) -> Json:
        """Put the message in the place of its older version, and send message_changed; returns it as it is stored."""
        return await self._transcript.change(channel_id, message, markdown)

    def change_quietly(self, channel_id: str, message: Json, markdown: str | None = None) -> Json:
        """The same without an event to the app, as while a message is streaming."""
        return self._transcript.change_quietly(channel_id, message, markdown)

    async def remove_message(self, channel_id: str, ts: str) -> None:
        """Take a message away, and send message_deleted."""
        await self._transcript.remove(channel_id, ts)

    async def emit(self, subscription: str, event: Json) -> None:
        """Send an event to the app, if it has subscribed to it."""
        await self._feed.emit(subscription, event)

    def _own(self, user_id: str, channel_id: str, ts: str) -> Json:
        message = self._transcript.existing(channel_id, ts)
        if message.get("user") != user_id:
            raise PermissionError(f"{user_id} did not write {ts}")
        return message
