"""Reads in a refusal which parts of the request it is about.

OpenAI names the parameter. Other servers have their own words: what they mention is suspect, and where they mention
nothing, all that not every server knows.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from openai import APIError, APIStatusError

from bot.domain.errors import KeyRejected, ModelUnknown, RequestRejected
from bot.openai.errors import model_error
from bot.openai.omissions import DETAIL, PICTURES, Lesson, pictures_in
from bot.openai.request import Parameters

EXTRAS = frozenset(
    {
        "include",
        "max_tool_calls",
        "prompt_cache_key",
        "reasoning",
        "safety_identifier",
        "store",
        "stream_options",
        "text",
        "tool_choice",
        "tools",
        # Of the Images API.
        "background",
        "output_format",
        "quality",
        "size",
    }
)
"""What not every compatible server knows."""

OPTIONAL = EXTRAS | {"max_output_tokens", "temperature", "top_p"}
"""What an answer can do without."""

_CHOICES = EXTRAS - {"include", "prompt_cache_key", "safety_identifier", "store", "stream_options"}
"""What is chosen from a few values, of which a server may take some."""

_ABOUT_TOOLS = frozenset({"max_tool_calls", "tool_choice", "tools"})

_NOT_WITHOUT = frozenset(
    {
        "allowed_tools",
        "container",
        "headers",
        "model",
        "name",
        "parameters",
        "require_approval",
        "server_label",
        "server_url",
        "type",
        "vector_store_ids",
    }
)
"""The fields of a tool without which it would be another one, or could do what nobody has allowed."""

_SCHEMA, _IMAGE_TOOL, _IMAGE_MODEL = "text.format", "tools.image_generation", "tools.image_generation.model"
_FILE_SEARCH = "tools.file_search"

_WORDS_FOR_SCHEMAS = frozenset({"json_schema", "response_format", "structured_output", "structured_outputs"})

_UNKNOWN = {"unsupported_parameter", "unknown_parameter"}

_ABOUT_VALUES = {"invalid_value", "unsupported_value"}

_UNSUPPORTED = _UNKNOWN | {"unsupported_value"}

_READ = 20_000
"""Characters of a refusal that are read; some servers repeat the whole request in it."""

_SAYS_DETAIL = re.compile(r"\binput(?:_image)?\b[^{}]{0,300}?\bdetail\b")
"""`input.0.content.1.detail`, or the same as a list of words. FastAPI calls the whole of its report "detail", too."""

_SAYS_PICTURES = re.compile(
    r"(?i)\b(?:input_image|image_url|multi-?modal|vision)\b|\bimages?\b(?![ _-](?:generation|model|tool))"
)

_SAYS_THESE_PICTURES = re.compile(
    r"(?i)\bat most\b|\btoo (?:big|large|many|small)\b|\bexceed|\bdecod|\bcorrupt|\bidentify\b"
    r"|\binvalid (?:base64|image)|\bimage (?:data|dimension|file|format|size)"
)
"""Refused are these pictures, but not any."""

_SAYS_STORES = re.compile(r"(?i)\bvector[ _-]?stores?\b")
"""Said of a store that is not there, or not for this key, often without a word of the tool."""

_SAYS_BLIND = re.compile(r"(?i)\bimage inputs?\b")
"""Said with statuses of other troubles: OpenRouter has 404 for it, llama.cpp 500."""


def taught(error: APIStatusError, sent: Parameters, *, by_openai: bool) -> frozenset[Lesson]:
    """What this answer to these parameters teaches; nothing when it is not about what we could omit."""
    kind, named = type(model_error(error)), _named(error.param or "", sent)
    if _says(_SAYS_STORES, error) and any(_kind(tool) == _FILE_SEARCH for tool in sent.get("tools", ())):
        named = _FILE_SEARCH
    if refused_image_model(error, sent):
        return frozenset(replace(lesson, lasting=False) for lesson in _lessons({_IMAGE_MODEL}, sent, by_value=True))
    if named.partition(".")[0] in _ABOUT_TOOLS and kind in (RequestRejected, ModelUnknown):
        # The service has many codes for a tool that it does not offer, or not like this.
        names = _tools_mentioned(error, sent) if named == "tools" else set()
        return _lessons(names or {named}, _meant(error.param or "", sent), by_value=error.code not in _UNKNOWN)
    if error.status_code in (400, 422) and kind is RequestRejected:
        if named in (DETAIL, _SCHEMA) or (named and error.code in _UNSUPPORTED):
            return _lessons({named}, sent, by_value=error.code in _ABOUT_VALUES)
        if not by_openai:
            return _guessed(error, sent)
        names = _mentioned(error, OPTIONAL & sent.keys()) if error.code in _UNSUPPORTED and not error.param else set()
        return _lessons(names, sent, by_value=error.code in _ABOUT_VALUES)
    blind = not by_openai and error.status_code in (404, 500, 501) and _says(_SAYS_BLIND, error) and pictures_in(sent)
    return frozenset({Lesson(PICTURES)} if blind else ())


def refused_image_model(error: APIStatusError, sent: Parameters) -> str:
    """The model for pictures in the request, if it is what is refused; "" where it is not."""
    name: str = next((tool.get("model", "") for tool in sent.get("tools", ()) if _kind(tool) == _IMAGE_TOOL), "")
    if not name or type(model_error(error)) not in (KeyRejected, ModelUnknown, RequestRejected):
        return ""
    named = _named(error.param or "", sent)
    by_name = named == _IMAGE_MODEL and error.code not in _UNKNOWN
    by_code = error.code == "model_not_found" and named.startswith("tools")
    # Other fields of the tool are refused with the model's name in the message.
    in_words = named in ("", "tools", _IMAGE_TOOL) and mentions(error, name) and not mentions(error, sent["model"])
    in_words = in_words and (error.code in ("invalid_value", "model_not_found") or error.status_code in (403, 404))
    return name if by_name or by_code or in_words else ""


def mentions(error: APIError, name: str) -> bool:
    """True when the refusal has this name, of a model or of a server of tools, in it."""
    return _says(re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-]|\.\w)"), error)


def _guessed(error: APIStatusError, sent: Parameters) -> frozenset[Lesson]:
    """What a server may mean that does not name what it refuses, or not by OpenAI's names."""
    if names := _suspects(error, sent):
        return _lessons(names, sent, by_value=error.code in _ABOUT_VALUES)
    pictures = bool(pictures_in(sent))
    if pictures and _says(_SAYS_PICTURES, error):
        return frozenset({Lesson(PICTURES, lasting=not _says(_SAYS_THESE_PICTURES, error))})
    if error.code in _UNSUPPORTED or error.param == "model":
        return frozenset()
    extras = EXTRAS & sent.keys()
    if others := extras - {"store"}:
        return frozenset(map(Lesson, others))
    if pictures:
        return frozenset({Lesson(PICTURES, lasting=False)})
    # This goes last: whom nobody tells not to store an answer may keep it for weeks.
    return frozenset(map(Lesson, extras))


