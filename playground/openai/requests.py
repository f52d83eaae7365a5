"""The body of `POST /v1/responses`, checked as strictly as the documentation describes it (pure).

Parameters and their values: the API reference of the Responses API and `openai.types.responses.response_create_params`;
which model takes which parameter: the guides on reasoning and on deployment.
"""

import json
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playground.openai.catalog import ModelCard
from playground.openai.errors import (
    ApiError,
    context_length_exceeded,
    invalid,
    missing_parameter,
    model_not_found,
    unknown_parameter,
    unsupported_parameter,
    unsupported_value,
)
from playground.openai.fields import an_integer, an_object
from playground.openai.image_options import ImageOptions
from playground.openai.input_items import InputMessage, parse_input
from playground.openai.input_parts import InputPicture
from playground.openai.own_tools import FUNCTION
from playground.openai.parameters import PARAMETERS
from playground.openai.rounds import decided_in, listed_in, results_in
from playground.openai.tools import (
    IMAGE_TOOL,
    SEARCH_TOOL,
    check_choice_is_offered,
    image_tool_among,
    offers_search,
)

_IMAGE_TOKENS = 1_229
_FILE_TOKENS = 2_000


@dataclass(frozen=True, slots=True)
class Request:
    """A request that the API would take, in the terms in which scripts answer it.

    `effort` is the one that holds, the model's default included; `input_tokens` is a rough count.
    """

    body: Mapping[str, Any]
    model: ModelCard
    messages: tuple[InputMessage, ...]
    effort: str
    input_tokens: int

    @property
    def stream(self) -> bool:
        return self.body.get("stream") is True

    @property
    def instructions(self) -> str:
        return self.body.get("instructions") or ""

    @property
    def question(self) -> str:
        """The text of the latest message that a person wrote."""
        return next((message.text for message in reversed(self.messages) if message.role == "user"), "")

    @property
    def asked(self) -> str:
        """What was written in that message, without what hangs on it."""
        return next(iter(self.texts), "")

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts of that message, each part by itself: what was written, then what hangs on it."""
        return next((message.texts for message in reversed(self.messages) if message.role == "user"), ())

    @property
    def pictures(self) -> tuple[InputPicture, ...]:
        """All pictures that the model sees, oldest first."""
        return tuple(picture for message in self.messages for picture in message.pictures)

    @property
    def image_tool(self) -> tuple[ImageOptions, str] | None:
        """Options and action of the image tool, where the model may use it."""
        return image_tool_among(self.tools) if self.may_use_tools else None

    @property
    def may_search(self) -> bool:
        """True when the model may search the web."""
        return self.may_use_tools and offers_search(self.tools)

    @property
    def tools(self) -> Sequence[Mapping[str, Any]]:
        """What is offered, whether or not the model may use it now."""
        return self.body.get("tools") or ()

    @property
    def may_use_tools(self) -> bool:
        """False when the model has to answer in words."""
        return self.body.get("tool_choice") != "none"

    @property
    def functions(self) -> dict[str, Mapping[str, Any]]:
        """The schemas of the functions that are offered, by name."""
        return {tool["name"]: tool["parameters"] for tool in self.tools if tool["type"] == FUNCTION}

    @property
    def results(self) -> tuple[str, ...]:
        """What the tools used in earlier rounds of this answer have told, oldest first."""
        return results_in(self._items)

    @property
    def decided(self) -> tuple[tuple[Mapping[str, Any], bool], ...]:
        """The calls that were asked for in the round before, and whether each of them is approved."""
        return decided_in(self._items)

    @property
    def listed(self) -> frozenset[str]:
        """The labels of the servers whose tools the model knows from an earlier round."""
        return listed_in(self._items)

    @property
    def _items(self) -> Sequence[Mapping[str, Any]]:
        return items if isinstance(items := self.body["input"], list) else ()

    @property
    def must_draw(self) -> bool:
        """True when the model has no choice but to draw."""
        choice = self.body.get("tool_choice")
        if choice == "required":
            return all(tool["type"] == IMAGE_TOOL for tool in self.body["tools"])
        return isinstance(choice, dict) and choice["type"] == IMAGE_TOOL

    @property
    def schema(self) -> Mapping[str, Any] | None:
        """The JSON schema that the answer must follow, if one is asked for."""
        text_format = (self.body.get("text") or {}).get("format") or {}
        return text_format.get("schema")

    @property
    def summarises_reasoning(self) -> bool:
        return (self.body.get("reasoning") or {}).get("summary") is not None

    @property
    def obfuscates(self) -> bool:
        return (self.body.get("stream_options") or {}).get("include_obfuscation", True) is True

    @property
    def prompt(self) -> str:
        """Everything that the model reads, in order, as one text; prompt caching works on its beginning."""
        said = (f"{message.role}\n{message.text}" for message in self.messages)
        return "\n\n".join((self.model.id, self.instructions, *said))


def rough_tokens(text: str) -> int:
    """About as many tokens as a real tokenizer would count: one for four bytes."""
    return math.ceil(len(text.encode(errors="replace")) / 4)


def parse_request(
    body: object,
    models: Mapping[str, ModelCard],
    context_window: int | None = None,
    refused: Collection[str] = (),
) -> Request:
    """Check a body and return what it asks for.

    `context_window` replaces the model's own, in tokens. `refused` names further parameters, with dots, that this
    server calls unsupported, as compatible servers do. Raises ApiError.
    """
    fields = an_object(body, "body")
    for name, value in fields.items():
        if name not in PARAMETERS:
            raise unknown_parameter(name)
        if value is not None:
            PARAMETERS[name](value, name)
    for name in refused:
        if _present(fields, name):
            raise unsupported_parameter(name)
    if fields.get("model") is None:
        raise missing_parameter("model")
    if fields["model"] not in models:
        raise model_not_found(fields["model"])
    model = models[fields["model"]]
    effort = _effort(fields, model)
    _check_model_takes(fields, model, effort)
    _check_together(fields)
    tools = fields.get("tools") or ()
    check_choice_is_offered(fields.get("tool_choice"), tools)
    messages = parse_input(fields["input"]) if fields.get("input") is not None else ()
    if not messages:
        raise missing_parameter("input")
    _check_image_tool(model, image_tool_among(tools), messages)
    if effort == "minimal" and offers_search(tools):
        message = f"The following tools cannot be used with reasoning.effort 'minimal': {SEARCH_TOOL}."
        raise ApiError(400, message, None, "tools")
    tokens = _count_tokens(fields, messages)
    window = context_window or model.context_window
    if tokens > window and fields.get("truncation") != "auto":
        raise context_length_exceeded()
    return Request(fields, model, messages, effort, min(tokens, window))


def _present(fields: Mapping[str, Any], dotted: str) -> bool:
    value: Any = fields
    for name in dotted.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value is not None


def _effort(fields: Mapping[str, Any], model: ModelCard) -> str:
    asked: str | None = (fields.get("reasoning") or {}).get("effort")
    if asked is None:
        return model.default_effort
    if not model.efforts:
        raise unsupported_parameter("reasoning.effort")
    if asked not in model.efforts:
        raise unsupported_value("reasoning.effort", asked, model.efforts)
    return asked


def _check_model_takes(fields: Mapping[str, Any], model: ModelCard, effort: str) -> None:
    if effort != "none":
        for name in ("temperature", "top_p", "top_logprobs"):
            if fields.get(name) is not None:
                raise unsupported_parameter(name)
    verbosity = (fields.get("text") or {}).get("verbosity")
    if verbosity not in (None, "medium") and not model.verbosity:
        raise unsupported_value("text.verbosity", verbosity, ("medium",))
    if (fields.get("reasoning") or {}).get("summary") is not None and not model.efforts:
        raise unsupported_parameter("reasoning.summary")
    if fields.get("max_output_tokens") is not None:
        an_integer(fields["max_output_tokens"], "max_output_tokens", high=model.max_output)


def _check_together(fields: Mapping[str, Any]) -> None:
    if fields.get("stream_options") is not None and not fields.get("stream"):
        raise invalid("stream_options", "only allowed when 'stream' is enabled.")
    if fields.get("previous_response_id") is not None:
        if fields.get("conversation") is not None:
            message = "Mutually exclusive parameters: 'previous_response_id' and 'conversation'."
            raise ApiError(400, message, "mutually_exclusive_parameters")
        # Nothing is stored here, so no earlier response can be continued.
        name = fields["previous_response_id"]
        message = f"Previous response with id '{name}' not found."
        raise ApiError(400, message, "previous_response_not_found", "previous_response_id")
    if fields.get("background"):
        raise unsupported_parameter("background")


def _check_image_tool(
    model: ModelCard, tool: tuple[ImageOptions, str] | None, messages: tuple[InputMessage, ...]
) -> None:
    if tool is None:
        return
    if not model.image_tool:
        message = f"Tool '{IMAGE_TOOL}' is not supported with {model.id}."
        raise ApiError(400, message, "unsupported_value", "tools")
    if tool[1] == "edit" and not any(message.pictures for message in messages):
        raise ApiError(400, "The action 'edit' needs an image in the context.", "invalid_value", "tools")


def _count_tokens(fields: Mapping[str, Any], messages: tuple[InputMessage, ...]) -> int:
    texts = sum(rough_tokens(message.text) + 4 for message in messages)
    attached = sum(len(message.pictures) * _IMAGE_TOKENS + len(message.files) * _FILE_TOKENS for message in messages)
    items = fields["input"] if isinstance(fields["input"], list) else ()
    used = [item for item in items if item.get("type", "message") not in ("message", "image_generation_call")]
    return texts + attached + rough_tokens(fields.get("instructions") or "") + rough_tokens(json.dumps(used))
