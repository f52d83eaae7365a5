"""Reads Slack's JSON without trusting its shape: what is missing, or is something else, reads as empty."""

import json
from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]


def parsed(text: Any) -> Json:
    """The JSON object that this text is."""
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def text_at(payload: Json, key: str) -> str:
    """The text under this key."""
    value = payload.get(key)
    # Half a surrogate pair can stand in JSON, but nowhere else: OpenAI would never get the thread that has one.
    return value.encode(errors="replace").decode() if isinstance(value, str) else ""


def whole_number_at(payload: Json, key: str) -> int:
    """The whole number under this key, or 0."""
    value = payload.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def object_at(payload: Json, *path: str) -> Json:
    """The object under the last of these keys, each of which is in the object under the one before."""
    for key in path:
        value = payload.get(key)
        payload = value if isinstance(value, dict) else {}
    return payload


def list_at(payload: Json, key: str) -> list[Any]:
    """The list under this key."""
    value = payload.get(key)
    return value if isinstance(value, list) else []


def objects_at(payload: Json, key: str) -> list[Json]:
    """The objects in the list under this key; whatever else it holds is left out."""
    return [item for item in list_at(payload, key) if isinstance(item, dict)]
