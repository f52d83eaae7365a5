"""The app as it is installed in the workspace: its tokens and scopes, and what Slack allows it."""

from dataclasses import dataclass, field

from playground.slack.arguments import Refusal
from playground.slack.directory import Channel, ChannelKind, Json, User
from playground.slack.socket_mode import SocketMode
from playground.slack.streams import Streams
from playground.slack.uploads import Uploads
from playground.slack.views import Views
from playground.slack.workspace import Workspace

BOT_TOKEN = "xoxb-playground"  # a local stand-in accepts it; no real workspace would
APP_TOKEN = "xapp-playground"  # the same for Socket Mode

SCOPES = frozenset(
    {
        "app_mentions:read",
        "assistant:write",
        "channels:history",
        "channels:read",
        "chat:write",
        "chat:write.customize",
        "commands",
        "files:read",
        "files:write",
        "groups:history",
        "groups:read",
        "im:history",
        "im:read",
        "im:write",
        "mpim:history",
        "mpim:read",
        "reactions:read",
        "reactions:write",
        "team:read",
        "usergroups:read",
        "users:read",
    }
)
"""Everything that an app of this kind may ask for."""

SCOPE_PREFIX = {
    ChannelKind.CHANNEL: "channels",
    ChannelKind.GROUP: "groups",
    ChannelKind.IM: "im",
    ChannelKind.MPIM: "mpim",
}


@dataclass(slots=True)
class Installation:
    """What every method of the Web API works on.

    `unstreamable` holds channel ids and channel kinds in which native streams are refused.
    """

    workspace: Workspace
    sockets: SocketMode
    streams: Streams
    views: Views
    uploads: Uploads
    bot_token: str = BOT_TOKEN
    app_token: str = APP_TOKEN
    scopes: set[str] = field(default_factory=lambda: set(SCOPES))
    unstreamable: set[str] = field(default_factory=set)

    @property
    def bot(self) -> User:
        """The app's own user."""
        return self.workspace.users[self.workspace.bot.user_id]

    def need(self, scope: str) -> None:
        """Raises Refusal missing_scope, unless the app has the scope."""
        if scope and scope not in self.scopes:
            raise Refusal("missing_scope", needed=scope, provided=",".join(sorted(self.scopes)))

    def channel(self, channel_id: str, purpose: str = "", *, member: bool = False) -> Channel:
        """A conversation that the app can see; `purpose` (history, read, write) names the scope for this kind.

        Raises Refusal channel_not_found, missing_scope, and not_in_channel where membership is needed.
        """
        channel = self.workspace.channels.get(channel_id)
        if channel is None:
            raise Refusal("channel_not_found")
        is_member = self.bot.id in channel.members
        if channel.kind is not ChannelKind.CHANNEL and not is_member:
            raise Refusal("channel_not_found")
        if purpose:
            self.need(f"{SCOPE_PREFIX[channel.kind]}:{purpose}")
        if member and not is_member:
            raise Refusal("not_in_channel")
        return channel

    def writable(self, channel_id: str) -> Channel:
        """A conversation in which the app may post. A user's id stands for the direct message with them."""
        if channel_id in self.workspace.users and channel_id != self.bot.id:
            return self.workspace.open_dm(channel_id)
        channel = self.channel(channel_id, member="chat:write.public" not in self.scopes)
        if channel.is_archived:
            raise Refusal("is_archived")
        return channel

    def message(self, channel_id: str, ts: str, error: str = "message_not_found") -> Json:
        """A message of this channel. Raises Refusal with the method's own error."""
        message = self.workspace.message(channel_id, ts)
        if message is None:
            raise Refusal(error)
        return message

    def thread_root(self, channel_id: str, thread_ts: str) -> Json:
        """The first message of a thread that the app replies to.

        Slack advises against a reply's ts (reference of chat.postMessage); this double refuses it.
        """
        root = self.message(channel_id, thread_ts, "thread_not_found")
        if root.get("thread_ts") not in (None, thread_ts):
            raise Refusal("cannot_reply_to_message")
        return root
