"""Native text streams: which messages are being streamed, what they hold so far, and how each stream ends."""

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum

from playground.slack.directory import Json
from playground.slack.markdown import expand
from playground.slack.threads import ThreadId
from playground.slack.workspace import Workspace

LIFETIME = 300.0
"""Seconds after its start in which a stream takes text, even while it is fed (seen by users of several SDKs)."""


class StreamState(StrEnum):
    """How a stream stands."""

    IN_PROGRESS = "in_progress"
    STOPPED_BY_USER = "stopped_by_user"
    COMPLETED = "completed"
    EXPIRED = "expired"


@dataclass(slots=True)
class Stream:
    """One streamed message. `parts` are pieces of Markdown and lists of blocks, in the order in which they came."""

    channel: str
    ts: str
    thread_ts: str
    task_display_mode: str = "timeline"
    state: StreamState = StreamState.IN_PROGRESS
    parts: list[str | list[Json]] = field(default_factory=list)
    tasks: dict[str, Json] = field(default_factory=dict)
    plan_title: str = ""
    expiry: asyncio.TimerHandle | None = None

    @property
    def markdown(self) -> str:
        """All Markdown so far, exactly as it was sent."""
        return "".join(part for part in self.parts if isinstance(part, str))

    def apply(self, chunk: Json) -> None:
        """Take one chunk, which has been checked."""
        match chunk["type"]:
            case "markdown_text":
                self._append(chunk["text"])
            case "blocks":
                self.parts.append(list(chunk["blocks"]))
            case "plan_update":
                self.plan_title = chunk["title"]
            case "task_update":
                known = self.tasks.get(chunk["id"], {})
                details = known.get("details", "") + chunk.get("details", "")
                self.tasks[chunk["id"]] = known | chunk | ({"details": details} if details else {})
            case _:
                raise ValueError(f"unchecked chunk {chunk['type']}")

    def blocks(self) -> list[Json]:
        """What the finished message consists of: tasks first, then the expanded Markdown and the blocks."""
        blocks: list[Json] = []
        for part in self.parts:
            blocks += expand(part) if isinstance(part, str) else part
        return self._task_blocks() + blocks

    def _append(self, text: str) -> None:
        if self.parts and isinstance(self.parts[-1], str):
            self.parts[-1] += text
        else:
            self.parts.append(text)

    def _task_blocks(self) -> list[Json]:
        cards: list[Json] = [
            {"type": "task_card", "task_id": task["id"], "title": task["title"], "status": task["status"]}
            for task in self.tasks.values()
        ]
        if cards and self.task_display_mode == "plan":
            return [{"type": "plan", "title": self.plan_title, "tasks": cards}]
        return cards


class Streams:
    """All streams of the workspace, by channel and message."""

    def __init__(self, workspace: Workspace, lifetime: float = LIFETIME) -> None:
        self.lifetime = lifetime
        self._workspace = workspace
        self._streams: dict[tuple[str, str], Stream] = {}

    def start(self, stream: Stream) -> None:
        """Keep a new stream, and let it expire in due time."""
        self._streams[stream.channel, stream.ts] = stream
        stream.expiry = asyncio.get_running_loop().call_later(self.lifetime, self.expire, stream)

    def find(self, channel: str, ts: str) -> Stream | None:
        """The stream of this message, also when it has ended."""
        return self._streams.get((channel, ts))

    def is_streaming(self, channel: str, ts: str) -> bool:
        """True while the message cannot be edited, because its stream has not ended."""
        stream = self.find(channel, ts)
        return stream is not None and stream.state is StreamState.IN_PROGRESS

    def running(self, thread: ThreadId | None = None) -> list[Stream]:
        """The streams that have not ended, of one thread or of all."""
        return [
            stream
            for stream in self._streams.values()
            if stream.state is StreamState.IN_PROGRESS and thread in (None, (stream.channel, stream.thread_ts))
        ]

    def show(self, stream: Stream) -> None:
        """Let people see what the stream holds: while it runs, the message's text is its Markdown; it has no blocks."""
        message = self._workspace.message(stream.channel, stream.ts)
        if message is not None:
            markdown = stream.markdown
            self._workspace.change_quietly(stream.channel, message | {"text": markdown}, markdown)

    def end(self, stream: Stream, state: StreamState) -> None:
        """The stream takes nothing more."""
        stream.state = state
        if stream.expiry:
            stream.expiry.cancel()

    def expire(self, stream: Stream) -> None:
        """End the stream as Slack does when its time is up: the text stays, and the app may edit the message."""
        if stream.state is not StreamState.IN_PROGRESS:
            return
        self.end(stream, StreamState.EXPIRED)
        message = self._workspace.message(stream.channel, stream.ts)
        if message is not None:
            expired = message | {"streaming_state": "errored", "blocks": stream.blocks()}
            self._workspace.change_quietly(stream.channel, expired, stream.markdown)

    def stop_by_user(self, thread: ThreadId) -> list[str]:
        """A person presses the stop button: no further appends; returns the timestamps of the streams it stopped."""
        stopped = self.running(thread)
        for stream in stopped:
            self.end(stream, StreamState.STOPPED_BY_USER)
        return [stream.ts for stream in stopped]

    def forget(self, channel: str, ts: str) -> None:
        """The message is gone, and its stream with it."""
        if stream := self._streams.pop((channel, ts), None):
            self.end(stream, StreamState.COMPLETED)

    def close(self) -> None:
        """Cancel all timers."""
        for stream in self._streams.values():
            if stream.expiry:
                stream.expiry.cancel()
