"""What is found out about servers of tools before a start, and where their headers go."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from bot.domain.findings import Verdict
from bot.domain.tools import RemoteServer
from bot.web.inspection import inspect, inspect_server

KEY = {"Authorization": "Bearer secret"}
HELLO = {"jsonrpc": "2.0", "id": 1, "result": {"protocolVersion": "2025-06-18", "capabilities": {}}}
UNKNOWN = {"jsonrpc": "2.0", "id": 1, "error": {"code": -32601, "message": "Method not found"}}

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Site:
    """A server at an address of this machine, and the requests that have come there."""

    address: str
    requests: list[web.Request] = field(default_factory=list)


@asynccontextmanager
async def serving(answer: Answer) -> AsyncIterator[Site]:
    async def handle(request: web.Request) -> web.StreamResponse:
        site.requests.append(request)
        return await answer(request)

    application = web.Application()
    application.router.add_route("*", "/mcp", handle)
    runner = web.AppRunner(application, handler_cancellation=True, shutdown_timeout=1.0)
    await runner.setup()
    listener = web.TCPSite(runner, "127.0.0.1", 0)
    await listener.start()
    _, port = runner.addresses[0]
    site = Site(f"http://127.0.0.1:{port}/mcp")
    try:
        yield site
    finally:
        await runner.cleanup()


async def events(request: web.Request) -> web.StreamResponse:
    """An answer as a stream of events, which stays open."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    await response.write(b"event: endpoint\ndata: /messages\n\n")
    await asyncio.Event().wait()
    return response


def saying(status: int, body: object = None, **headers: str) -> Answer:
    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.json_response(body, status=status, headers=headers)

    return answer


async def older(request: web.Request) -> web.StreamResponse:
    return await events(request) if request.method == "GET" else web.Response(status=405)


async def page(_request: web.Request) -> web.StreamResponse:
    return web.Response(text="<html>" + "x" * 100_000, content_type="text/html")


@pytest.mark.parametrize(
    ("answer", "verdict", "words"),
    [
        (saying(200, HELLO), Verdict.OK, "tickets answers this machine, and accepts what is sent in its headers"),
        (events, Verdict.OK, "tickets answers this machine"),
        (saying(400, UNKNOWN), Verdict.OK, "tickets answers this machine"),
        (older, Verdict.OK, "tickets answers this machine"),
        (saying(401, UNKNOWN), Verdict.WARNING, "tickets does not accept what is sent in its headers (HTTP 401)"),
        (saying(403), Verdict.WARNING, "tickets does not accept what is sent in its headers (HTTP 403)"),
        (saying(307, Location="https://elsewhere.example/mcp"), Verdict.WARNING, "tickets has moved (HTTP 307)"),
        (saying(404), Verdict.WARNING, "tickets does not answer as a server of tools does (HTTP 404)"),
        (saying(503), Verdict.WARNING, "tickets does not answer as a server of tools does (HTTP 503)"),
        (page, Verdict.WARNING, "tickets does not answer as a server of tools does (HTTP 200)"),
    ],
)
async def test_what_a_server_answers_is_told(answer: Answer, verdict: Verdict, words: str) -> None:
    async with serving(answer) as site:
        finding = await inspect_server(RemoteServer("tickets", f"{site.address}?key=hidden", headers=KEY))
    assert finding.verdict is verdict
    assert words in finding.found
    assert "secret" not in str(finding)
    assert "hidden" not in str(finding)
    assert {request.headers["Authorization"] for request in site.requests} == {"Bearer secret"}


async def test_headers_go_to_their_own_server_alone_and_not_where_it_points() -> None:
    async with serving(saying(200, HELLO)) as other, serving(saying(307, Location=other.address)) as moved:
        servers = [RemoteServer("moved", moved.address, headers=KEY), RemoteServer("open", other.address)]
        findings = await inspect(servers)
    assert [finding.verdict for finding in findings] == [Verdict.NOTE, Verdict.WARNING, Verdict.OK]
    assert "requests without headers" in findings[2].found
    assert ["Authorization" in request.headers for request in moved.requests] == [True]
    assert ["Authorization" in request.headers for request in other.requests] == [False]


async def test_a_server_that_says_nothing_is_left_after_a_while() -> None:
    async def silence(_request: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError

    async with serving(silence) as site:
        finding = await inspect_server(RemoteServer("tickets", site.address), seconds=0.05)
    assert (finding.verdict, "did not answer" in finding.found) == (Verdict.WARNING, True)


async def test_a_server_that_is_not_there_is_named_without_its_address() -> None:
    async with serving(saying(200)) as site:
        gone = f"{site.address}?key=hidden"
    finding = await inspect_server(RemoteServer("tickets", gone, headers=KEY))
    assert finding.verdict is Verdict.WARNING
    assert "tickets cannot be reached from this machine" in finding.found
    assert "hidden" not in str(finding)


async def test_where_there_are_no_servers_nothing_is_told() -> None:
    assert await inspect(()) == []
