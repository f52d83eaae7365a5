"""The rules of strict mode for a JSON schema (pure)."""

from collections.abc import Iterator, Mapping
from typing import Any

from playground.openai.errors import ApiError
from playground.openai.fields import an_array, an_object


def check_strict(schema: Mapping[str, Any], owner: str, param: str, code: str) -> None:
    """Raises ApiError with this code unless strict mode takes the schema, which belongs to `owner`."""

    def invalid(path: tuple[str, ...], reason: str) -> ApiError:
        where = ", ".join(f"'{step}'" for step in path)
        return ApiError(400, f"Invalid schema for {owner}: In context=({where}), {reason}.", code, param)

    if schema.get("type") != "object":
        raise invalid((), "schema must be a JSON Schema of 'type: \"object\"'")
    for path, node in _objects(schema, ()):
        properties = an_object(node.get("properties", {}), param)
        if node.get("additionalProperties") is not False:
            raise invalid(path, "'additionalProperties' is required to be supplied and to be false")
        required = an_array(node.get("required", []), param)
        missing = [key for key in properties if key not in required]
        if missing:
            reason = f"'required' must be an array including every key in properties. Missing '{missing[0]}'"
            raise invalid(path, reason)


def _objects(node: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    """Every object schema below `node`, with its path."""
    if isinstance(node, list):
        for index, child in enumerate(node):
            yield from _objects(child, (*path, str(index)))
    if isinstance(node, dict):
        if node.get("type") == "object" or "properties" in node:
            yield path, node
        for key, child in node.items():
            if key in ("properties", "items", "anyOf", "$defs") or path[-1:] in (("properties",), ("$defs",)):
                yield from _objects(child, (*path, key))
