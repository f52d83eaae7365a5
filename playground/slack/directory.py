"""Who is in the workspace, and where they talk."""

import random
import string
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Json = dict[str, Any]


class ChannelKind(StrEnum):
    """Slack's kinds of conversation, as events name them in `channel_type`."""

    CHANNEL = "channel"
    GROUP = "group"
    IM = "im"
    MPIM = "mpim"


ID_PREFIX = {ChannelKind.CHANNEL: "C", ChannelKind.GROUP: "C", ChannelKind.IM: "D", ChannelKind.MPIM: "G"}


@dataclass(frozen=True, slots=True)
class Bot:
    """The app under test, as the workspace knows it."""

    user_id: str
    bot_id: str
    app_id: str
    name: str


@dataclass(slots=True)
class User:
    """A person or a bot; `bot_id` is set for bots only."""

    id: str
    name: str
    real_name: str
    team_id: str
    is_bot: bool = False
    bot_id: str = ""
    app_id: str = ""
    display_name: str = ""
    deleted: bool = False
    title: str = ""
    status: str = ""
    time_zone: tuple[str, int] = ("Europe/London", 0)
    locale: str = "en-US"

    def as_json(self) -> Json:
        """The user object of users.info."""
        shown: Json = {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "deleted": self.deleted,
            "real_name": self.real_name,
            "tz": self.time_zone[0],
            "tz_label": self.time_zone[0],
            "tz_offset": self.time_zone[1],
            "profile": {
                "real_name": self.real_name,
                "real_name_normalized": self.real_name,
                "display_name": self.display_name,
                "display_name_normalized": self.display_name,
                "team": self.team_id,
                "title": self.title,
                "status_text": self.status,
                "status_emoji": ":speech_balloon:" if self.status else "",
                "status_expiration": 0,
            },
            "is_admin": False,
            "is_owner": False,
            "is_restricted": False,
            "is_ultra_restricted": False,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": 1_700_000_000,
        }
        if self.is_bot:
            shown["profile"] |= {"bot_id": self.bot_id, "api_app_id": self.app_id}
        return shown


@dataclass(slots=True)
class Channel:
    """A conversation; `members` keeps the order in which people joined."""

    id: str
    name: str
    kind: ChannelKind
    created: int
    members: list[str] = field(default_factory=list)
    topic: str = ""
    purpose: str = ""
    is_archived: bool = False
    is_ext_shared: bool = False

    def as_json(self, seen_by: str) -> Json:
        """The conversation object of conversations.info, for this member."""
        if self.kind is ChannelKind.IM:
            other = next((member for member in self.members if member != seen_by), seen_by)
            return {
                "id": self.id,
                "created": self.created,
                "is_im": True,
                "user": other,
                "is_archived": False,
                "is_org_shared": False,
                "is_open": True,
                "priority": 0,
            }
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "created": self.created,
            "creator": self.members[0] if self.members else "",
            "is_channel": self.kind is ChannelKind.CHANNEL,
            "is_group": self.kind is ChannelKind.GROUP,
            "is_im": False,
            "is_mpim": self.kind is ChannelKind.MPIM,
            "is_private": self.kind is not ChannelKind.CHANNEL,
            "is_archived": self.is_archived,
            "is_general": False,
            "is_shared": self.is_ext_shared,
            "is_ext_shared": self.is_ext_shared,
            "is_org_shared": False,
            "is_member": seen_by in self.members,
            "topic": {"value": self.topic, "creator": "", "last_set": 0},
            "purpose": {"value": self.purpose, "creator": "", "last_set": 0},
            "num_members": len(self.members),
        }


def new_id(prefix: str, rng: random.Random) -> str:
    """An id such as Slack gives: a letter that tells the kind, then ten capital letters and digits."""
    return prefix + "0" + "".join(rng.choices(string.ascii_uppercase + string.digits, k=9))
