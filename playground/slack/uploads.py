"""Uploads that have been announced, and not yet completed; and sharing that takes its time."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable
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
    """Announced uploads by the secret part of their address, which needs no token.

    `sharing_delay` is the time in seconds from a completed upload to its message; None for none.
    """

    def __init__(self, rng: random.Random, sharing_delay: float | None = None) -> None:
        self._rng = rng
        self._sharing_delay = sharing_delay
        self._uploads: dict[str, Upload] = {}
        self._sharing: set[asyncio.Task[None]] = set()

    @property
    def is_late(self) -> bool:
        """Whether sharing happens after the answer."""
        return self._sharing_delay is not None

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

    def arrived(self, file_id: str) -> Upload | None:
        """The upload whose bytes have arrived, and which nobody has completed."""
        uploads = self._uploads.values()
        return next((each for each in uploads if each.file_id == file_id and each.content is not None), None)

    def complete(self, uploads: Iterable[Upload]) -> None:
        """They are no longer expected."""
        done = {upload.file_id for upload in uploads}
        self._uploads = {key: upload for key, upload in self._uploads.items() if upload.file_id not in done}

    async def share(self, share: Callable[[], Awaitable[None]]) -> None:
        """Do it now, or after the delay, without waiting for it."""
        if self._sharing_delay is None:
            await share()
            return
        task = asyncio.create_task(_later(self._sharing_delay, share))
        self._sharing.add(task)
        task.add_done_callback(self._sharing.discard)

    def close(self) -> None:
        """What is not shared yet never will be."""
        for task in self._sharing:
            task.cancel()


async def _later(delay: float, share: Callable[[], Awaitable[None]]) -> None:
    await asyncio.sleep(delay)
    await share()
