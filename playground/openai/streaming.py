"""Sends one answer over HTTP: event by event at its pace, with the fault or the hold that was ordered."""

import asyncio
import json
import secrets
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import web

from playground.openai.calls import Call
from playground.openai.drawing_events import PROGRESS
from playground.openai.drawings import Work
from playground.openai.errors import ApiError
from playground.openai.events import REFUSAL_DELTA, TERMINAL, TEXT_DELTA, Event, Identity, answer_events
from playground.openai.faults import Ending, Hold, Point, StreamFault
from playground.openai.requests import Request
from playground.openai.scripts import Answer
from playground.openai.uses import Steps
from playground.tcp import reset

_SECONDS_BETWEEN_PINGS = 0.2
_OBFUSCATED_LENGTH = 16
_DELTAS = (TEXT_DELTA, REFUSAL_DELTA)


@dataclass(slots=True)
class Exchange:
    """One answer on its way to its client; `note` is called when something about the call has changed.

    `held` counts the seconds that a hold or a drawing took: the pace of the text goes on from there.
    """

    http: web.Request
    call: Call
    request: Request
    identity: Identity
    answer: Answer
    works: tuple[Work, ...]
    steps: Steps
    fault: StreamFault | Hold | None
    note: Callable[[], None]
    sent: Counter[str] = field(default_factory=Counter)
    held: float = 0.0

    async def send_whole(self) -> web.StreamResponse:
        """Answer a request that asked for no stream: one JSON body when the answer is complete."""
        steps = sum(1 + work.drawing.keepalives + len(work.partials) for work in self.works)
        pace = self.answer.pace
        await asyncio.sleep(pace.due(max(0, len(self.answer.pieces) - 1)) + steps * pace.drawing)
        await meet_without_stream(self.fault, self.http)
        *_, last = answer_events(self.request, self.answer, self.identity, self.works, self.steps)
        return web.json_response(last["response"])

    async def send_stream(self, response: web.StreamResponse) -> None:
        """Send all events of the answer, or what the fault leaves of them."""
        begun = asyncio.get_running_loop().time()
        snapshot: Event = {}
        for event in answer_events(self.request, self.answer, self.identity, self.works, self.steps):
            await self._wait_until_due(event, begun)
            if event["type"] not in TERMINAL:
                snapshot = event.get("response", snapshot)
            if self.fault is not None and self._is_at(self.fault.at, event):
                fault, self.fault = self.fault, None
                if not await self._meet(fault, snapshot, response):
                    return
            await self._write(event, response)

    async def _wait_until_due(self, event: Event, begun: float) -> None:
        if event["type"] in _DELTAS:
            due = begun + self.held + self.answer.pace.due(self.sent[event["type"]])
            await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
        elif event["type"] in PROGRESS:
            await asyncio.sleep(self.answer.pace.drawing)
            self.held += self.answer.pace.drawing

    def _is_at(self, point: Point, event: Event) -> bool:
        kind = event["type"]
        return kind in TERMINAL or (kind == point.event and self.sent[kind] >= point.after)

    async def _meet(self, fault: StreamFault | Hold, snapshot: Event, response: web.StreamResponse) -> bool:
        """Let the fault happen; False when the stream is over."""
        if isinstance(fault, Hold):
            await self._wait_for(fault)
            return True
        for frame in fault.frames(snapshot):
            if isinstance(frame, bytes):
                await response.write(frame)
            else:
                await self._write(frame, response)
        match fault.ending:
            case Ending.GO_ON:
                return True
            case Ending.CLEAN_END:
                pass
            case Ending.SILENCE:
                await asyncio.Event().wait()
            case Ending.PINGS:
                while True:
                    await response.write(b": ping\n\n")
                    await asyncio.sleep(_SECONDS_BETWEEN_PINGS)
            case Ending.TRUNCATED_CHUNK:
                _truncate(self.http)
            case Ending.RESET:
                reset(self.http.transport)
        return False

    async def _wait_for(self, hold: Hold) -> None:
        since = time.monotonic()
        hold.reached.set()
        await hold.released.wait()
        self.held += time.monotonic() - since

    async def _write(self, event: Event, response: web.StreamResponse) -> None:
        kind = event["type"]
        numbered = {**event, "sequence_number": self.sent.total()}
        if kind in _DELTAS and self.request.obfuscates:
            # Random padding hides the length of each token from whoever watches the encrypted line.
            numbered["obfuscation"] = secrets.token_hex(_OBFUSCATED_LENGTH)[len(event["delta"]) % _OBFUSCATED_LENGTH :]
        await response.write(
            f"event: {kind}\ndata: {json.dumps(numbered, ensure_ascii=False)}\n\n".encode(errors="replace")
        )
        self.sent[kind] += 1
        self.call.events += 1
        if kind in _DELTAS and self.call.first_text_at is None:
            self.call.first_text_at = time.monotonic()
            self.note()


async def meet_without_stream(fault: StreamFault | Hold | None, http: web.Request) -> None:
    """Let a fault happen to an answer that is one body; returns when the answer is to be sent. Raises ApiError."""
    if isinstance(fault, Hold):
        fault.reached.set()
        await fault.released.wait()
    elif fault is not None and fault.ending is not Ending.GO_ON:
        if fault.ending in (Ending.SILENCE, Ending.PINGS):
            await asyncio.Event().wait()
        if fault.ending is Ending.RESET:
            reset(http.transport)
        raise ApiError(500, "The server had an error while processing your request.", "server_error")


def _truncate(http: web.Request) -> None:
    """Close the connection in the middle of a chunk that was announced as 1,024 bytes."""
    if http.transport is not None:
        http.transport.write(b'400\r\ndata: {"type":')
        http.transport.close()
