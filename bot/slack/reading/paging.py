"""Reads what Slack tells page by page."""

import logging
from collections.abc import AsyncGenerator
from typing import Any

from bot.slack.payload import Json, object_at, text_at
from bot.slack.wire.calls import SlackCalls
from bot.slack.wire.pacer import Priority

log = logging.getLogger(__name__)


async def pages(calls: SlackCalls, method: str, *, most: int, **arguments: Any) -> AsyncGenerator[Json, None]:
    """The first pages of a method that has cursors, `most` of them at most. Raises PlatformError."""
    cursor = ""
    for _ in range(most):
        page = await calls.call(method, priority=Priority.READ, cursor=cursor or None, **arguments)
        yield page
        cursor = text_at(object_at(page, "response_metadata"), "next_cursor")
        if not cursor:
            return
    log.warning("%s has more than %d pages; the rest is not read", method, most)
