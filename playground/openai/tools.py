"""The `tools` and `tool_choice` parameters (pure)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from playground.openai.data_urls import picture_in
from playground.openai.errors import ApiError
from playground.openai.fields import a_boolean, a_string, an_array, an_object, one_of
from playground.openai.hosted import CODE_TOOL, FILE_TOOL, check_code, check_file_search
from playground.openai.image_options import OPTIONS, PREVIEWS, ImageOptions, parse_options
from playground.openai.own_tools import FUNCTION, SERVER, check_function, check_labels, check_server

IMAGE_TOOL = "image_generation"
SEARCH_TOOL = "web_search"

_TOOLS: Mapping[str, tuple[str, ...]] = {
    FUNCTION: ("name", "parameters", "strict"),
    SEARCH_TOOL: (),
    "web_search_preview": (),
    FILE_TOOL: ("vector_store_ids",),
    IMAGE_TOOL: (),
    CODE_TOOL: ("container",),
    SERVER: ("server_label",),
    "custom": ("name",),
}
"""The kinds of tool, and the fields that each must have."""

_CHOICES = ("none", "auto", "required")
_CHOOSABLE = ("function", "allowed_tools", "mcp", "custom", IMAGE_TOOL, FILE_TOOL, CODE_TOOL)
_ACTIONS = ("generate", "edit", "auto")
_LARGEST_MASK = 4_000_000
_SEARCH_FIELDS = ("type", "external_web_access", "filters", "search_context_size", "user_location")
_LOCATION = ("city", "country", "region", "timezone")


def check_tools(value: object, param: str) -> None:
    """Raises ApiError unless the API would take this list of tools."""
    tools = an_array(value, param)
    for index, tool in enumerate(tools):
        where = f"{param}[{index}]"
        kind = one_of(an_object(tool, where, required=("type",))["type"], f"{where}.type", _TOOLS)
        fields = an_object(tool, where, required=_TOOLS[kind])
        if check := _CHECKS.get(kind):
            check(fields, where)
    check_labels(tools, param)


def check_tool_choice(value: object, param: str) -> None:
    """Raises ApiError unless the API would take this choice."""
    if isinstance(value, str):
        one_of(value, param, _CHOICES)
        return
    one_of(an_object(value, param, required=("type",))["type"], f"{param}.type", _CHOOSABLE)


def check_choice_is_offered(choice: object, tools: Sequence[Mapping[str, Any]]) -> None:
    """Raises ApiError when the choice names a tool that the list does not have."""
    kinds = [tool["type"] for tool in tools]
    if isinstance(choice, dict) and choice["type"] != "allowed_tools" and choice["type"] not in kinds:
        message = f"Tool choice '{choice['type']}' not found in 'tools' parameter."
        raise ApiError(400, message, None, "tool_choice")
    if choice == "required" and not kinds:
        raise ApiError(400, "Tool choice 'required' must be specified with 'tools' parameter.", None, "tool_choice")


def image_tool_among(tools: Sequence[Mapping[str, Any]]) -> tuple[ImageOptions, str] | None:
    """The options and the action of the image tool in a list that was checked; None when it is not there."""
    tool = next((tool for tool in tools if tool["type"] == IMAGE_TOOL), None)
    return None if tool is None else (parse_options(tool), tool.get("action") or "auto")


def offers_search(tools: Sequence[Mapping[str, Any]]) -> bool:
    """True when the web search is in a list that was checked."""
    return any(tool["type"] == SEARCH_TOOL for tool in tools)


def _check_image_tool(fields: Mapping[str, Any], where: str) -> None:
    an_object(fields, where, ("type", "action", "input_image_mask", *OPTIONS, *PREVIEWS))
    if fields.get("action") is not None:
        one_of(fields["action"], f"{where}.action", _ACTIONS)
    parse_options(fields, f"{where}.")
    if fields.get("input_image_mask") is not None:
        _check_mask(fields["input_image_mask"], f"{where}.input_image_mask")


def _check_search(fields: Mapping[str, Any], where: str) -> None:
    an_object(fields, where, _SEARCH_FIELDS)
    if fields.get("external_web_access") is not None:
        a_boolean(fields["external_web_access"], f"{where}.external_web_access")
    if fields.get("search_context_size") is not None:
        one_of(fields["search_context_size"], f"{where}.search_context_size", ("low", "medium", "high"))
    if fields.get("filters") is not None:
        domains = an_object(fields["filters"], f"{where}.filters", ("allowed_domains",)).get("allowed_domains") or []
        for index, domain in enumerate(an_array(domains, f"{where}.filters.allowed_domains")):
            a_string(domain, f"{where}.filters.allowed_domains[{index}]")
    if fields.get("user_location") is not None:
        location = an_object(fields["user_location"], f"{where}.user_location", ("type", *_LOCATION))
        if location.get("type") is not None:
            one_of(location["type"], f"{where}.user_location.type", ("approximate",))
        for name in _LOCATION:
            if location.get(name) is not None:
                a_string(location[name], f"{where}.user_location.{name}")


def _check_mask(value: object, param: str) -> None:
    mask = an_object(value, param, ("image_url", "file_id"))
    if mask.get("file_id") is not None:
        # Nothing is stored here, so nothing can be referred to.
        raise ApiError(404, f"File with id '{mask['file_id']}' not found.", None, f"{param}.file_id")
    media_type, data = picture_in(a_string(mask.get("image_url"), f"{param}.image_url"), f"{param}.image_url")
    if media_type != "image/png" or len(data) > _LARGEST_MASK:
        message = "The mask must be a PNG image of less than 4 MB."
        raise ApiError(400, message, "invalid_image_format", f"{param}.image_url")


_CHECKS: Mapping[str, Callable[[Mapping[str, Any], str], None]] = {
    FUNCTION: check_function,
    SERVER: check_server,
    IMAGE_TOOL: _check_image_tool,
    SEARCH_TOOL: _check_search,
    FILE_TOOL: check_file_search,
    CODE_TOOL: check_code,
}
"""How the tools of each kind are checked; of other kinds, any fields are taken."""
