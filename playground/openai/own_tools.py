"""The tools that a client brings along: functions of its own, and remote servers of tools (pure).

Fields: `openai.types.responses.tool_param`. What the service says of a label, and of two that are alike, is known from
its refusals.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from playground.openai.errors import ApiError, invalid, missing_parameter
from playground.openai.fields import a_boolean, a_string, an_array, an_object, one_of
from playground.openai.strict_schemas import check_strict

FUNCTION = "function"
SERVER = "mcp"

_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_LABEL = re.compile(r"[a-zA-Z][a-zA-Z0-9_-]{0,63}")

_FUNCTION_FIELDS = (
    *("type", "name", "parameters", "strict"),
    *("description", "allowed_callers", "async", "defer_loading", "output_schema"),
)
_SERVER_FIELDS = (
    *("type", "server_label", "server_url", "server_description", "headers", "allowed_tools", "require_approval"),
    *("allowed_callers", "authorization", "connector_id", "defer_loading", "tunnel_id"),
)
_FILTER = ("read_only", "tool_names")


def check_function(tool: Mapping[str, Any], where: str) -> None:
    """Raises ApiError unless the API would take this function."""
    fields = an_object(tool, where, _FUNCTION_FIELDS, ("name", "parameters", "strict"))
    name = a_string(fields["name"], f"{where}.name", 64)
    if not _NAME.fullmatch(name):
        reason = "string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'."
        raise invalid(f"{where}.name", reason)
    if fields.get("description") is not None:
        a_string(fields["description"], f"{where}.description")
    schema = an_object(fields["parameters"], f"{where}.parameters")
    if a_boolean(fields["strict"], f"{where}.strict"):
        check_strict(schema, f"function '{name}'", f"{where}.parameters", "invalid_function_parameters")


def check_server(tool: Mapping[str, Any], where: str) -> None:
    """Raises ApiError unless the API would take this server, whether or not it can be reached."""
    fields = an_object(tool, where, _SERVER_FIELDS, ("server_label",))
    label = a_string(fields["server_label"], f"{where}.server_label")
    if not _LABEL.fullmatch(label):
        reason = "must start with a letter and consist of at most 64 letters, digits, '-' and '_'."
        raise invalid(f"{where}.server_label", reason)
    if fields.get("server_url") is None:
        # Connectors and tunnels exist, but not here.
        raise missing_parameter(f"{where}.server_url")
    address = urlsplit(a_string(fields["server_url"], f"{where}.server_url"))
    if address.scheme not in ("http", "https") or not address.hostname:
        raise invalid(f"{where}.server_url", "expected a valid URL.")
    if fields.get("server_description") is not None:
        a_string(fields["server_description"], f"{where}.server_description")
    for name, value in an_object(fields.get("headers") or {}, f"{where}.headers").items():
        a_string(value, f"{where}.headers.{name}")
    if isinstance(fields.get("allowed_tools"), list):
        _check_names(fields["allowed_tools"], f"{where}.allowed_tools")
    elif fields.get("allowed_tools") is not None:
        _check_filter(fields["allowed_tools"], f"{where}.allowed_tools")
    _check_approval(fields.get("require_approval"), f"{where}.require_approval")


def check_labels(tools: Sequence[Mapping[str, Any]], param: str) -> None:
    """Raises ApiError when two servers in a list that was checked are called alike."""
    labels = [tool["server_label"] for tool in tools if tool["type"] == SERVER]
    if twice := next((label for label in labels if labels.count(label) > 1), None):
        raise ApiError(400, f"Duplicate server_label found: '{twice}'.", "invalid_value", param)


def is_allowed(tool: Mapping[str, Any], name: str, *, read_only: bool) -> bool:
    """Whether a server that was checked is to offer its tool of this name."""
    allowed = tool.get("allowed_tools")
    if isinstance(allowed, list):
        return name in allowed
    return allowed is None or _matches(allowed, name, read_only=read_only)


def needs_approval(tool: Mapping[str, Any], name: str, *, read_only: bool) -> bool:
    """Whether a server that was checked may call its tool of this name only with an approval; by default, it must."""
    match tool.get("require_approval"):
        case "never":
            return False
        case {"never": dict(never)} if _matches(never, name, read_only=read_only):
            return False
        case {"always": dict(always), **rest} if "never" not in rest:
            return _matches(always, name, read_only=read_only)
        case _:
            return True


def _matches(tools: Mapping[str, Any], name: str, *, read_only: bool) -> bool:
    by_name = tools.get("tool_names") is None or name in tools["tool_names"]
    return by_name and (tools.get("read_only") is None or tools["read_only"] == read_only)


def _check_approval(value: object, param: str) -> None:
    if isinstance(value, str):
        one_of(value, param, ("always", "never"))
    elif value is not None:
        for name, tools in an_object(value, param, ("always", "never")).items():
            _check_filter(tools, f"{param}.{name}")


def _check_filter(value: object, param: str) -> None:
    fields = an_object(value, param, _FILTER)
    if fields.get("read_only") is not None:
        a_boolean(fields["read_only"], f"{param}.read_only")
    if fields.get("tool_names") is not None:
        _check_names(fields["tool_names"], f"{param}.tool_names")


def _check_names(value: object, param: str) -> None:
    for index, name in enumerate(an_array(value, param)):
        a_string(name, f"{param}[{index}]")
