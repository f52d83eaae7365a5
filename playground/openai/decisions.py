"""Structured output: what fills in a JSON schema, and whether it fits (pure)."""

from collections.abc import Callable, Mapping
from typing import Any

Decide = Callable[[Mapping[str, Any], str], Any]
"""Fills in a schema, given the newest message that a person wrote."""

_SIMPLEST: Mapping[str, Any] = {"object": {}, "array": [], "string": "", "integer": 0, "number": 0, "boolean": False}
_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def simplest(schema: Mapping[str, Any], _text: str = "") -> Any:
    """The simplest value that follows a schema of the kind that strict structured output takes."""
    if "anyOf" in schema:
        return simplest(schema["anyOf"][0])
    if "properties" in schema:
        return {name: simplest(child) for name, child in schema["properties"].items()}
    if "enum" in schema:
        return schema["enum"][0]
    kinds = schema.get("type", "null")
    return _SIMPLEST.get(kinds if isinstance(kinds, str) else kinds[0])


def always(**words: str) -> Decide:
    """Always these words for these names; what the schema has besides gets its simplest value."""
    return lambda schema, _text: {**simplest(schema), **words}


def follows(value: object, schema: Mapping[str, Any]) -> bool:
    """Whether a value follows such a schema."""
    if "anyOf" in schema:
        return any(follows(value, child) for child in schema["anyOf"])
    if "enum" in schema and value not in schema["enum"]:
        return False
    kinds = schema.get("type", list(_TYPES))
    types = {kind for name in ([kinds] if isinstance(kinds, str) else kinds) for kind in _TYPES[name]}
    if type(value) not in types:
        return False
    if isinstance(value, dict) and "properties" in schema:
        children: Mapping[str, Any] = schema["properties"]
        return value.keys() == children.keys() and all(follows(value[name], children[name]) for name in children)
    if isinstance(value, list) and "items" in schema:
        return all(follows(item, schema["items"]) for item in value)
    return True
