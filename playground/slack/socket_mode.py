"""Socket Mode: the WebSocket connections of the app, and the delivery of envelopes over them."""

import asyncio
import contextlib
import json
import random
import secrets
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMessage, WSMsgType, web

from playground.slack.connection import Connection
from playground.slack.directory import Json
from playground.slack.socket_faults import AckTooLate, Late, Reason, SocketFaults, Twice

MOST_CONNECTIONS = 10
ACK_SECONDS = 3.0
RETRY_DELAYS = (0.0, 60.0, 300.0)
"""Seconds from a delivery that was not acked to the next one."""

TICKET_LIFETIME = 30.0
LEAVE_SECONDS = 10.0
"""How long a connection that was told to disconnect stays open, when the app does not close it."""

ENDS = {WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.CLOSING, WSMsgType.ERROR}


@dataclass(slots=True)
class Attempt:
    """An envelope on its way: when it was sent over which connection, and the future that its ack fulfils.

    `is_deaf` plays an ack that comes too late: none counts.
    """

    connection: Connection
    sent_at: float
    acked: asyncio.Future[Json]
    is_deaf: bool = False


@dataclass(slots=True)
class Options:
    """How this double behaves. Whether Slack takes an ack that comes over another connection is not documented."""

    ack_seconds: float = ACK_SECONDS
    retry_delays: tuple[float, ...] = RETRY_DELAYS
    retry_scale: float = 1.0
    ticket_lifetime: float = TICKET_LIFETIME
    most_connections: int = MOST_CONNECTIONS
    leave_seconds: float = LEAVE_SECONDS
    takes_acks_anywhere: bool = False


@dataclass(slots=True)
class Counts:
    """What happened so far. `ack_times` are seconds from the sending of an envelope to its ack.

    `taken` are the events that were acked, each with the time of its ack in event-loop seconds.
    """

    ack_times: list[float] = field(default_factory=list)
    taken: list[tuple[float, Json]] = field(default_factory=list)
    envelopes: Counter[str] = field(default_factory=Counter)
    redelivered: int = 0
    given_up: list[Json] = field(default_factory=list)
    stray_acks: int = 0
    refused_handshakes: int = 0


