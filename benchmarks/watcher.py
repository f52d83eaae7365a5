"""Sees what people see: when the first words of an answer were visible, when all of it, and how it grew."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from playground.slack.changes import Subscription
from playground.slack.directory import Json
from playground.slack.workspace import Workspace

_TELLING = 12
"""As many characters from the beginning of a message tell an answer from a status."""


@dataclass(slots=True)
class Sight:
    """One answer as it becomes visible; times are seconds of the event loop's clock.

    `growth` has a pair of time and visible characters for every change.
    """

    answer: str
    asked_at: float
    first_at: float | None = None
    whole_at: float | None = None
    growth: list[tuple[float, int]] = field(default_factory=list)


class Watcher:
    """Follows all answers in a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._sights: dict[tuple[str, str], Sight] = {}
        self._texts: dict[tuple[str, str], dict[str, str]] = {}
        self._changed = asyncio.Event()

    def expect(self, channel: str, root: str, answer: str, asked_at: float) -> Sight:
        """Look out for this answer in the thread."""
        sight = self._sights[channel, root] = Sight(answer, asked_at)
        for message in self._workspace.thread(channel, root):
            self._look_at(channel, message)
        return sight

    async def until_whole(self, *sights: Sight, timeout: float) -> bool:
        """Wait until these answers are visible to their last word; False when the time is up before."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                while any(sight.whole_at is None for sight in sights):
                    self._changed.clear()
                    await self._changed.wait()
                return True
        return False

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Follow the workspace while the context is open."""
        task = asyncio.create_task(self._follow(self._workspace.changes()))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _follow(self, changes: Subscription) -> None:
        async for change in changes:
            message = self._workspace.message(change.channel, change.ts) if change.ts else None
            if message is not None:
                self._look_at(change.channel, message)

    def _look_at(self, channel: str, message: Json) -> None:
        thread = channel, str(message.get("thread_ts", ""))
        sight = self._sights.get(thread)
        if sight is None or message.get("user") != self._workspace.bot.user_id:
            return
        text = self._workspace.markdown_of(message).strip()
        if not text or text[:_TELLING] not in sight.answer:
            return
        now = asyncio.get_running_loop().time()
        texts = self._texts.setdefault(thread, {})
        texts[message["ts"]] = text
        visible = sum(map(len, texts.values()))
        sight.first_at = sight.first_at or now
        sight.growth.append((now, visible))
        is_streaming = message.get("streaming_state") == "in_progress"
        if sight.whole_at is None and not is_streaming and _same(texts, sight.answer):
            sight.whole_at = now
            self._changed.set()


def _same(texts: dict[str, str], answer: str) -> bool:
    """True when the messages, in their order, are the answer, whatever white space they were cut at."""
    return "".join("".join(texts[ts] for ts in sorted(texts)).split()) == "".join(answer.split())
