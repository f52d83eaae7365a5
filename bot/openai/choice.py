"""Puts a question with a few possible answers to a model, and reads what it chose."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bot.domain.errors import ModelError
from bot.domain.models import ModelInfo, Question, nearest_effort, takes_temperature
from bot.domain.reply import TextDelta
from bot.domain.settings import Effort
from bot.openai.request import Parameters, fingerprint
from bot.openai.stream import Answer

_MOST_TOKENS = 4_000
"""Thinking counts as output: with less, a model that thinks, if against our will, would never come to its answer."""

_LONGEST_ANSWER = 20_000
"""In characters; what is longer is no choice, and not searched for one."""


def question_parameters(question: Question, model: ModelInfo) -> Parameters:
    """What asks this model to choose: as little thinking, talk and chance as it offers.

    The choices stand in the schema, and in the instructions for servers that do not know schemas.
    """
    effort = nearest_effort(Effort.NONE, model.efforts)
    verbosity = {"verbosity": "low"} if model.verbosity else {}
    optional = {
        "reasoning": {"effort": str(effort)} if effort else None,
        "temperature": 0 if takes_temperature(model, effort) else None,
    }
    return {
        "model": model.name,
        "instructions": f"{question.instructions}\n\n{_in_words(question.choices)}",
        "input": [{"role": "user", "content": [{"type": "input_text", "text": question.text}]}],
        "text": {"format": _schema(question), **verbosity},
        "max_output_tokens": min(_MOST_TOKENS, model.max_output),
        "store": False,
        "prompt_cache_key": fingerprint("question", question.name),
        "safety_identifier": fingerprint("person", question.asker),
        **{name: value for name, value in optional.items() if value is not None},
    }


def choice_in(response: object, choices: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """The words that a whole response chose, one for each name. Raises ModelError."""
    events = Answer().take({"type": "response.completed", "response": response})
    text = "".join(event.text for event in events if isinstance(event, TextDelta))
    for found in _objects_in(text[:_LONGEST_ANSWER]):
        chosen = {name: found.get(name) for name in choices}
        if all(word in choices[name] for name, word in chosen.items()):
            return {name: str(word) for name, word in chosen.items()}
    raise ModelError("the answer is none of the choices")


def _schema(question: Question) -> dict[str, Any]:
    return {
        "type": "json_schema",
        "name": question.name,
        "strict": True,
        "schema": {
            "type": "object",
            "properties": {name: {"type": "string", "enum": list(words)} for name, words in question.choices.items()},
            "required": list(question.choices),
            "additionalProperties": False,
        },
    }


def _in_words(choices: Mapping[str, tuple[str, ...]]) -> str:
    lines = (f"- {json.dumps(name)}: {' or '.join(map(json.dumps, words))}" for name, words in choices.items())
    return "Answer with one JSON object and nothing else. It has:\n" + "\n".join(lines)


def _objects_in(text: str) -> Iterator[dict[str, Any]]:
    """The JSON objects in a text, which may stand in a code block or between sentences."""
    decoder, start = json.JSONDecoder(), text.find("{")
    while start >= 0:
        try:
            found, end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            end = start + 1
        else:
            yield found
        start = text.find("{", end)
