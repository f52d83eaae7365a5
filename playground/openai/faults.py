"""What can go wrong between a client and OpenAI, each as a value that a test or a demo switches on."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from playground.openai.errors import ApiError
from playground.openai.events import TEXT_DELTA, Event
from playground.openai.scripts import CutReason


@dataclass(frozen=True, slots=True)
class Point:
    """A place in a stream: just before the event of this type that follows `after` others of its type."""

    after: int = 0
    event: str = TEXT_DELTA


class Ending(Enum):
    """How the stream goes on after a fault."""

    GO_ON = auto()
    CLEAN_END = auto()
    TRUNCATED_CHUNK = auto()
    RESET = auto()
    SILENCE = auto()
    PINGS = auto()


@dataclass(frozen=True, slots=True)
class HttpFault:
    """The request gets this HTTP answer and nothing else."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


Frames = Callable[[Event], Sequence[Event | bytes]]
"""Makes what a fault sends from the response object as it stands: events, or bytes that are sent as they are."""


@dataclass(frozen=True, slots=True)
class StreamFault:
    """At a point of the stream these frames are sent, and then the stream ends or goes on.

    A point that the answer never reaches is taken just before its terminal event.
    """

    at: Point
    ending: Ending
    frames: Frames = lambda _response: ()


@dataclass(frozen=True, slots=True)
class Hold:
    """The stream waits at a point until `release` is called, or for ever, and then goes on at its
    pace; `reached` tells that it waits."""

    at: Point
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def release(self) -> None:
        """Let the stream go on."""
        self.released.set()


@dataclass(frozen=True, slots=True)
class Cut:
    """The answer ends in order, but incomplete, after so many deltas."""

    reason: CutReason
    after: int = 0


Fault = HttpFault | StreamFault | Hold | Cut


def at(event: str, fault: StreamFault, after: int = 0) -> StreamFault:
    """The same fault before an event of another type than text, for instance in the middle of a drawing."""
    return replace(fault, at=Point(after, event))


