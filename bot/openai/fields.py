"""Reads the fields of what a server sends: objects of the library, or plain JSON, in which anything may be missing."""

from collections.abc import Iterable, Mapping
from typing import Any


def field_of(thing: object, name: str) -> object:
    """This field; None where there is none."""
    return thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)


def text_of(thing: object, name: str) -> str:
    """This field, if it is a text; otherwise an empty one."""
    value = field_of(thing, name)
    # Half a surrogate pair can stand in JSON, but nowhere else.
    return value.encode(errors="replace").decode() if isinstance(value, str) else ""


def number_of(thing: object, name: str) -> int:
    """This field, if it is a whole number; otherwise 0."""
    value = field_of(thing, name)
    return value if isinstance(value, int) else 0


def list_of(thing: object, name: str) -> Iterable[object]:
    """This field, if it is a list; otherwise an empty one."""
    value = field_of(thing, name)
    return value if isinstance(value, list) else []


def json_of(thing: object) -> dict[str, Any]:
    """This object of JSON as it can be sent; empty for anything else."""
    return {str(name): _sendable(value) for name, value in thing.items()} if isinstance(thing, Mapping) else {}


def _sendable(value: object) -> object:
    if isinstance(value, str):
        return value.encode(errors="replace").decode()
    if isinstance(value, list):
        return [_sendable(each) for each in value]
    return json_of(value) if isinstance(value, Mapping) else value
