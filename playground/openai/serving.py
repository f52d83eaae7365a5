"""What all addresses of the server have in common: headers, faults, and the memory of who asked what."""

import asyncio
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiohttp import web

from playground.openai.calls import Call
from playground.openai.errors import ApiError
from playground.openai.faults import Cut, HttpFault
from playground.openai.model import ScriptedModel
from playground.openai.streaming import meet_without_stream

MODEL = web.AppKey("model", ScriptedModel)


@contextmanager
def remembered(model: ScriptedModel, call: Call) -> Iterator[None]:
    """Keep a call from its arrival on, and note how it ends."""
    model.remember(call)
    try:
        yield
        call.ended_at = time.monotonic()
    except ApiError as error:
        call.status, call.ended_at = error.status, time.monotonic()
        raise
    except (asyncio.CancelledError, ConnectionError):
        # The handler is cancelled, or cannot write, as soon as the client hangs up.
        call.disconnected_at = call.disconnected_at or time.monotonic()
        raise
    finally:
        model.note()


async def read_json(http: web.Request) -> Any:
    """The body as JSON. Raises ApiError."""
    try:
        return json.loads(await http.read())
    except ValueError:
        message = "We could not parse the JSON body of your request."
        raise ApiError(400, message, "invalid_json") from None


def shown_headers(http: web.Request) -> dict[str, str]:
    """The headers of a request as they are remembered."""
    shown = {name.lower(): value for name, value in http.headers.items()}
    shown["authorization"] = "Bearer ***"
    return shown


def common_headers() -> dict[str, str]:
    """The headers that every answer has."""
    return {
        "x-request-id": f"req_{secrets.token_hex(16)}",
        "openai-version": "2020-10-01",
        "openai-organization": "playground",
        "openai-processing-ms": "1",
        "x-ratelimit-limit-requests": "10000",
        "x-ratelimit-remaining-requests": "9999",
        "x-ratelimit-reset-requests": "6ms",
        "x-ratelimit-limit-tokens": "2000000",
        "x-ratelimit-remaining-tokens": "1999000",
        "x-ratelimit-reset-tokens": "30ms",
    }


async def fault_met(http: web.Request, model: ScriptedModel, call: Call) -> web.Response | None:
    """Let the fault that was ordered happen to an answer that is one body; None when the answer goes on.

    Raises ApiError, and TypeError for a cut, as that is made of the pieces of a text.
    """
    fault = model.next_fault(call.kind)
    if isinstance(fault, HttpFault):
        call.status = fault.status
        return fault_response(fault)
    if isinstance(fault, Cut):
        raise TypeError("only a streamed text can be cut off")
    await meet_without_stream(fault, http)
    return None


def fault_response(fault: HttpFault) -> web.Response:
    """The answer that a fault puts in the place of the real one."""
    return web.Response(
        status=fault.status, body=fault.body, content_type=fault.content_type, headers=dict(fault.headers)
    )
