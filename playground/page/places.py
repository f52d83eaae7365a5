"""Who acts on the page, and where. Raises a refusal in words for people."""

from collections.abc import Mapping
from typing import Any

from playground.page.posts import refusal
from playground.slack.directory import Channel, ChannelKind, User
from playground.slack.workspace import Workspace


def read_person(workspace: Workspace, posted: Mapping[str, Any]) -> User:
    """Who acts."""
    user = workspace.users.get(str(posted.get("user")))
    if user is None or user.is_bot:
        raise refusal("There is no such person to speak as.")
    return user


def read_channel(workspace: Workspace, posted: Mapping[str, Any], user: User) -> Channel:
    """The conversation, which this person can see."""
    channel = workspace.channels.get(str(posted.get("channel")))
    if channel is None or (channel.kind is not ChannelKind.CHANNEL and user.id not in channel.members):
        raise refusal("There is no such conversation for this person.")
    return channel


def read_place(workspace: Workspace, posted: Mapping[str, Any]) -> tuple[User, Channel, str]:
    """Who acts, in which channel, and in which thread, if in one."""
    user = read_person(workspace, posted)
    channel = read_channel(workspace, posted, user)
    thread = str(posted.get("thread") or "")
    root = workspace.message(channel.id, thread)
    if thread and (root is None or root.get("thread_ts", thread) != thread):
        raise refusal("There is no such thread.")
    return user, channel, thread
