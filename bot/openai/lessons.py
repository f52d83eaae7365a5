"""Remembers which parameters a server does not take, so that it is asked without them.

Servers with `/v1/responses` differ: most ignore what they do not know, some refuse it. So every request is complete at
first, and what is refused is left out from then on.
"""

import json
import re
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from openai import APIStatusError

from bot.domain.errors import RequestRejected
from bot.openai.errors import model_error
from bot.openai.request import Parameters

EXTRAS = frozenset({"prompt_cache_key", "reasoning", "safety_identifier", "store", "stream_options", "text"})
"""What not every compatible server knows."""

OPTIONAL = EXTRAS | {"max_output_tokens", "temperature", "top_p"}
"""What an answer can do without."""

REMEMBERED_MODELS = 256

_CHOICES = frozenset({"reasoning", "text"})
"""What is chosen from a few values, of which a server may take some."""

_UNSUPPORTED = {"unsupported_parameter", "unsupported_value", "unknown_parameter"}


@dataclass(frozen=True, slots=True)
class Lesson:
    """A parameter that is not taken: with this value, as JSON, or, where that is None, with any."""

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

    def recall(self, model: str) -> frozenset[Lesson]:
        """What requests of this model have taught so far."""
        return self._by_model.get(model, frozenset())

    def keep(self, model: str, lessons: frozenset[Lesson]) -> None:
        """Remember what made a request of this model acceptable."""
        if lessons:
            self._by_model[model] = lessons
            self._by_model.move_to_end(model)
        if len(self._by_model) > REMEMBERED_MODELS:
            self._by_model.popitem(last=False)

    def learn(self, error: APIStatusError, sent: Parameters) -> frozenset[Lesson]:
        """What this answer to these parameters teaches; nothing when it is not about parameters that we could omit.

        OpenAI names the parameter. Other servers have their own words: every optional parameter that is mentioned is
        suspect, and where none is, all that not every server knows.
        """
        if error.status_code not in (400, 422) or type(model_error(error)) is not RequestRejected:
            return frozenset()
        optional = OPTIONAL & sent.keys()
        if error.code in _UNSUPPORTED:
            suspects = set(error.param.split(".")) & optional if error.param else _mentioned(error, optional)
            by_value = _CHOICES if error.code == "unsupported_value" else frozenset()
            return frozenset(Lesson(name, json.dumps(sent[name]) if name in by_value else None) for name in suspects)
        if is_openai(self.base_url):
            return frozenset()
        return frozenset(Lesson(name) for name in _mentioned(error, optional) or EXTRAS & optional)


def applied(lessons: frozenset[Lesson], parameters: Parameters) -> Parameters:
    """The parameters without those that are not taken."""
    return {
        name: value for name, value in parameters.items() if not any(lesson.forbids(name, value) for lesson in lessons)
    }


def is_openai(base_url: str) -> bool:
    """True for OpenAI's own service and its regional addresses."""
    host = urlsplit(base_url).hostname or ""
    return host == "api.openai.com" or host.endswith(".api.openai.com")


def _mentioned(error: APIStatusError, parameters: Iterable[str]) -> set[str]:
    words = set(re.findall(r"\w+", f"{error.param} {error.message} {error.body}"))
    return words.intersection(parameters)
