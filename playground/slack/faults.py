"""Faults that a test switches on: what goes wrong with the next calls of a method.

`carried_out` says whether the call takes effect all the same.
"""

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class RateLimited:
    """HTTP 429 with this Retry-After, in seconds."""

    retry_after: int = 1
    carried_out: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class HttpError:
    """A status such as 500 or 503, with the web page of a gateway as its body."""

    status: int = 503
    carried_out: bool = False


@dataclass(frozen=True, slots=True)
class Html:
    """HTTP 200 with a web page instead of JSON."""

    carried_out: bool = False


@dataclass(frozen=True, slots=True)
class Error:
    """`ok: false` with this error."""

    error: str
    carried_out: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class Delay:
    """The answer comes late, by so many seconds; the call takes effect at once."""

    seconds: float
    carried_out: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class Silence:
    """The call is never answered."""

    carried_out: bool = False


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection is reset instead of an answer."""

    carried_out: bool = False


Fault = RateLimited | HttpError | Html | Error | Delay | Silence | Reset
EVERY = "*"
UPLOAD = "(upload)"
"""In place of a method: the request that brings the bytes of a file to its upload address."""

DOWNLOAD = "(download)"
"""In place of a method: a request for the bytes of a file."""


class Faults:
    """The faults to come, for each method in the order in which they were added."""

    def __init__(self) -> None:
        self._plan: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._lasting: dict[str, Fault] = {}

    def add(self, method: str, fault: Fault, times: int = 1) -> None:
        """The next calls of this method meet the fault; `*` stands for any, UPLOAD and DOWNLOAD too."""
        self._plan[method].extend([fault] * times)

    def always(self, method: str, fault: Fault) -> None:
        """All calls of this method meet the fault, until `clear`."""
        self._lasting[method] = fault

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._plan.clear()
        self._lasting.clear()

    def next(self, method: str) -> Fault | None:
        """The fault that this call meets; it is used up."""
        for name in (method, EVERY):
            if self._plan.get(name):
                return self._plan[name].popleft()
        return self._lasting.get(method) or self._lasting.get(EVERY)
