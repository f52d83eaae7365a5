"""The `text` parameter and the rules of strict JSON schemas."""

from typing import Any

import pytest

from playground.openai.errors import ApiError
from playground.openai.text_formats import check_text

STRICT = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": False}


def schema_format(schema: object, **changes: object) -> dict[str, Any]:
    return {"format": {"type": "json_schema", "name": "intent", "strict": True, "schema": schema, **changes}}


@pytest.mark.parametrize(
    "text",
    [
        {},
        {"verbosity": "high", "format": {"type": "text"}},
        {"format": {"type": "json_object"}},
        schema_format(STRICT),
        schema_format({"type": "object"}, strict=False),
        schema_format({**STRICT, "properties": {"a": {"type": "array", "items": STRICT}}}),
        schema_format({**STRICT, "properties": {"required": {"type": "string"}}, "required": ["required"]}),
    ],
)
def test_takes_good_formats(text: dict[str, Any]) -> None:
    check_text(text, "text")


@pytest.mark.parametrize(
    ("text", "code", "param"),
    [
        ({"style": "plain"}, "unknown_parameter", "text.style"),
        ({"format": "json"}, "invalid_type", "text.format"),
        ({"format": {}}, "missing_required_parameter", "text.format.type"),
        ({"format": {"type": "xml"}}, "invalid_value", "text.format.type"),
        ({"format": {"type": "json_schema", "name": "x"}}, "missing_required_parameter", "text.format.schema"),
        (schema_format(STRICT, name="two words"), "invalid_value", "text.format.name"),
        (schema_format(STRICT, strict="yes"), "invalid_type", "text.format.strict"),
        (schema_format(STRICT, json_schema={}), "unknown_parameter", "text.format.json_schema"),
        (schema_format({"type": "string"}), "invalid_json_schema", "text.format.schema"),
        (schema_format({**STRICT, "required": []}), "invalid_json_schema", "text.format.schema"),
        (schema_format({**STRICT, "additionalProperties": True}), "invalid_json_schema", "text.format.schema"),
        (
            schema_format({**STRICT, "properties": {"a": {"type": "object"}}}),
            "invalid_json_schema",
            "text.format.schema",
        ),
    ],
)
def test_refuses_bad_formats(text: dict[str, Any], code: str, param: str) -> None:
    with pytest.raises(ApiError) as refusal:
        check_text(text, "text")
    assert (refusal.value.code, refusal.value.param) == (code, param)
