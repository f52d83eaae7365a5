"""Notification of everything that changes in the workspace."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from weakref import WeakSet

BACKLOG = 10_000
"""How many changes a subscriber may leave unread."""

Result = TypeVar("Result")


class ChangeKind(StrEnum):
    """What changed. MISSED tells a subscriber who fell too far behind to read the whole state again."""

    MESSAGE_POSTED = "message_posted"
    MESSAGE_CHANGED = "message_changed"
    MESSAGE_DELETED = "message_deleted"
    EPHEMERAL_POSTED = "ephemeral_posted"
    REACTIONS_CHANGED = "reactions_changed"
    STATUS_CHANGED = "status_changed"
    SESSION_CHANGED = "session_changed"
    TITLE_CHANGED = "title_changed"
    PROMPTS_CHANGED = "prompts_changed"
    CHANNEL_CHANGED = "channel_changed"
    USER_CHANGED = "user_changed"
    VIEW_CHANGED = "view_changed"
    HOME_CHANGED = "home_changed"
    FILE_CHANGED = "file_changed"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Change:
    """Where to look again. `ts` is the message; for statuses, sessions, titles and prompts it is the thread's root."""

    kind: ChangeKind
    channel: str = ""
    ts: str = ""
    user: str = ""


class Subscription(AsyncIterator[Change]):
    """Yields each change made since the subscription began; ends when closed, or is dropped with its last reference."""

    def __init__(self) -> None:
        self._backlog: deque[Change] = deque()
        self._wake = asyncio.Event()
        self._closed = False

    def tell(self, change: Change) -> None:
        """Add a change; a subscriber who reads too slowly gets one MISSED in place of all that is unread."""
        if len(self._backlog) >= BACKLOG:
            self._backlog.clear()
            change = Change(ChangeKind.MISSED)
        self._backlog.append(change)
        self._wake.set()

    def close(self) -> None:
        """End the iteration after what is already there."""
        self._closed = True
        self._wake.set()

    async def __anext__(self) -> Change:
        while not self._backlog:
            if self._closed:
                raise StopAsyncIteration
            self._wake.clear()
            await self._wake.wait()
        return self._backlog.popleft()


class Changes:
    """Tells subscribers and waiters that something happened."""

    def __init__(self) -> None:
        self._subscriptions: WeakSet[Subscription] = WeakSet()
        self._waiting: set[asyncio.Event] = set()

    def subscribe(self) -> Subscription:
        """Everything from now on."""
        subscription = Subscription()
        self._subscriptions.add(subscription)
        return subscription

    def announce(self, change: Change) -> None:
        """Tell all subscribers, and let all waiters look again."""
        for subscription in tuple(self._subscriptions):
            subscription.tell(change)
        self.wake()

    def wake(self) -> None:
        """Let all waiters look again, because something happened that no subscriber cares for."""
        for event in self._waiting:
            event.set()

    async def wait_for(self, predicate: Callable[[], Result], timeout: float) -> Result:
        """The predicate's result as soon as it is true; it is asked now and after each change. Raises TimeoutError."""
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            async with asyncio.timeout(timeout):
                while not (result := predicate()):
                    event.clear()
                    await event.wait()
                return result
        finally:
            self._waiting.discard(event)
