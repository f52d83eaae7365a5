"""Whether it is worth asking the provider: after failures in a row, people are told so at once instead of waiting."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from openai import APIConnectionError, APIStatusError

from bot.domain.errors import ModelError, ModelUnreachable

FAILURES, WITHIN = 5, 60.0
"""So many failures in a row within so many seconds open the breaker."""

PROBE_AFTER = 15.0
"""Seconds after which one question is let through, to see whether it goes better."""

_NOT_ASKED = "not asked: it has failed several times in a row"


class ModelDown(ModelUnreachable):
    """The provider has failed several times in a row just now, and was not asked."""

    explanation = "OpenAI does not answer at the moment. I keep looking; please ask again in a minute."


class Breaker:
    """Counts what says that nobody is there: no connection, or a status from 500 up; never a refusal or a rate limit.

    Answers that have begun go on with their retries, whatever it says: a hiccup of the provider costs nobody an answer.
    It closes with the first success, and by itself once nothing has failed for WITHIN seconds.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._failures: deque[float] = deque(maxlen=FAILURES)
        self._probe_at = 0.0

    @property
    def is_closed(self) -> bool:
        """True while questions are asked."""
        return len(self._failures) < FAILURES or self._now() - self._failures[0] > WITHIN

    def admit(self) -> None:
        """Let a new question through. Raises ModelDown."""
        if self.is_closed:
            return
        if self._now() < self._probe_at:
            raise ModelDown(_NOT_ASKED)
        self._probe_at = self._now() + PROBE_AFTER

    @contextmanager
    def beside(self) -> Iterator[None]:
        """A question without retries, which is not asked while others fail, and never instead of one that probes.

        Raises ModelDown.
        """
        if not self.is_closed:
            raise ModelDown(_NOT_ASKED)
        try:
            yield
        except ModelError as error:
            self.failed(error)
            raise
        self.succeeded()

    def succeeded(self) -> None:
        """The provider has taken a request."""
        self._failures.clear()

    def failed(self, error: ModelError) -> None:
        """A request came to this."""
        if is_outage(error):
            was_closed = self.is_closed
            self._failures.append(self._now())
            if was_closed:
                self._probe_at = self._now() + PROBE_AFTER


def is_outage(error: ModelError) -> bool:
    """True for an error that says nothing of the request, only that it was in vain."""
    cause = error.__cause__
    return isinstance(cause, APIConnectionError) or (isinstance(cause, APIStatusError) and cause.status_code >= 500)
