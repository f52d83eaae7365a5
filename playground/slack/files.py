"""Files that people and the app have put into the workspace."""

import mimetypes
import secrets
from dataclasses import dataclass, field

from playground.slack.directory import Json


@dataclass(slots=True)
class File:
    """A file with its bytes; `site` is the address under which the server offers them."""

    id: str
    name: str
    title: str
    mimetype: str
    content: bytes
    user: str
    created: int
    site: str = ""
    alt_text: str = ""
    secret: str = field(default_factory=lambda: secrets.token_hex(5))
    shares: list[tuple[str, str]] = field(default_factory=list)

    def as_json(self, team_id: str) -> Json:
        """The file object of messages and files.info."""
        suffix = self.name.rpartition(".")[2].lower() if "." in self.name else "binary"
        path = f"{self.site}/files/{team_id}-{self.id}"
        return {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title,
            "mimetype": self.mimetype,
            "filetype": suffix,
            "pretty_type": suffix.upper(),
            "user": self.user,
            "user_team": team_id,
            "editable": False,
            "size": len(self.content),
            "mode": "hosted",
            "is_external": False,
            "external_type": "",
            "is_public": False,
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            "url_private": f"{path}/{self.name}",
            "url_private_download": f"{path}/download/{self.name}",
            "permalink": f"{self.site}/archives/files/{self.id}",
            "has_rich_preview": False,
            "file_access": "visible",
        } | ({"alt_txt": self.alt_text} if self.alt_text else {})


def guess_type(name: str) -> str:
    """The media type that the file's name promises."""
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
