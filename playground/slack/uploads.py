"""Uploads that have been announced, and not yet completed."""

import random
from dataclasses import dataclass

from playground.slack.directory import new_id


@dataclass(slots=True)
class Upload:
    """An announced file; `content` is None until its bytes have arrived."""

    file_id: str
    name: str
    length: int
    alt_text: str = ""
    content: bytes | None = None


class Uploads:
    """Announced uploads by the secret part of their address, which needs no token."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._uploads: dict[str, Upload] = {}

    def announce(self, name: str, length: int, alt_text: str) -> tuple[str, Upload]:
        """Expect a file; returns its key and itself."""
        key = f"{self._rng.getrandbits(128):032x}"
        self._uploads[key] = Upload(new_id("F", self._rng), name, length, alt_text)
        return key, self._uploads[key]

    def receive(self, key: str, content: bytes) -> bool:
        """Take the bytes; False when nothing is expected here, or the size is not the announced one."""
        upload = self._uploads.get(key)
        if upload is None or len(content) != upload.length:
            return False
        upload.content = content
        return True

    def take(self, file_id: str) -> Upload | None:
        """The upload whose bytes have arrived; it is no longer expected."""
        for key, upload in self._uploads.items():
            if upload.file_id == file_id and upload.content is not None:
                return self._uploads.pop(key)
        return None
