"""Faults of Socket Mode that a test switches on: what goes wrong with the next events and the next handshakes."""

from collections import deque
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Twice:
    """The event comes in two envelopes at once, over any of the connections, each as a first attempt."""


@dataclass(frozen=True, slots=True)
class Late:
    """The event comes by so many seconds later, behind those that happen meanwhile."""

    seconds: float


@dataclass(frozen=True, slots=True)
class AckTooLate:
    """The app's ack comes too late to count: the event is sent again, with the number of the retry."""


@dataclass(frozen=True, slots=True)
class RefusedHandshake:
    """A new connection gets this HTTP status, and its ticket is dead from then on."""

    status: int = 503


Reason = Literal["warning", "refresh_requested", "link_disabled", "too_many_websockets"]
"""Why Slack tells a connection to go (docs.slack.dev/apis/events-api/using-socket-mode)."""

EventFault = Twice | Late | AckTooLate
SocketFault = EventFault | RefusedHandshake


class SocketFaults:
    """The faults to come, for events and for handshakes each in the order in which they were added."""

    def __init__(self) -> None:
        self._events: deque[EventFault] = deque()
        self._handshakes: deque[RefusedHandshake] = deque()

    def add(self, fault: SocketFault, times: int = 1) -> None:
        """The next events, or handshakes, meet the fault."""
        if isinstance(fault, RefusedHandshake):
            self._handshakes.extend([fault] * times)
        else:
            self._events.extend([fault] * times)

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._events.clear()
        self._handshakes.clear()

    def next_event(self) -> EventFault | None:
        """The fault that this event meets; it is used up."""
        return self._events.popleft() if self._events else None

    def next_handshake(self) -> RefusedHandshake | None:
        """The fault that this handshake meets; it is used up."""
        return self._handshakes.popleft() if self._handshakes else None
