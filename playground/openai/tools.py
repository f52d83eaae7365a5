"""The `tools` and `tool_choice` parameters (pure); no tool is ever run here."""

from collections.abc import Mapping

from playground.openai.fields import a_boolean, a_string, an_array, an_object, one_of

_TOOLS: Mapping[str, tuple[str, ...]] = {
    "function": ("name", "parameters", "strict"),
    "web_search": (),
    "web_search_preview": (),
    "file_search": ("vector_store_ids",),
    "image_generation": (),
    "code_interpreter": ("container",),
    "mcp": ("server_label",),
    "custom": ("name",),
}
"""The kinds of tool, and the fields that each must have."""

_CHOICES = ("none", "auto", "required")
_CHOOSABLE = ("function", "allowed_tools", "mcp", "custom", "image_generation", "file_search", "code_interpreter")


def check_tools(value: object, param: str) -> None:
    """Raises ApiError unless the API would take this list of tools."""
    for index, tool in enumerate(an_array(value, param)):
        where = f"{param}[{index}]"
        kind = one_of(an_object(tool, where, required=("type",))["type"], f"{where}.type", _TOOLS)
        fields = an_object(tool, where, required=_TOOLS[kind])
        if kind == "function":
            a_string(fields["name"], f"{where}.name", 64)
            a_boolean(fields["strict"], f"{where}.strict")


def check_tool_choice(value: object, param: str) -> None:
    """Raises ApiError unless the API would take this choice."""
    if isinstance(value, str):
        one_of(value, param, _CHOICES)
        return
    one_of(an_object(value, param, required=("type",))["type"], f"{param}.type", _CHOOSABLE)
