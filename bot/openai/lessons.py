"""Remembers which parameters a server does not take, so that it is asked without them.

Servers with `/v1/responses` differ: most ignore what they do not know, some refuse it. So every request is complete at
first, and what is refused is left out from then on.
"""

import json
import logging
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

from openai import APIStatusError

from bot.domain.errors import ModelUnknown, RequestRejected
from bot.openai.errors import model_error
from bot.openai.request import Parameters

log = logging.getLogger(__name__)

EXTRAS = frozenset(
    {
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

REMEMBERED_MODELS = 256

_CHOICES = EXTRAS - {"prompt_cache_key", "safety_identifier", "store", "stream_options"}
"""What is chosen from a few values, of which a server may take some."""

_ABOUT_TOOLS = frozenset({"max_tool_calls", "tool_choice", "tools"})

_NOT_WITHOUT = frozenset({"model", "type"})
"""The fields of a tool without which it would be another one."""

_UNKNOWN = {"unsupported_parameter", "unknown_parameter"}

_UNSUPPORTED = _UNKNOWN | {"unsupported_value"}

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Lesson:
    """A parameter that is not taken: with this value, as JSON, or, where that is None, with any.

    The parameter may be a field of one: `text.verbosity`. One of the tools is named by its type, as in
    `tools.web_search`, and so is a field of it, as in `tools.image_generation.quality`.
    """

    parameter: str
    value: str | None = None

    def forbids(self, parameter: str, value: object) -> bool:
        """True when a request must not carry this parameter with this value."""
        return parameter == self.parameter and self.value in (None, json.dumps(value))


@dataclass(slots=True)
class Lessons:
    """What the server at this address has taught, by model; the models used last are remembered."""

    base_url: str
    _by_model: OrderedDict[str, frozenset[Lesson]] = field(default_factory=OrderedDict)

    async def ask(self, model: str, complete: Parameters, send: Callable[[Parameters], Awaitable[Result]]) -> Result:
        """What the server returns when it is sent as many of these parameters as it takes.

        A refused request costs nothing, so it is sent again without what was refused; whatever else `send` raises is
        passed on.
        """
        lessons = self.recall(model)
        while True:
            parameters = applied(lessons, complete)
            try:
                result = await send(parameters)
            except APIStatusError as error:
                learnt = self.learn(error, parameters)
                if not learnt:
                    raise
                names = ", ".join(sorted(lesson.parameter for lesson in learnt))
                log.info("%s is asked without %s: %s", model, names, model_error(error))
                lessons |= learnt
            else:
                self.keep(model, lessons)
                return result

    def recall(self, model: str) -> frozenset[Lesson]:
        """What requests of this model have taught so far."""
        return self._by_model.get(model, frozenset())

    def keep(self, model: str, lessons: frozenset[Lesson]) -> None:
        """Remember what made a request of this model acceptable."""
        if lessons:
            # Other requests of the model may have taught something meanwhile.
            self._by_model[model] = self.recall(model) | lessons
            self._by_model.move_to_end(model)
        if len(self._by_model) > REMEMBERED_MODELS:
            self._by_model.popitem(last=False)

    def learn(self, error: APIStatusError, sent: Parameters) -> frozenset[Lesson]:
        """What this answer to these parameters teaches; nothing when it is not about parameters that we could omit.

        OpenAI names the parameter. Other servers have their own words: every optional parameter that is mentioned is
        suspect, and where none is, all that not every server knows.
        """
        kind = type(model_error(error))
        named = _named(error.param, sent) if error.param else ""
        if named.partition(".")[0] in _ABOUT_TOOLS and kind in (RequestRejected, ModelUnknown):
            # The service has many codes for a tool that it does not offer, or not like this.
            names = _tools_mentioned(error, sent) if named == "tools" else set()
            return frozenset(_lesson(name, sent, by_value=error.code not in _UNKNOWN) for name in names or {named})
        if error.status_code not in (400, 422) or kind is not RequestRejected:
            return frozenset()
        optional = OPTIONAL & sent.keys()
        if error.code in _UNSUPPORTED:
            names = {named} - {""} if error.param else _mentioned(error, optional)
            return frozenset(_lesson(name, sent, by_value=error.code not in _UNKNOWN) for name in names)
        if is_openai(self.base_url):
            return frozenset()
        return frozenset(Lesson(name) for name in _suspects(error, sent) or EXTRAS & optional)


def applied(lessons: frozenset[Lesson], parameters: Parameters) -> Parameters:
    """The parameters without those, and those of their fields, that are not taken."""
    kept: Parameters = {}
    for name, value in parameters.items():
        if not _takes(lessons, name, value):
            continue
        if isinstance(value, dict):
            kept[name] = _fields_taken(lessons, name, value)
        elif name == "tools":
            kept[name] = _tools_taken(lessons, value)
        else:
            kept[name] = value
    # An object or a list that has lost all that was in it says nothing any more.
    return {name: value for name, value in kept.items() if value != {} and (name, value) != ("tools", [])}


def is_openai(base_url: str) -> bool:
    """True for OpenAI's own service and its regional addresses."""
    host = urlsplit(base_url).hostname or ""
    return host == "api.openai.com" or host.endswith(".api.openai.com")


def _takes(lessons: frozenset[Lesson], name: str, value: object) -> bool:
    return not any(lesson.forbids(name, value) for lesson in lessons)


def _fields_taken(lessons: frozenset[Lesson], name: str, fields: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if _takes(lessons, f"{name}.{key}", value)}


def _tools_taken(lessons: frozenset[Lesson], tools: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    named = [(f"tools.{tool['type']}", tool) for tool in tools]
    return [_fields_taken(lessons, name, tool) for name, tool in named if _takes(lessons, name, tool)]


def _named(param: str, sent: Parameters) -> str:
    """What `param` names, as a lesson would; "" when we did not send it or cannot do without.

    `body.store` is "store", `tools[1].user_location` is "tools.web_search.user_location", and whatever is wrong within
    `text.format` is "text.format".
    """
    words: list[str] = re.findall(r"\w+", param)
    while words and words[0] not in sent:
        words.pop(0)
    if not words or words[0] not in OPTIONAL:
        return ""
    name, *rest = words
    fields: Any = sent[name]
    if name == "tools":
        place = int(rest.pop(0)) if rest and re.fullmatch("[0-9]{1,3}", rest[0]) else 0 if len(fields) == 1 else -1
        if not 0 <= place < len(fields):
            return name
        fields = fields[place]
        name = f"tools.{fields['type']}"
    has_field = bool(rest) and isinstance(fields, dict) and rest[0] in fields
    return f"{name}.{rest[0]}" if has_field else name


def _lesson(name: str, sent: Parameters, by_value: bool) -> Lesson:
    parameter, *path = name.split(".")
    if parameter == "tools" and path[1:] and path[1] in _NOT_WITHOUT:
        return Lesson(f"tools.{path[0]}", json.dumps(_tool(sent, path[0])))
    if not by_value or parameter not in _CHOICES:
        return Lesson(name)
    value = sent[parameter]
    if path:
        value = _tool(sent, path.pop(0)) if parameter == "tools" else value
        value = value[path[0]] if path else value
    return Lesson(name, json.dumps(value))


def _tool(sent: Parameters, kind: str) -> dict[str, Any]:
    tool: dict[str, Any] = next(tool for tool in sent["tools"] if tool["type"] == kind)
    return tool


def _suspects(error: APIStatusError, sent: Parameters) -> set[str]:
    """The optional parameters that are mentioned; single tools in the place of all, where some are."""
    tools = _tools_mentioned(error, sent)
    return _mentioned(error, OPTIONAL & sent.keys()) - ({"tools"} if tools else set()) | tools


def _tools_mentioned(error: APIStatusError, sent: Parameters) -> set[str]:
    kinds = {tool["type"] for tool in sent.get("tools", ())}
    return {f"tools.{kind}" for kind in _mentioned(error, kinds)}


def _mentioned(error: APIStatusError, parameters: Iterable[str]) -> set[str]:
    words = set(re.findall(r"\w+", f"{error.param} {error.message} {error.body}"))
    return words.intersection(parameters)
