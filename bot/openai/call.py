"""The log lines of one model call: durations, tokens, ids and codes; never text."""

import logging
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from bot.domain.errors import ModelError
from bot.domain.reply import Done, ReplyEvent, TextDelta, Usage
from bot.ports import NO_METER, Meter

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Call:
    """What is known of one call, its rounds and retries included.

    Says so in the log, and to the meter, when its context is left.
    """

    model: str
    meter: Meter = NO_METER
    request_id: str = "-"
    rounds: int = 1
    tries: int = 1
    first_text_after: float | None = None
    done: Done | None = None
    _began: float = field(default_factory=time.monotonic)

    def note(self, event: ReplyEvent) -> None:
        """Remember what the log line needs of this event."""
        if isinstance(event, TextDelta) and self.first_text_after is None:
            self.first_text_after = self._seconds()
        elif isinstance(event, Done):
            self.done = event

    def note_retry(self, error: ModelError, pause: float) -> None:
        """Say that the request is made again."""
        self.tries += 1
        log.warning("%s: %s: %s; try %d in %.1f s", self.model, type(error).__name__, error, self.tries, pause)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        seconds = self._seconds()
        outcome, usage = "hung_up", Usage()
        if self.done is not None:
            outcome, usage = "answered", self.done.usage
            self._log_answer(self.done, seconds)
        elif isinstance(error, ModelError):
            outcome = name = type(error).__name__
            log.warning("%s failed after %.2f s: %s: %s; request %s", self.model, seconds, name, error, self.request_id)
        elif kind is not None:
            log.info("%s: hung up after %.2f s, request %s", self.model, seconds, self.request_id)
        self.meter.model_call(self.model, outcome, seconds, self.first_text_after, usage)

    def _log_answer(self, done: Done, seconds: float) -> None:
        log.info(
            "%s answered in %.2f s, first text after %.2f s, round %d, try %d, "
            "tokens %d in, %d cached, %d out%s, request %s",
            self.model,
            seconds,
            self.first_text_after or seconds,
            self.rounds,
            self.tries,
            done.usage.input_tokens,
            done.usage.cached_tokens,
            done.usage.output_tokens,
            f", cut by {done.cut}" if done.cut else "",
            self.request_id,
        )

    def _seconds(self) -> float:
        return time.monotonic() - self._began
