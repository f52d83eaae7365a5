"""What an agent app shows about its threads beside messages: statuses, sessions, titles and suggested prompts."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from playground.slack.changes import Change, ChangeKind, Changes
from playground.slack.directory import Json

ThreadId = tuple[str, str]
"""A channel and the timestamp of the thread's first message."""

STATUS_LIFETIME = 120.0
"""Seconds after which Slack takes a status away (reference of assistant.threads.setStatus)."""


@dataclass(frozen=True, slots=True)
class Status:
    """The line under a thread that says what the app is doing; `loading_messages` are shown in turn."""

    text: str
    loading_messages: tuple[str, ...] = ()


class AgentThreads:
    """Keeps them by thread, and tells about each change."""

    def __init__(self, changes: Changes, status_lifetime: float = STATUS_LIFETIME) -> None:
        self.sessions: dict[ThreadId, str] = {}
        self.titles: dict[ThreadId, str] = {}
        self.prompts: dict[ThreadId, Json] = {}
        self._changes = changes
        self._status_lifetime = status_lifetime
        self._statuses: dict[ThreadId, Status] = {}
        self._expiry: dict[ThreadId, asyncio.TimerHandle] = {}

    @property
    def statuses(self) -> Mapping[ThreadId, Status]:
        """The statuses that are shown now."""
        return MappingProxyType(self._statuses)

    def set_status(self, thread: ThreadId, status: Status) -> None:
        """Show a status until the app writes in the thread, two minutes have passed, or it is set to an empty text."""
        self.clear_status(thread)
        if status.text:
            self._statuses[thread] = status
            loop = asyncio.get_running_loop()
            self._expiry[thread] = loop.call_later(self._status_lifetime, self.clear_status, thread)
            self._changes.announce(Change(ChangeKind.STATUS_CHANGED, *thread))

    def clear_status(self, thread: ThreadId) -> None:
        """Take the status away."""
        if timer := self._expiry.pop(thread, None):
            timer.cancel()
        if self._statuses.pop(thread, None):
            self._changes.announce(Change(ChangeKind.STATUS_CHANGED, *thread))

    def set_session(self, thread: ThreadId, status: str) -> None:
        """Note the session's state: active, processing, suspended or closed."""
        self.sessions[thread] = status
        self._changes.announce(Change(ChangeKind.SESSION_CHANGED, *thread))

    def set_title(self, thread: ThreadId, title: str) -> None:
        """Name the thread in the list of the person's conversations."""
        self.titles[thread] = title
        self._changes.announce(Change(ChangeKind.TITLE_CHANGED, *thread))

    def set_prompts(self, thread: ThreadId, prompts: Json) -> None:
        """Offer prompts: `title` and `prompts`, each of which has `title` and `message`."""
        self.prompts[thread] = prompts
        self._changes.announce(Change(ChangeKind.PROMPTS_CHANGED, *thread))

    def close(self) -> None:
        """Cancel all timers."""
        for timer in self._expiry.values():
            timer.cancel()
