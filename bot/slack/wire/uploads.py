"""The first two of the three steps in which a file comes to Slack; in the third it is shown somewhere."""

import asyncio
import logging

from bot.domain.errors import PlatformUnavailable
from bot.slack.payload import text_at
from bot.slack.wire.calls import SlackCalls
from bot.slack.wire.errors import SlackRefusal
from bot.slack.wire.pacer import Priority
from bot.slack.wire.transfers import Transfers

log = logging.getLogger(__name__)

_ANNOUNCE = "files.getUploadURLExternal"
_TRIES = 5


async def upload(calls: SlackCalls, name: str, content: bytes, alt_text: str | None = None, pause: float = 1.0) -> str:
    """Bring the bytes to Slack, where nobody sees them yet; the file's id, a new one with each try.

    `pause` is how many seconds pass between the first two tries; they double with each further one. Raises
    PlatformError.
    """
    for attempt in range(_TRIES):
        await asyncio.sleep(pause * 2 ** (attempt - 1) if attempt else 0)
        announced = await calls.call(
            _ANNOUNCE, priority=Priority.FINAL, filename=name, length=len(content), alt_txt=alt_text
        )
        if not (file_id := text_at(announced, "file_id")):
            raise SlackRefusal(_ANNOUNCE, "unknown_method")
        try:
            await Transfers.of(calls.client).put(text_at(announced, "upload_url"), content)
        except PlatformUnavailable as error:
            log.info("a file was not uploaded: %s", error)
        else:
            return file_id
    raise PlatformUnavailable(f"no upload in {_TRIES} tries")
