"""The `text` parameter: verbosity, and the formats with their rules for strict JSON schemas (pure)."""

import re
from collections.abc import Mapping

from playground.openai.errors import invalid
from playground.openai.fields import a_boolean, a_string, an_object, one_of
from playground.openai.strict_schemas import check_strict

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
        check_strict(schema, f"response_format '{fields['name']}'", f"{param}.schema", "invalid_json_schema")
