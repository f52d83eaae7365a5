"""`POST /v1/responses`."""

import asyncio
import json
import time
from contextlib import suppress
from dataclasses import replace

from aiohttp import web

from playground.openai.calls import Call, Kind, kind_of
from playground.openai.decisions import follows
from playground.openai.drawings import Commission, Work, carry_out
from playground.openai.events import Identity
from playground.openai.faults import Cut, HttpFault
from playground.openai.model import ScriptedModel
from playground.openai.requests import Request, parse_request
from playground.openai.scripts import Answer, pieces_of, within_limit
from playground.openai.serving import MODEL, common_headers, fault_response, read_json, remembered, shown_headers
from playground.openai.streaming import Exchange
from playground.openai.uses import World, steps_of


async def respond(http: web.Request) -> web.StreamResponse:
    """Answer, decide or draw, as the request asks and the model's scripts say."""
    model = http.app[MODEL]
    body = await read_json(http)
    call = Call(body, shown_headers(http), kind_of(body))
    with remembered(model, call):
        response = await _respond(http, model, call)
        call.status = response.status
    return response


async def _respond(http: web.Request, model: ScriptedModel, call: Call) -> web.StreamResponse:
    call.request = request = parse_request(call.body, model.models, model.context_window, model.refused)
    call.pictures = tuple(picture.data for picture in request.pictures if picture.data)
    fault = model.next_fault(call.kind)
    if isinstance(fault, HttpFault):
        return fault_response(fault)
    answer = within_limit(request, _answer(request, model, call.kind))
    if isinstance(fault, Cut):
        answer = replace(
            answer, pieces=answer.pieces[: fault.after], cut=fault.reason, drawings=(), closing=(), uses=()
        )
        fault = None
    steps = steps_of(request, answer.uses, World(model.servers, model.containers, model.stores))
    call.called = tuple(called.use for called in steps.called)
    # Encoding a picture would hold up everybody else's stream.
    works = await asyncio.to_thread(works_of, request, answer) if answer.drawings else ()
    call.drawn = tuple(work.image for work in works if work.image is not None)
    identity = Identity(time.time(), model.cached_tokens(request))
    exchange = Exchange(http, call, request, identity, answer, works, steps, fault, model.note)
    if not request.stream:
        return await exchange.send_whole()
    response = web.StreamResponse(headers={**common_headers(), "content-type": "text/event-stream; charset=utf-8"})
    with suppress(ConnectionError):  # whoever asked may have hung up already
        await response.prepare(http)
        await exchange.send_stream(response)
    return response


def _answer(request: Request, model: ScriptedModel, kind: Kind) -> Answer:
    if kind is not Kind.DECISION or model.decide is None or request.schema is None:
        return model.script(request)
    value = model.decide(request.schema, request.question)
    if not follows(value, request.schema):
        raise ValueError(f"{value!r} does not follow the schema of the request")
    return Answer(pieces_of(json.dumps(value)))


def works_of(request: Request, answer: Answer) -> tuple[Work, ...]:
    """The drawings of an answer, carried out, as many of them as the request allows.

    Raises ValueError for a script that draws where the request does not offer the tool, as no model could do that.
    """
    if not answer.drawings:
        return ()
    if request.image_tool is None:
        raise ValueError("the script draws, and the request does not offer the tool image_generation")
    options, action = request.image_tool
    seen = tuple(picture.data for picture in request.pictures if picture.data)
    allowed = request.body.get("max_tool_calls") or len(answer.drawings)
    works: list[Work] = []
    for drawing in answer.drawings[:allowed]:
        sources = () if "generate" in (action, drawing.action) else seen
        works.append(carry_out(drawing, Commission(drawing.prompt or request.asked, options, sources)))
    return tuple(works)
