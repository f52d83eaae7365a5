"""Leaves out of a request what its server does not take."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.openai.request import Parameters

PICTURES = "input.input_image"
DETAIL = "input.input_image.detail"

UNSEEN: Parameters = {"type": "input_text", "text": "[a picture that you are not shown: you see no pictures here]"}
"""What stands in the place of a picture, so that the model does not make up what is in it."""

_ONLY_WITHOUT_THINKING = frozenset({"temperature", "top_p"})


@dataclass(frozen=True, slots=True)
class Lesson:
    """A parameter that is not taken: with this value, as JSON, or, where that is None, with any.

    The parameter may be a field of one: `text.verbosity`. One of the tools is named by its type, as in
    `tools.web_search`, and so is a field of it, as in `tools.image_generation.quality`; pictures are
    `input.input_image`. A lesson that is not `lasting` holds for one request.
    """

    parameter: str
    value: str | None = None
    lasting: bool = True

    def forbids(self, parameter: str, value: object) -> bool:
        """True when a request must not carry this parameter with this value."""
        # A picture is large, so it is put into JSON only where that decides.
        return parameter == self.parameter and (self.value is None or self.value == json.dumps(value))


def applied(lessons: frozenset[Lesson], parameters: Parameters) -> Parameters:
    """The parameters without those, and those of their fields, that are not taken."""
    kept: Parameters = {}
    for name, value in parameters.items():
        match value:
            case dict():
                rest: Any = _fields_taken(lessons, name, value)
            case list() if name == "tools":
                rest = _tools_taken(lessons, value)
            case list() if name == "input":
                rest = [_item_taken(lessons, item) for item in value]
            case _:
                rest = value
        # An object or a list that has lost all that was in it says nothing any more.
        if _takes(lessons, name, value, rest) and rest != {} and (name, rest) != ("tools", []):
            kept[name] = rest
    if "reasoning" in parameters and "reasoning" not in kept:
        # They went with the effort "none": a model that is left to think takes neither.
        return {name: value for name, value in kept.items() if name not in _ONLY_WITHOUT_THINKING}
    return kept


def pictures_in(parameters: Parameters) -> list[Parameters]:
    """The parts of the input that are pictures."""
    contents = [item.get("content") for item in parameters.get("input", ())]
    parts = [part for content in contents if isinstance(content, list) for part in content]
    return [part for part in parts if part["type"] == "input_image"]


def _takes(lessons: frozenset[Lesson], name: str, *values: object) -> bool:
    return not any(lesson.forbids(name, value) for lesson in lessons for value in values)


def _fields_taken(lessons: frozenset[Lesson], name: str, fields: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if _takes(lessons, f"{name}.{key}", value)}


def _tools_taken(lessons: frozenset[Lesson], tools: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    named = [(f"tools.{tool['type']}", tool) for tool in tools]
    reduced = [(name, tool, _fields_taken(lessons, name, tool)) for name, tool in named]
    return [rest for name, tool, rest in reduced if _takes(lessons, name, tool, rest)]


def _item_taken(lessons: frozenset[Lesson], item: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(item.get("content"), list):
        return item
    return {**item, "content": [_part_taken(lessons, part) for part in item["content"]]}


def _part_taken(lessons: frozenset[Lesson], part: dict[str, Any]) -> dict[str, Any]:
    if part["type"] != "input_image":
        return part
    return _fields_taken(lessons, PICTURES, part) if _takes(lessons, PICTURES, part) else UNSEEN