def _named(param: str, sent: Parameters) -> str:
    """What `param` names, as a lesson would; "" when we did not send it or cannot do without.

    `body.store` is "store", `tools[1].user_location` is "tools.web_search.user_location", whatever is wrong within
    `text.format` is "text.format", and `input[0].content[1].detail` is the detail of all pictures.
    """
    words: list[str] = re.findall(r"\w+", param)
    while words and words[0] not in sent:
        words.pop(0)
    if words and words[0] == "input" and words[-1] == "detail" and _details(sent):
        return DETAIL
    if not words or words[0] not in OPTIONAL:
        return ""
    name, *rest = words
    fields: Any = sent[name]
    if name == "tools":
        place = int(rest.pop(0)) if rest and re.fullmatch("[0-9]{1,3}", rest[0]) else 0 if len(fields) == 1 else -1
        if not 0 <= place < len(fields):
            return name
        fields = fields[place]
        name = _kind(fields)
    has_field = bool(rest) and isinstance(fields, dict) and rest[0] in fields
    return f"{name}.{rest[0]}" if has_field else name


def _lessons(names: Iterable[str], sent: Parameters, *, by_value: bool) -> frozenset[Lesson]:
    return frozenset(lesson for name in names for lesson in _lessons_of(name, sent, by_value=by_value))


def _lessons_of(name: str, sent: Parameters, *, by_value: bool) -> Iterable[Lesson]:
    parameter, *path = name.split(".")
    if parameter == "tools" and path:
        return _lessons_of_tools(*path, sent=sent, by_value=by_value)
    if by_value and name == DETAIL:
        return [Lesson(DETAIL, json.dumps(detail)) for detail in _details(sent)]
    if not by_value or parameter not in _CHOICES:
        return [Lesson(name)]
    value = sent[parameter][path[0]] if path else sent[parameter]
    return [Lesson(name, json.dumps(value))]


def _lessons_of_tools(kind: str, field: str = "", *, sent: Parameters, by_value: bool) -> Iterable[Lesson]:
    """What is refused of the tools of a kind, each of which may be another one."""
    name, tools = f"tools.{kind}", [tool for tool in sent["tools"] if tool["type"] == kind]
    if field == "type" or (not field and not by_value):
        return [Lesson(name)]
    if not field or field in _NOT_WITHOUT:
        return [Lesson(name, json.dumps(tool)) for tool in tools]
    values = [tool[field] for tool in tools if field in tool]
    return [Lesson(f"{name}.{field}", json.dumps(value) if by_value else None) for value in values]


def _meant(param: str, sent: Parameters) -> Parameters:
    """The request with no other tool than the one that `param` names by its place, where it names one."""
    place = re.search(r"\btools\W+([0-9]{1,3})(?!\w)", param)
    tools = sent.get("tools", [])[int(place[1]) :][:1] if place else []
    return {**sent, "tools": tools} if tools else sent


def _details(sent: Parameters) -> set[str]:
    return {picture["detail"] for picture in pictures_in(sent) if "detail" in picture}


def _kind(tool: Parameters) -> str:
    return f"tools.{tool['type']}"


def _suspects(error: APIStatusError, sent: Parameters) -> set[str]:
    """What is mentioned of what may be left out: rather a single tool, or the schema, than all that holds it."""
    tools = _tools_mentioned(error, sent)
    schema = {_SCHEMA} if "format" in sent.get("text", ()) and _mentioned(error, _WORDS_FOR_SCHEMAS) else set()
    details = {DETAIL} if _details(sent) and _says(_SAYS_DETAIL, error) else set()
    wholes = ({"tools"} if tools else set()) | ({"text"} if schema else set())
    return (_mentioned(error, OPTIONAL & sent.keys()) - wholes) | tools | schema | details


def _tools_mentioned(error: APIStatusError, sent: Parameters) -> set[str]:
    kinds = {tool["type"] for tool in sent.get("tools", ())}
    return {f"tools.{kind}" for kind in _mentioned(error, kinds)}


def _mentioned(error: APIStatusError, names: Iterable[str]) -> set[str]:
    return {word for text in _texts(error) for word in re.findall(r"\w+", text)}.intersection(names)


def _says(pattern: re.Pattern[str], error: APIError) -> bool:
    return any(pattern.search(text) for text in _texts(error))


def _texts(error: APIError) -> tuple[str, ...]:
    """Parameter, message and body one by one: what stands in two of them does not belong together."""
    return tuple(f"{part}"[:_READ] for part in (error.param, error.message, error.body))
