"""The parameters of `POST /v1/responses`, each with the check of its value (pure)."""

from collections.abc import Callable, Mapping

from playground.openai.catalog import EFFORTS
from playground.openai.errors import invalid
from playground.openai.fields import a_boolean, a_decimal, a_string, an_array, an_integer, an_object, one_of
from playground.openai.text_formats import check_text
from playground.openai.tools import check_tool_choice, check_tools

_INCLUDABLE = (
    "file_search_call.results",
    "web_search_call.results",
    "web_search_call.action.sources",
    "message.input_image.image_url",
    "computer_call_output.output.image_url",
    "code_interpreter_call.outputs",
    "reasoning.encrypted_content",
    "message.output_text.logprobs",
)
_SERVICE_TIERS = ("auto", "default", "flex", "scale", "priority", "fast", "ultrafast")


def _check_reasoning(value: object, param: str) -> None:
    fields = an_object(value, param, ("effort", "summary", "mode", "context", "generate_summary"))
    choices = {
        "effort": EFFORTS,
        "summary": ("auto", "concise", "detailed"),
        "generate_summary": ("auto", "concise", "detailed"),
        "mode": ("standard", "pro"),
        "context": ("auto", "current_turn", "all_turns"),
    }
    for name, given in fields.items():
        if given is not None:
            one_of(given, f"{param}.{name}", choices[name])


def _check_metadata(value: object, param: str) -> None:
    fields = an_object(value, param)
    if len(fields) > 16:
        reason = f"too many properties. Expected an object with at most 16 properties, but got {len(fields)} instead."
        raise invalid(param, reason, "object_above_max_properties")
    for name, text in fields.items():
        a_string(name, f"{param} key", 64)
        a_string(text, f"{param}.{name}", 512)


def _check_stream_options(value: object, param: str) -> None:
    for name, given in an_object(value, param, ("include_obfuscation",)).items():
        a_boolean(given, f"{param}.{name}")


def _check_include(value: object, param: str) -> None:
    for index, name in enumerate(an_array(value, param)):
        one_of(name, f"{param}[{index}]", _INCLUDABLE)


def _check_cache_options(value: object, param: str) -> None:
    fields = an_object(value, param, ("mode", "ttl", "prewarm", "comparison_response_id"))
    if fields.get("mode") is not None:
        one_of(fields["mode"], f"{param}.mode", ("implicit", "explicit"))
    if fields.get("ttl") is not None:
        one_of(fields["ttl"], f"{param}.ttl", ("30m", "12h"))


def _anything(_value: object, _param: str) -> None:
    pass


def _choice(*choices: str) -> Callable[[object, str], object]:
    return lambda value, param: one_of(value, param, choices)


PARAMETERS: Mapping[str, Callable[[object, str], object]] = {
    "model": a_string,
    "input": _anything,
    "instructions": a_string,
    "stream": a_boolean,
    "stream_options": _check_stream_options,
    "store": a_boolean,
    "background": a_boolean,
    "parallel_tool_calls": a_boolean,
    "max_output_tokens": lambda value, param: an_integer(value, param, low=16),
    "max_tool_calls": lambda value, param: an_integer(value, param, low=1),
    "temperature": lambda value, param: a_decimal(value, param, 0, 2),
    "top_p": lambda value, param: a_decimal(value, param, 0, 1),
    "top_logprobs": lambda value, param: an_integer(value, param, 0, 20),
    "reasoning": _check_reasoning,
    "text": check_text,
    "tools": check_tools,
    "tool_choice": check_tool_choice,
    "truncation": _choice("auto", "disabled"),
    "service_tier": _choice(*_SERVICE_TIERS),
    "include": _check_include,
    "metadata": _check_metadata,
    "safety_identifier": lambda value, param: a_string(value, param, 128),
    "user": a_string,
    "prompt_cache_key": lambda value, param: a_string(value, param, 64),
    "prompt_cache_options": _check_cache_options,
    "prompt_cache_retention": _choice("in_memory", "24h"),
    "previous_response_id": a_string,
    "conversation": _anything,
    "context_management": an_array,
    "prompt": lambda value, param: an_object(value, param, required=("id",)),
    "moderation": lambda value, param: an_object(value, param, ("model", "policy"), ("model",)),
    "image": lambda value, param: an_object(value, param, ("context_compression",)),
    "access_programs": lambda value, param: an_object(value, param, ("cyber",)),
}
