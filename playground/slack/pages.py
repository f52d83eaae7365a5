"""Cursor pagination."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from playground.slack.arguments import Refusal
from playground.slack.directory import Json

DEFAULT_LIMIT, MOST = 100, 1000

Item = TypeVar("Item")


def read_limit(given: Json, default: int = DEFAULT_LIMIT, most: int = MOST) -> int:
    """How many items a page may have. Raises Refusal."""
    limit: int = given.get("limit", default) or default
    if not 1 <= limit <= most:
        raise Refusal("invalid_limit")
    return limit


def page(items: Sequence[Item], given: Json, limit: int) -> tuple[list[Item], Json]:
    """The items from the call's cursor on, and the response_metadata that leads to the next page. Raises Refusal."""
    start = _position(given.get("cursor", ""))
    if start > len(items):
        raise Refusal("invalid_cursor")
    end = start + limit
    following = _cursor(end) if end < len(items) else ""
    return list(items[start:end]), {"next_cursor": following}


def _cursor(position: int) -> str:
    return base64.b64encode(f"next:{position}".encode()).decode()


def _position(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
    except (binascii.Error, ValueError):
        raise Refusal("invalid_cursor") from None
