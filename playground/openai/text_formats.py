"""The `text` parameter: verbosity, and the formats with their rules for strict JSON schemas (pure)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from playground.openai.errors import ApiError, invalid
from playground.openai.fields import a_boolean, a_string, an_array, an_object, one_of

_FORMATS: Mapping[str, tuple[str, ...]] = {
    "text": ("type",),
    "json_object": ("type",),
    "json_schema": ("type", "name", "schema", "strict", "description"),
}
_SCHEMA_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def check_text(value: object, param: str) -> None:
    """Raises ApiError unless the API would take this `text` object."""
    fields = an_object(value, param, ("format", "verbosity"))
    if fields.get("verbosity") is not None:
        one_of(fields["verbosity"], f"{param}.verbosity", ("low", "medium", "high"))
    if fields.get("format") is not None:
        _check_format(fields["format"], f"{param}.format")


def _check_format(value: object, param: str) -> None:
    kind = one_of(an_object(value, param, required=("type",))["type"], f"{param}.type", _FORMATS)
    fields = an_object(value, param, _FORMATS[kind], ("name", "schema") if kind == "json_schema" else ())
    if kind != "json_schema":
        return
    if not _SCHEMA_NAME.fullmatch(a_string(fields["name"], f"{param}.name")):
        reason = "string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'."
        raise invalid(f"{param}.name", reason)
    schema = an_object(fields["schema"], f"{param}.schema")
    strict = fields.get("strict")
    if strict is not None and a_boolean(strict, f"{param}.strict"):
        _check_strict(schema, fields["name"], f"{param}.schema")


def _check_strict(schema: Mapping[str, Any], name: str, param: str) -> None:
    if schema.get("type") != "object":
        raise _invalid_schema(name, param, (), "schema must be a JSON Schema of 'type: \"object\"'")
    for path, node in _objects(schema, ()):
        properties = an_object(node.get("properties", {}), param)
        if node.get("additionalProperties") is not False:
            reason = "'additionalProperties' is required to be supplied and to be false"
            raise _invalid_schema(name, param, path, reason)
        required = an_array(node.get("required", []), param)
        missing = [key for key in properties if key not in required]
        if missing:
            reason = f"'required' must be an array including every key in properties. Missing '{missing[0]}'"
            raise _invalid_schema(name, param, path, reason)


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


def _invalid_schema(name: str, param: str, path: tuple[str, ...], reason: str) -> ApiError:
    where = ", ".join(f"'{step}'" for step in path)
    message = f"Invalid schema for response_format '{name}': In context=({where}), {reason}."
    return ApiError(400, message, "invalid_json_schema", param)
