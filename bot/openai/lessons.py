"""Remembers which parameters a server does not take, so that it is asked without them.

Servers with `/v1/responses` differ: most ignore what they do not know, some refuse it. So every request is complete at
first, and what is refused is left out from then on.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlsplit

from openai import APIStatusError

from bot.domain.recent import Recent
from bot.openai.errors import model_error
from bot.openai.omissions import Lesson, applied
from bot.openai.refusals import taught
from bot.openai.request import Parameters

log = logging.getLogger(__name__)

REMEMBERED_MODELS = 256

Result = TypeVar("Result")


@dataclass(slots=True)
class Lessons:
    """What the server at this address has taught, by model; the models used last are remembered."""

    base_url: str
    _by_model: Recent[str, frozenset[Lesson]] = field(default_factory=lambda: Recent(REMEMBERED_MODELS))

    async def ask(self, model: str, complete: Parameters, send: Callable[[Parameters], Awaitable[Result]]) -> Result:
        """What the server returns when it is sent as many of these parameters as it takes.

        A refused request costs nothing, so it is sent again without what was refused; whatever else `send` raises is
        passed on.
        """
        lessons = self.recall(model)
        parameters = applied(lessons, complete)
        while True:
            try:
                result = await send(parameters)
            except APIStatusError as error:
                learnt = self.learn(error, parameters)
                lessons |= learnt
                fewer = applied(lessons, complete)
                if fewer == parameters:
                    raise
                names = ", ".join(sorted(lesson.parameter for lesson in learnt))
                log.info("%s is asked without %s: %s", model, names, model_error(error))
                parameters = fewer
            else:
                self.keep(model, lessons)
                return result

    def recall(self, model: str) -> frozenset[Lesson]:
        """What requests of this model have taught so far."""
        return self._by_model.get(model, frozenset())

    def keep(self, model: str, lessons: frozenset[Lesson]) -> None:
        """Remember what made a request of this model acceptable, as far as it lasts."""
        if lasting := frozenset(lesson for lesson in lessons if lesson.lasting):
            # Other requests of the model may have taught something meanwhile.
            self._by_model[model] = self.recall(model) | lasting

    def learn(self, error: APIStatusError, sent: Parameters) -> frozenset[Lesson]:
        """What this answer to these parameters teaches; nothing when it is not about parameters that we could omit."""
        return taught(error, sent, by_openai=is_openai(self.base_url))


def is_openai(base_url: str) -> bool:
    """True for OpenAI's own service and its regional addresses."""
    host = urlsplit(base_url).hostname or ""
    return host == "api.openai.com" or host.endswith(".api.openai.com")
