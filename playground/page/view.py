"""What the page shows of the workspace: Slack's objects, turned into those that `static/workspace.js` keeps."""

from collections.abc import Iterable

from playground.page.app import App, app_view, home_news, modal_news
from playground.page.files import file_view
from playground.page.markup.blocks import blocks
from playground.page.markup.html import Html, Names, emoji, join
from playground.page.markup.markdown import markdown
from playground.page.markup.mrkdwn import mrkdwn
from playground.slack.changes import Change, ChangeKind
from playground.slack.directory import Channel, ChannelKind, Json, User
from playground.slack.ephemerals import find_ephemeral
from playground.slack.files import File
from playground.slack.rich_text import unescape
from playground.slack.threads import Status, ThreadId
from playground.slack.workspace import Workspace

MESSAGES_SHOWN = 1_000
"""How many messages of a channel a page gets when it opens, replies among them; the newest ones."""

_EXPANDED_MARKDOWN = frozenset({"rich_text", "header", "table", "divider"})
_EVENTS = ("_join", "_leave", "_topic", "_purpose", "_name", "_archive", "_unarchive")


def everything(workspace: Workspace, answers: str, app: App | None = None) -> Json:
    """The whole workspace, for a page that has just opened; `answers` says who answers in it."""
    names = _names(workspace)
    messages = [
        _message(workspace, channel_id, message, names)
        for channel_id in workspace.channels
        for message in workspace.messages(channel_id)[-MESSAGES_SHOWN:]
    ]
    return {
        "type": "everything",
        "name": workspace.team_name,
        "answers": answers,
        "people": [person_view(user) for user in workspace.users.values() if not user.deleted],
        "channels": [channel_view(channel) for channel in workspace.channels.values() if not channel.is_archived],
        "messages": messages + [message_view(each, each["channel"], names) for each in workspace.ephemerals],
        "statuses": [
            status_view(thread, status, workspace.bot.user_id) for thread, status in workspace.statuses.items()
        ],
        "sessions": [session_view(thread, state) for thread, state in workspace.threads.sessions.items()],
        "app": app and app_view(app, workspace.bot.user_id),
        "surfaces": []
        if app is None
        else [
            shown(app, user.id, _names(workspace, user.id))
            for user in workspace.users.values()
            if not user.is_bot
            for shown in (modal_news, home_news)
        ],
    }


def news(workspace: Workspace, change: Change, answers: str, app: App | None = None) -> Json | None:
    """What a page must know of a change: the thing that changed as it is now; None for what pages do not show."""
    told: Json | None = None
    match change.kind:
        case ChangeKind.MESSAGE_POSTED | ChangeKind.MESSAGE_CHANGED | ChangeKind.REACTIONS_CHANGED:
            if message := workspace.message(change.channel, change.ts):
                told = {"type": "message", "message": _message(workspace, change.channel, message, _names(workspace))}
        case ChangeKind.MESSAGE_DELETED:
            told = {"type": "message_gone", "channel": change.channel, "ts": change.ts}
        case ChangeKind.EPHEMERAL_POSTED:
            if message := find_ephemeral(workspace, change.channel, change.ts, change.user):
                told = {"type": "message", "message": message_view(message, change.channel, _names(workspace))}
        case ChangeKind.STATUS_CHANGED:
            thread = (change.channel, change.ts)
            status = workspace.statuses.get(thread, Status(""))
            told = {"type": "status", "status": status_view(thread, status, workspace.bot.user_id)}
        case ChangeKind.SESSION_CHANGED:
            thread = (change.channel, change.ts)
            told = {"type": "session", "session": session_view(thread, workspace.threads.sessions[thread])}
        case ChangeKind.CHANNEL_CHANGED:
            told = {"type": "channel", "channel": channel_view(workspace.channels[change.channel])}
        case ChangeKind.USER_CHANGED:
            told = {"type": "person", "person": person_view(workspace.users[change.user])}
        case ChangeKind.VIEW_CHANGED | ChangeKind.HOME_CHANGED if app:
            shown = modal_news if change.kind is ChangeKind.VIEW_CHANGED else home_news
            told = shown(app, change.user, _names(workspace, change.user))
        case ChangeKind.MISSED:
            told = everything(workspace, answers, app)
        case _:
            pass
    return told


def person_view(user: User) -> Json:
    """A person or a bot."""
    return {"id": user.id, "name": shown_name(user), "full_name": user.real_name, "is_bot": user.is_bot}


def shown_name(user: User) -> str:
    """The name that people see, chosen as Slack's own clients choose it."""
    return user.display_name or user.real_name


def channel_view(channel: Channel) -> Json:
    """A channel or a direct message."""
    return {
        "id": channel.id,
        "name": channel.name,
        "topic": channel.topic,
        "members": channel.members,
        "is_direct": channel.kind is ChannelKind.IM,
        "is_private": channel.kind is not ChannelKind.CHANNEL,
    }


def status_view(thread: ThreadId, status: Status, author: str) -> Json:
    """What the bot says that it is doing in a thread; an empty text takes it away."""
    channel_id, root = thread
    return {"channel": channel_id, "thread": root, "author": author, "text": status.text}


def session_view(thread: ThreadId, state: str) -> Json:
    """Whether the bot is working in a thread, so that people may stop it."""
    channel_id, root = thread
    return {"channel": channel_id, "thread": root, "processing": state == "processing"}


def message_view(
    message: Json, channel_id: str, names: Names, source: str | None = None, files: Iterable[File] = ()
) -> Json:
    """A message of a channel; `source` is its Markdown, if it was written in Markdown, and `files` are its files."""
    subtype = message.get("subtype", "")
    return {
        "channel": channel_id,
        "ts": message["ts"],
        "thread": message.get("thread_ts", ""),
        "author": message.get("user", ""),
        "html": content(message, names, source),
        "is_event": subtype.endswith(_EVENTS),
        "edited": "edited" in message,
        "deleted": subtype == "tombstone",
        "streaming": message.get("streaming_state") == "in_progress",
        "broadcast": subtype == "thread_broadcast",
        "visible_to": message.get("shown_to", ""),
        "files": [file_view(file) for file in files],
        "reactions": [
            {"name": reaction["name"], "emoji": emoji(reaction["name"]), "count": reaction["count"]}
            for reaction in message.get("reactions", ())
        ],
    }


def content(message: Json, names: Names, source: str | None) -> Html:
    """The Markdown with the blocks that do not come of it, such as notes; or else all blocks; or else the text."""
    given = message.get("blocks", [])
    if source is not None:
        return join([markdown(source, names), blocks((b for b in given if b["type"] not in _EXPANDED_MARKDOWN), names)])
    return blocks(given, names) if given else mrkdwn(message.get("text", ""), names)


def _message(workspace: Workspace, channel_id: str, message: Json, names: Names) -> Json:
    source: str | None = workspace.markdown_of(message)
    if "streaming_state" not in message and source == unescape(message.get("text", "")):
        # Nothing tells plain text from Markdown without marks, and both look the same.
        source = None
    # People see the whole of a file, also where the app gets a stub.
    files = [workspace.files[each["id"]] for each in message.get("files", ()) if each["id"] in workspace.files]
    return message_view(message, channel_id, names, source, files)


def _names(workspace: Workspace, reader: str = "") -> Names:
    """The names of everything, or of what this person can see."""
    people = {user.id: shown_name(user) for user in workspace.users.values()}
    seen = (
        channel
        for channel in workspace.channels.values()
        if not reader or channel.kind is ChannelKind.CHANNEL or reader in channel.members
    )
    return Names(people, {channel.id: channel.name for channel in seen})
