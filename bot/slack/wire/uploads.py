"""The first two of the three steps in which a file comes to Slack; in the third it is shown somewhere."""

import logging

from bot.domain.errors import PlatformUnavailable
from bot.slack.payload import text_at
from bot.slack.wire.calls import SlackCalls
from bot.slack.wire.errors import SlackRefusal
from bot.slack.wire.pacer import Priority
from bot.slack.wire.transfers import Transfers

log = logging.getLogger(__name__)


async def upload(
    calls: SlackCalls, transfers: Transfers, name: str, content: bytes, alt_text: str | None = None
) -> str | None:
    """Bring the bytes to Slack, where nobody sees them yet; the file's id, or None when they did not arrive.

    Raises PlatformError (files.getUploadURLExternal).
    """
    announced = await calls.call(
        "files.getUploadURLExternal",
        priority=Priority.FINAL,
        filename=name,
        length=len(content),
        alt_txt=alt_text,
    )
    file_id = text_at(announced, "file_id")
    if not file_id:
        raise SlackRefusal("files.getUploadURLExternal", "unknown_method")
    try:
        await transfers.put(text_at(announced, "upload_url"), content)
    except PlatformUnavailable as error:
        log.info("a file was not uploaded: %s", error)
        return None
    return file_id
