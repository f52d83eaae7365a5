"""Functions and remote servers in the list of tools."""

from typing import Any

import pytest

from playground.openai.errors import ApiError
from playground.openai.own_tools import check_function, check_server, is_allowed, needs_approval
from playground.openai.tools import check_tools

SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": False}
FUNCTION = {"type": "function", "name": "find", "description": "Finds.", "parameters": SCHEMA, "strict": True}
SERVER = {"type": "mcp", "server_label": "library", "server_url": "https://books.example/mcp"}


def test_takes_every_field_that_is_documented() -> None:
    check_function(FUNCTION, "t")
    check_function({**FUNCTION, "strict": False, "parameters": {}}, "t")
    check_server(SERVER, "t")
    more = {"server_description": "Books", "headers": {"authorization": "Bearer x"}, "allowed_tools": ["find"]}
    for approval in ("always", "never", {"never": {"read_only": True}}, {"always": {"tool_names": ["order"]}}):
        check_server({**SERVER, **more, "require_approval": approval}, "t")
    check_server({**SERVER, "allowed_tools": {"read_only": True}}, "t")


@pytest.mark.parametrize(
    ("changes", "code", "param"),
    [
        ({"name": "two words"}, "invalid_value", "t.name"),
        ({"name": "x" * 65}, "string_above_max_length", "t.name"),
        ({"description": 5}, "invalid_type", "t.description"),
        ({"returns": "text"}, "unknown_parameter", "t.returns"),
        ({"parameters": {}}, "invalid_function_parameters", "t.parameters"),
        ({"parameters": {**SCHEMA, "required": []}}, "invalid_function_parameters", "t.parameters"),
        ({"parameters": {**SCHEMA, "additionalProperties": True}}, "invalid_function_parameters", "t.parameters"),
        ({"strict": None}, "invalid_type", "t.strict"),
    ],
)
def test_refuses_other_functions(changes: dict[str, Any], code: str, param: str) -> None:
    with pytest.raises(ApiError) as refusal:
        check_function({**FUNCTION, **changes}, "t")
    assert (refusal.value.code, refusal.value.param) == (code, param)


@pytest.mark.parametrize(
    ("changes", "code", "param"),
    [
        ({"server_label": "1st"}, "invalid_value", "t.server_label"),
        ({"server_label": "two words"}, "invalid_value", "t.server_label"),
        ({"server_url": None}, "missing_required_parameter", "t.server_url"),
        ({"server_url": "books.example"}, "invalid_value", "t.server_url"),
        ({"headers": {"x": 1}}, "invalid_type", "t.headers.x"),
        ({"allowed_tools": [1]}, "invalid_type", "t.allowed_tools[0]"),
        ({"allowed_tools": {"names": []}}, "unknown_parameter", "t.allowed_tools.names"),
        ({"require_approval": "sometimes"}, "invalid_value", "t.require_approval"),
        ({"require_approval": {"ask": {}}}, "unknown_parameter", "t.require_approval.ask"),
        ({"require_approval": {"never": {"read_only": 1}}}, "invalid_type", "t.require_approval.never.read_only"),
        ({"tools": []}, "unknown_parameter", "t.tools"),
    ],
)
def test_refuses_other_servers(changes: dict[str, Any], code: str, param: str) -> None:
    with pytest.raises(ApiError) as refusal:
        check_server({**SERVER, **changes}, "t")
    assert (refusal.value.code, refusal.value.param) == (code, param)


def test_no_two_servers_are_called_alike() -> None:
    with pytest.raises(ApiError, match="Duplicate server_label"):
        check_tools([SERVER, FUNCTION, SERVER], "tools")


@pytest.mark.parametrize(
    ("approval", "reads", "writes"),
    [
        (None, True, True),
        ("always", True, True),
        ("never", False, False),
        ({"never": {"read_only": True}}, False, True),
        ({"never": {"tool_names": ["order"]}}, True, False),
        ({"always": {"tool_names": ["order"]}}, False, True),
    ],
)
def test_what_needs_an_approval(approval: object, reads: bool, writes: bool) -> None:
    tool = {**SERVER, "require_approval": approval}
    assert needs_approval(tool, "find", read_only=True) == reads
    assert needs_approval(tool, "order", read_only=False) == writes


@pytest.mark.parametrize(("allowed", "reads"), [(None, True), (["find"], True), (["order"], False)])
def test_what_is_offered(allowed: object, reads: bool) -> None:
    assert is_allowed({**SERVER, "allowed_tools": allowed}, "find", read_only=True) == reads