def refused(error: ApiError, **headers: str) -> HttpFault:
    """An error answer; underscores in the names of headers stand for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpFault(error.status, json.dumps(error.as_json()).encode(), headers=named)


def rate_limited(retry_after: float | None = None) -> HttpFault:
    """429 `rate_limit_exceeded`; `retry_after` in seconds goes into both headers that OpenAI sends."""
    message = "Rate limit reached for requests. Please try again later."
    error = ApiError(429, message, "rate_limit_exceeded", kind="requests")
    if retry_after is None:
        return refused(error)
    return refused(error, retry_after=f"{retry_after:g}", retry_after_ms=f"{retry_after * 1000:g}")


def quota_exhausted() -> HttpFault:
    """429 `insufficient_quota`: waiting does not help."""
    message = "You exceeded your current quota, please check your plan and billing details."
    return refused(ApiError(429, message, "insufficient_quota", kind="insufficient_quota"))


def server_error(status: int = 500) -> HttpFault:
    """5xx `server_error`."""
    message = "The server had an error while processing your request. Sorry about that!"
    return refused(ApiError(status, message, "server_error", kind="server_error"))


def overloaded() -> HttpFault:
    """503 `server_is_overloaded`."""
    message = "Our servers are currently overloaded. Please try again later."
    return refused(ApiError(503, message, "server_is_overloaded", kind="service_unavailable_error"))


def key_rejected() -> HttpFault:
    """401 `invalid_api_key`."""
    return refused(ApiError(401, "Incorrect API key provided: sk-***.", "invalid_api_key"))


def forbidden() -> HttpFault:
    """403: the key may not use this model."""
    message = "Project does not have access to this model."
    return refused(ApiError(403, message, "model_not_found"))


def model_gone(name: str) -> HttpFault:
    """404 `model_not_found`."""
    message = f"The model '{name}' does not exist or you do not have access to it."
    return refused(ApiError(404, message, "model_not_found", "model"))


def bad_request(code: str, param: str | None = None, message: str = "Invalid request.") -> HttpFault:
    """400 with this code, for instance `context_length_exceeded`, `invalid_prompt` or `unsupported_parameter`."""
    return refused(ApiError(400, message, code, param))


def html_page() -> HttpFault:
    """200 with an HTML page, as a login page of a proxy."""
    return HttpFault(200, b"<!doctype html><html><body>Please sign in.</body></html>", "text/html")


def error_with_200(code: str = "server_error") -> HttpFault:
    """200 with an error as JSON, where a stream was asked for."""
    return HttpFault(200, json.dumps(ApiError(200, "Something went wrong.", code).as_json()).encode())


def nested_error(code: str = "server_error", message: str = "The server had an error.", after: int = 0) -> StreamFault:
    """An `error` event with an `error` object inside, which is how the live API sends it."""
    event: Event = {"type": "error", "error": {"type": code, "code": code, "message": message, "param": None}}
    return StreamFault(Point(after), Ending.CLEAN_END, lambda _response: (dict(event),))


def flat_error(code: str = "server_error", message: str = "The server had an error.", after: int = 0) -> StreamFault:
    """An `error` event with its fields at the top, which is how the reference describes it."""
    event: Event = {"type": "error", "code": code, "message": message, "param": None}
    return StreamFault(Point(after), Ending.CLEAN_END, lambda _response: (dict(event),))


def failed(code: str = "server_error", message: str = "The server had an error.", after: int = 0) -> StreamFault:
    """`response.failed` with this error."""

    def frames(response: Event) -> Sequence[Event]:
        error = {"code": code, "message": message}
        return ({"type": "response.failed", "response": {**response, "status": "failed", "error": error}},)

    return StreamFault(Point(after), Ending.CLEAN_END, frames)


def incomplete(reason: CutReason, after: int = 0) -> Cut:
    """`response.incomplete` for this reason after so many deltas."""
    return Cut(reason, after)


def unknown_event(kind: str = "response.dream.delta", after: int = 0) -> StreamFault:
    """An event of a type that no client knows; the answer goes on."""
    return StreamFault(Point(after), Ending.GO_ON, lambda _response: ({"type": kind, "delta": "zzz"},))


def unknown_item(kind: str = "telepathy_call", after: int = 0) -> StreamFault:
    """An output item of a type that no client knows; the answer goes on."""
    item = {"id": "tp_1", "type": kind, "status": "completed", "thought": "zzz"}
    frames = tuple(
        {"type": f"response.output_item.{step}", "output_index": 9, "item": item} for step in ("added", "done")
    )
    return StreamFault(Point(after), Ending.GO_ON, lambda _response: tuple(dict(frame) for frame in frames))


def keepalive(count: int = 1, after: int = 0) -> StreamFault:
    """The undocumented `keepalive` events that the live API sends in long silences; the answer goes on."""
    return StreamFault(Point(after), Ending.GO_ON, lambda _response: [{"type": "keepalive"} for _ in range(count)])


def half_json(after: int = 0) -> StreamFault:
    """A frame whose JSON is cut in the middle."""
    frame = b'event: response.output_text.delta\ndata: {"type":"response.output_te\n\n'
    return StreamFault(Point(after), Ending.CLEAN_END, lambda _response: (frame,))


def bad_utf8(after: int = 0) -> StreamFault:
    """A frame with bytes that are no UTF-8."""
    frame = b'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","delta":"\xff\xfe"}\n\n'
    return StreamFault(Point(after), Ending.CLEAN_END, lambda _response: (frame,))


def done_marker_only() -> StreamFault:
    """Nothing but the `[DONE]` of another API."""
    return StreamFault(Point(0, "response.created"), Ending.CLEAN_END, lambda _response: (b"data: [DONE]\n\n",))


def reset(after: int = 0) -> StreamFault:
    """The TCP connection is reset."""
    return StreamFault(Point(after), Ending.RESET)


def truncated_chunk(after: int = 0) -> StreamFault:
    """The connection closes in the middle of a chunk of the body."""
    return StreamFault(Point(after), Ending.TRUNCATED_CHUNK)


def clean_end(after: int = 0) -> StreamFault:
    """The body ends as if all was well, without a terminal event."""
    return StreamFault(Point(after), Ending.CLEAN_END)


def stall(after: int = 0) -> StreamFault:
    """Nothing more is ever sent, and the connection stays open."""
    return StreamFault(Point(after), Ending.SILENCE)


def pings(after: int = 0) -> StreamFault:
    """Nothing but comment lines is sent from here on, for ever."""
    return StreamFault(Point(after), Ending.PINGS)
