"""The record of what the app asked of the Web API."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from playground.slack.directory import Json

KEPT = 100_000
"""How many calls are remembered; older ones are forgotten."""


@dataclass(slots=True)
class Call:
    """One call: what was sent, when (event-loop seconds), how long it took, and how it was answered."""

    method: str
    arguments: Json
    at: float
    took: float = 0.0
    status: int = 200
    error: str = ""
    carried_out: bool = False


@dataclass(slots=True)
class CallLog:
    """All calls, oldest first."""

    _calls: deque[Call] = field(default_factory=lambda: deque(maxlen=KEPT))

    def __iter__(self) -> Iterator[Call]:
        return iter(self._calls)

    def __len__(self) -> int:
        return len(self._calls)

    def add(self, call: Call) -> None:
        """Remember a call."""
        self._calls.append(call)

    def clear(self) -> None:
        """Forget all calls."""
        self._calls.clear()

    def of(self, *methods: str) -> list[Call]:
        """The calls of these methods, oldest first."""
        return [call for call in self._calls if call.method in methods]

    def count(self, *methods: str, error: str | None = None) -> int:
        """How many calls these methods got; with `error`, only those answered so (an empty text means success)."""
        return sum(error is None or call.error == error for call in self.of(*methods))

    def busiest_minute(self, method: str) -> int:
        """The most calls of this method that any 60 seconds saw."""
        times = [call.at for call in self.of(method)]
        first = most = 0
        for last, at in enumerate(times):
            while times[first] <= at - 60.0:
                first += 1
            most = max(most, last - first + 1)
        return most
