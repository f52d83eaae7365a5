"""The log lines of one model call, and what it costs: durations, tokens, ids and codes; never text."""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from bot.domain.errors import ModelError
from bot.domain.reply import Done, ReplyEvent, TextDelta
from bot.domain.usage import Charge, Unfinished, Usage, free, used_by
from bot.openai.stream import Answer
from bot.ports import NO_METER, Meter

log = logging.getLogger(__name__)

_UNREAD = frozenset({"encrypted_content", "headers", "image_url", "result"})
"""Fields of a request that hold no words for the model, or not as a text."""


@dataclass(slots=True)
class Call:
    """What is known of one call, its rounds and retries included.

    Says so in the log, and to the meter, when its context is left; `charge` hears of each request by itself.
    """

    model: str
    meter: Meter = NO_METER
    charge: Charge = field(default=free, repr=False)
    request_id: str = "-"
    rounds: int = 1
    tries: int = 1
    first_text_after: float | None = None
    done: Done | None = None
    spent: list[tuple[str, Usage]] = field(default_factory=list)
    _open: tuple[dict[str, Any], Answer] | None = None
    _began: float = field(default_factory=time.monotonic)

    def note(self, event: ReplyEvent) -> None:
        """Remember what the log line needs of this event."""
        if isinstance(event, TextDelta) and self.first_text_after is None:
            self.first_text_after = self._seconds()
        elif isinstance(event, Done):
            self.done = event

    def asked(self, parameters: dict[str, Any], answer: Answer) -> None:
        """A request was taken, and is being answered. One before it that has failed without a word costs nothing."""
        self._open = (parameters, answer)

    def pay(self, model: str, usage: Usage) -> None:
        """A request is over, and this is what it has cost of this model."""
        self._open = None
        if usage != Usage():
            self.spent.append((model, usage))
            self.charge(model, usage)

    def note_retry(self, error: ModelError, pause: float) -> None:
        """Say that the request is made again."""
        self.tries += 1
        log.warning("%s: %s: %s; try %d in %.1f s", self.model, type(error).__name__, error, self.tries, pause)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        seconds, outcome = self._seconds(), "hung_up"
        if self._open is not None:
            self._leave_open(*self._open, failed=isinstance(error, ModelError))
        if self.done is not None:
            outcome = "answered"
            self._log_answer(self.done, seconds)
        elif isinstance(error, ModelError):
            outcome = name = type(error).__name__
            log.warning("%s failed after %.2f s: %s: %s; request %s", self.model, seconds, name, error, self.request_id)
        elif kind is not None:
            log.info("%s: hung up after %.2f s, request %s", self.model, seconds, self.request_id)
        self.meter.model_call(self.model, outcome, seconds, self.first_text_after, self.spent)

    def _leave_open(self, parameters: dict[str, Any], answer: Answer, *, failed: bool) -> None:
        """Charge a request that nobody has told the price of; a failure of the service before any word is none."""
        if answer.text or answer.acted or not failed:
            texts = tuple(_texts_in([parameters.get(part) for part in ("instructions", "tools", "input")]))
            self.charge(self.model, Unfinished(texts, answer.text, _pictures_in(parameters), answer.so_far))

    def _log_answer(self, done: Done, seconds: float) -> None:
        usage = used_by(self.model, self.spent)
        log.info(
            "%s answered in %.2f s, first text after %.2f s, round %d, try %d, "
            "tokens %d in, %d cached, %d out%s, request %s",
            self.model,
            seconds,
            self.first_text_after or seconds,
            self.rounds,
            self.tries,
            usage.input_tokens,
            usage.cached_tokens,
            usage.output_tokens,
            f", cut by {done.cut}" if done.cut else "",
            self.request_id,
        )

    def _seconds(self) -> float:
        return time.monotonic() - self._began


def _texts_in(value: object) -> Iterator[str]:
    """The words of a request: what the model is told, what was said, and which tools there are."""
    match value:
        case str():
            yield value
        case dict():
            for name, each in value.items():
                if name not in _UNREAD:
                    yield from _texts_in(each)
        case list():
            for each in value:
                yield from _texts_in(each)
        case _:
            pass


def _pictures_in(value: object) -> int:
    match value:
        case dict():
            return int(value.get("type") == "input_image") + sum(map(_pictures_in, value.values()))
        case list():
            return sum(map(_pictures_in, value))
        case _:
            return 0
