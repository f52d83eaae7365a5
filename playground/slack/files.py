"""Files that people and the app have put into the workspace."""

import mimetypes
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypedDict
from urllib.parse import quote

from playground.slack.clips import Clip
from playground.slack.directory import Channel, ChannelKind, Json
from playground.slack.downloads import Obstacle
from playground.slack.pictures import fitted, picture_size

THUMBNAILS = (64, 80, 360, 480, 720, 800, 960, 1024)
"""Pixels; a picture has the first three, and of the others those that are not larger than itself."""

LABELLED = 360
"""Pixels; thumbnails from this size on come with their width and height."""

UNKNOWN_TYPE = "application/octet-stream"


class Particulars(TypedDict, total=False):
    """What makes a file unlike an ordinary upload; see the fields of File with these names."""

    alt_text: str
    size: int
    external_type: str
    is_foreign: bool
    clip: Clip
    obstacle: Obstacle


@dataclass(frozen=True, slots=True)
class Share:
    """A message that brings a file."""

    channel: str
    channel_name: str
    is_public: bool
    ts: str
    thread_ts: str = ""


@dataclass(slots=True)
class File:
    """A file with its bytes; `site` is the address under which the server offers them.

    `size` is what Slack says of the size, where it does not say the truth. `external_type` (such as gdrive) makes it a
    link to a file that another service keeps. `is_foreign` makes it another organisation's in a shared channel, of
    which messages show a stub. `obstacle` stands in the way of a download. `is_processed` is false while Slack, after
    an upload, does not know yet what it has got.
    """

    id: str
    name: str
    title: str
    mimetype: str
    content: bytes
    user: str
    created: int
    site: str = ""
    alt_text: str = ""
    size: int | None = None
    external_type: str = ""
    is_foreign: bool = False
    clip: Clip | None = None
    obstacle: Obstacle | None = None
    is_processed: bool = True
    is_deleted: bool = False
    secret: str = field(default_factory=lambda: secrets.token_hex(5))
    shares: list[Share] = field(default_factory=list)

    def share(self, channel: Channel, message: Json) -> None:
        """Note that this message brings the file; noting it twice changes nothing."""
        is_public = channel.kind is ChannelKind.CHANNEL
        share = Share(channel.id, channel.name, is_public, message["ts"], message.get("thread_ts", ""))
        if share not in self.shares:
            self.shares.append(share)

    def in_message(self, team_id: str) -> Json:
        """What messages and their events show: the file object, or a stub of what is not for the app's eyes."""
        if self.is_deleted:
            return {"id": self.id, "mode": "tombstone"}
        if self.is_foreign:
            return {"id": self.id, "mode": "file_access", "file_access": "check_file_info"}
        return self.as_json(team_id)

    def as_json(self, team_id: str) -> Json:
        """The whole file object."""
        shown = {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title,
            "user": self.user,
            "user_team": team_id,
            "editable": False,
            "size": len(self.content) if self.size is None else self.size,
            "mode": "external" if self.external_type else "hosted",
            "is_external": bool(self.external_type),
            "external_type": self.external_type,
            "is_public": any(share.is_public for share in self.shares),
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            "permalink": f"{self.site}/archives/files/{self.id}",
            "has_rich_preview": False,
            "file_access": "visible",
        }
        shown |= self._kind() | self._addresses(team_id) | self._picture(team_id)
        shown |= {"alt_txt": self.alt_text} if self.alt_text else {}
        return shown | (self.clip.as_fields() if self.clip else {})

    def shares_as_json(self, team_id: str) -> Json:
        """Where the file is: the object `shares` of files.info."""
        shown: Json = {}
        for share in self.shares:
            reach = shown.setdefault("public" if share.is_public else "private", {})
            entry: Json = {
                "reply_users": [],
                "reply_users_count": 0,
                "reply_count": 0,
                "ts": share.ts,
                "channel_name": share.channel_name,
                "team_id": team_id,
                "share_user_id": self.user,
            }
            reach.setdefault(share.channel, []).append(
                entry | ({"thread_ts": share.thread_ts} if share.thread_ts else {})
            )
        return shown

    def _kind(self) -> Json:
        if not self.is_processed:
            return {"mimetype": "", "filetype": "", "pretty_type": ""}
        suffix = self.name.rpartition(".")[2].lower() if "." in self.name else "binary"
        return {"mimetype": self.mimetype, "filetype": suffix, "pretty_type": suffix.upper()}

    def _addresses(self, team_id: str) -> Json:
        if self.external_type:
            return {"url_private": f"https://{self.external_type}.invalid/{self.id}"}
        path, name = f"{self.site}/files/{team_id}-{self.id}", quote(self.name, safe="")
        return {"url_private": f"{path}/{name}", "url_private_download": f"{path}/download/{name}"}

    def _picture(self, team_id: str) -> Json:
        size = picture_size(self.content) if self.is_processed and not self.external_type else None
        if size is None:
            return {}
        width, height = size
        shown: Json = {"original_w": width, "original_h": height}
        stem = quote(self.name.rpartition(".")[0] or self.name, safe="")
        for box in (box for box in THUMBNAILS if box <= max(LABELLED, *size)):
            shown[f"thumb_{box}"] = f"{self.site}/files-tmb/{team_id}-{self.id}-{self.secret}/{stem}_{box}.png"
            if box >= LABELLED:
                shown[f"thumb_{box}_w"], shown[f"thumb_{box}_h"] = fitted(width, height, box)
        return shown


def file_of(files: Mapping[str, File], folder: str) -> File | None:
    """The file that an address means, by its part `T…-F…` or, of a thumbnail, `T…-F…-secret`."""
    _team, _, rest = folder.partition("-")
    return files.get(rest.partition("-")[0])


def guess_type(name: str) -> str:
    """The media type that the file's name promises."""
    return mimetypes.guess_type(name)[0] or UNKNOWN_TYPE
