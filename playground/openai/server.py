"""The HTTP server: `POST /v1/responses`, `GET /v1/models` and `GET /v1/models/{id}`."""

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import web

from playground.openai.errors import ApiError, missing_key, model_not_found, wrong_key
from playground.openai.events import Identity
from playground.openai.faults import Cut, HttpFault
from playground.openai.model import API_KEY, Call, ScriptedModel
from playground.openai.requests import parse_request
from playground.openai.scripts import within_limit
from playground.openai.streaming import Exchange

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_MODEL = web.AppKey("model", ScriptedModel)
_LARGEST_BODY = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class OpenAIServer:
    """Where a scripted model can be reached; `base_url` ends in `/v1`."""

    base_url: str
    model: ScriptedModel

    @property
    def variables(self) -> dict[str, str]:
        """What the bot finds in its environment to ask this model."""
        return {"OPENAI_BASE_URL": self.base_url, "OPENAI_API_KEY": API_KEY}


@asynccontextmanager
async def serve_openai(model: ScriptedModel, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[OpenAIServer]:
    """Serve the model while the context is open; port 0 takes a free one."""
    app = web.Application(client_max_size=_LARGEST_BODY, middlewares=[_answer_errors])
    app[_MODEL] = model
    app.add_routes(
        [
            web.post("/v1/responses", _responses),
            web.get("/v1/models", _models),
            web.get("/v1/models/{name}", _model),
        ]
    )
    runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        bound = runner.addresses[0][1]
        yield OpenAIServer(f"http://{host}:{bound}/v1", model)
    finally:
        await runner.cleanup()


@web.middleware
async def _answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        _check_key(request, request.app[_MODEL])
        response = await handler(request)
    except ApiError as error:
        response = web.json_response(error.as_json(), status=error.status)
    except web.HTTPNotFound:
        unknown_url = ApiError(404, f"Invalid URL ({request.method} {request.path})")
        response = web.json_response(unknown_url.as_json(), status=404)
    if not response.prepared:
        for name, value in _headers().items():
            response.headers.setdefault(name, value)
    return response


def _check_key(http: web.Request, model: ScriptedModel) -> None:
    scheme, _, key = http.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key:
        raise missing_key()
    if key not in model.api_keys:
        raise wrong_key(key)


def _headers() -> dict[str, str]:
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


async def _models(http: web.Request) -> web.Response:
    cards = http.app[_MODEL].models.values()
    return web.json_response({"object": "list", "data": [card.as_json() for card in cards]})


async def _model(http: web.Request) -> web.Response:
    name = http.match_info["name"]
    card = http.app[_MODEL].models.get(name)
    if card is None:
        raise model_not_found(name)
    return web.json_response(card.as_json())


async def _responses(http: web.Request) -> web.StreamResponse:
    model = http.app[_MODEL]
    call = Call(await _read_json(http), _shown_headers(http))
    model.remember(call)
    try:
        response = await _respond(http, model, call)
        call.status = response.status
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
    return response


async def _read_json(http: web.Request) -> Any:
    try:
        return json.loads(await http.read())
    except ValueError:
        message = "We could not parse the JSON body of your request."
        raise ApiError(400, message, "invalid_json") from None


def _shown_headers(http: web.Request) -> dict[str, str]:
    shown = {name.lower(): value for name, value in http.headers.items()}
    shown["authorization"] = "Bearer ***"
    return shown


async def _respond(http: web.Request, model: ScriptedModel, call: Call) -> web.StreamResponse:
    call.request = request = parse_request(call.body, model.models, model.context_window, model.refused)
    fault = model.next_fault()
    if isinstance(fault, HttpFault):
        return web.Response(
            status=fault.status, body=fault.body, content_type=fault.content_type, headers=dict(fault.headers)
        )
    answer = within_limit(request, model.script(request))
    if isinstance(fault, Cut):
        answer, fault = replace(answer, pieces=answer.pieces[: fault.after], cut=fault.reason), None
    identity = Identity(time.time(), model.cached_tokens(request))
    exchange = Exchange(http, call, request, identity, answer, fault, model.note)
    if not request.stream:
        return await exchange.send_whole()
    response = web.StreamResponse(headers={**_headers(), "content-type": "text/event-stream; charset=utf-8"})
    await response.prepare(http)
    await exchange.send_stream(response)
    return response