class SocketMode:
    """All connections of the app. Each payload goes to one of them, at random, and again when it is not acked."""

    def __init__(
        self, app_id: str, rng: random.Random, changed: Callable[[], None], options: Options | None = None
    ) -> None:
        self.options = options or Options()
        self.counts = Counts()
        self.faults = SocketFaults()
        self.connections: list[Connection] = []
        self.refused_with = ""
        self.site = ""
        self._app_id = app_id
        self._rng = rng
        self._changed = changed
        self._tickets: dict[str, float] = {}
        self._attempts: dict[str, Attempt] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    # Connecting

    def new_address(self) -> str:
        """An address whose ticket admits one connection, once and soon."""
        ticket = secrets.token_urlsafe(16)
        self._tickets[ticket] = self._now() + self.options.ticket_lifetime
        return f"{self.site.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={self._app_id}"

    def refuse_tickets(self, error: str = "internal_error") -> None:
        """apps.connections.open answers with this error from now on; an empty one ends it."""
        self.refused_with = error

    def kill_tickets(self) -> None:
        """No ticket given out so far admits anybody any more."""
        self._tickets.clear()

    async def accept(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection until it ends. A ticket that is unknown, used or too old is refused with 403."""
        ticket, app_id = request.query.get("ticket", ""), request.query.get("app_id", "")
        is_valid = app_id == self._app_id and self._tickets.pop(ticket, 0.0) >= self._now()
        fault = self.faults.next_handshake()
        if fault or not is_valid:
            self.counts.refused_handshakes += 1
            self._changed()
            return web.Response(status=fault.status if fault else 403, text="invalid ticket")
        ws = web.WebSocketResponse(autoping=False, autoclose=False, max_msg_size=0)
        await ws.prepare(request)
        connection = Connection(ws, request)
        if len(self.connections) >= self.options.most_connections:
            await connection.send(self._disconnect_frame("too_many_websockets"))
            await ws.close()
            return ws
        self.connections.append(connection)
        try:
            await connection.send(self._hello())
            self._changed()
            await self._receive(connection)
        finally:
            connection.gone.set()
            self.connections.remove(connection)
            self._changed()
        return ws

    # Trouble on demand

    async def disconnect(self, reason: Reason, connection: Connection | None = None) -> None:
        """Tell one connection, or all, to go.

        After a warning payloads still come; after the other reasons they do not, and Slack closes in the end.
        """
        for told in [connection] if connection else list(self.connections):
            await told.send(self._disconnect_frame(reason))
            if reason != "warning":
                told.is_leaving = True
                self._spawn(self._close_later(told))

    def drop(self, connection: Connection | None = None) -> None:
        """Reset one connection, or all, without a word."""
        for dropped in [connection] if connection else list(self.connections):
            dropped.reset()

    def silence(self, connection: Connection | None = None) -> None:
        """Let one connection, or all, go half-open: nothing arrives and nothing is answered, not even a ping."""
        for silenced in [connection] if connection else self.connections:
            silenced.is_silent = True

    # Delivering

    async def deliver(self, payload: Json) -> None:
        """Send an event; when no ack comes in time it is sent again, after each of Slack's delays."""
        match self.faults.next_event():
            case Late(seconds):
                self._spawn(self._deliver_late(payload, seconds))
            case Twice():
                await self._deliver(payload)
                await self._deliver(payload)
            case AckTooLate():
                await self._deliver(payload, is_deaf=True)
            case None:
                await self._deliver(payload)

    async def deliver_once(self, kind: str, payload: Json) -> Json | None:
        """Send an interactive or slash_commands envelope; returns the ack's payload, or None without an ack in time.

        Slack sends these only once.
        """
        attempt = await self._send(kind, payload)
        return await self._ack(attempt)

    async def close(self) -> None:
        """End all connections and all deliveries."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for connection in list(self.connections):
            connection.reset()

    async def _deliver(self, payload: Json, *, is_deaf: bool = False) -> None:
        attempt = await self._send("events_api", payload, number=0, reason="", is_deaf=is_deaf)
        self._spawn(self._see_through(payload, attempt))

    async def _deliver_late(self, payload: Json, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self._deliver(payload)

    async def _see_through(self, payload: Json, attempt: Attempt | None) -> None:
        reason = "timeout"
        for number, delay in enumerate(self.options.retry_delays, 1):
            if await self._ack(attempt) is not None:
                self.counts.taken.append((self._now(), payload))
                return
            reason = "timeout" if attempt else "connection_failed"
            await asyncio.sleep(delay * self.options.retry_scale)
            self.counts.redelivered += 1
            attempt = await self._send("events_api", payload, number, reason)
        if await self._ack(attempt) is None:
            self.counts.given_up.append(payload)
            self._changed()
        else:
            self.counts.taken.append((self._now(), payload))

    async def _send(
        self, kind: str, payload: Json, number: int | None = None, reason: str = "", *, is_deaf: bool = False
    ) -> Attempt | None:
        eligible = [connection for connection in self.connections if not connection.is_leaving]
        if not eligible:
            return None
        envelope_id = str(uuid.uuid4())
        frame: Json = {
            "envelope_id": envelope_id,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if number is not None:
            frame |= {"retry_attempt": number, "retry_reason": reason}
        connection = self._rng.choice(eligible)
        attempt = Attempt(connection, self._now(), asyncio.get_running_loop().create_future(), is_deaf)
        self._attempts[envelope_id] = attempt
        attempt.acked.add_done_callback(lambda _: self._attempts.pop(envelope_id, None))
        self.counts.envelopes[kind] += 1
        await connection.send(frame)
        return attempt

    async def _ack(self, attempt: Attempt | None) -> Json | None:
        if attempt is None:
            return None
        try:
            async with asyncio.timeout(self.options.ack_seconds - (self._now() - attempt.sent_at)):
                return await attempt.acked
        except TimeoutError:
            return None

    async def _receive(self, connection: Connection) -> None:
        while True:
            message = await connection.ws.receive()
            if connection.is_silent:
                if message.type in ENDS:
                    await self._linger(connection)
                    return
                continue
            if message.type is WSMsgType.PING:
                await connection.ws.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                self._take_ack(connection, message)
            elif message.type is WSMsgType.CLOSE:
                await connection.ws.close()
                return
            elif message.type in ENDS:
                return

    async def _linger(self, connection: Connection) -> None:
        """The app has given a half-open line up; the other side does not know it, and keeps sending for a while."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.options.leave_seconds):
                await connection.gone.wait()

    def _take_ack(self, connection: Connection, message: WSMessage) -> None:
        ack: Json = json.loads(message.data)
        attempt = self._attempts.get(ack.get("envelope_id", ""))
        right_way = attempt and (attempt.connection is connection or self.options.takes_acks_anywhere)
        if attempt is None or not right_way or attempt.is_deaf or attempt.acked.done():
            self.counts.stray_acks += 1
            return
        self.counts.ack_times.append(self._now() - attempt.sent_at)
        attempt.acked.set_result(ack.get("payload") or {})
        self._changed()

    async def _close_later(self, connection: Connection) -> None:
        await asyncio.sleep(self.options.leave_seconds)
        if not connection.gone.is_set() and not connection.is_silent:
            await connection.ws.close()

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": {"host": "applink-playground", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._app_id},
        }

    def _disconnect_frame(self, reason: Reason) -> Json:
        return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-playground"}}

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()
