"""Finds out whether servers of tools answer, and let in who sends what the operator has written down for them."""

import asyncio
import json
from collections.abc import Iterable
from urllib.request import getproxies, proxy_bypass

from aiohttp import ClientError, ClientResponse, ClientSession, DummyCookieJar
from yarl import URL

from bot.domain.findings import Finding, note, ok, warning
from bot.domain.tools import RemoteServer

_SECONDS = 15.0
"""How long one server may take."""

_LONGEST = 65_536  # bytes of an answer that are read

_JSON, _EVENTS = "application/json", "text/event-stream"

_GREETING = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "chatgpt-for-slack", "version": "check"},
    },
}
"""What a client says first (Model Context Protocol, lifecycle).

Servers of revision 2026-07-28 know no greeting, and say so, which tells as much: they are there, and let one in.
"""

_WHO_CALLS = (
    "It is the provider that calls these servers for answers, so that they have to be reachable from there; "
    "the next lines tell what this machine was answered, with the headers of each, which went nowhere else."
)


async def inspect(servers: Iterable[RemoteServer]) -> list[Finding]:
    """What each of these servers says to a greeting, side by side; empty where there is none."""
    findings = await asyncio.gather(*map(inspect_server, servers))
    return [note(_WHO_CALLS), *findings] if findings else []


async def inspect_server(server: RemoteServer, seconds: float = _SECONDS) -> Finding:
    """What this server says.

    What is wrong is never more than a warning: answers do without a server, and it may be open to the provider alone.
    """
    try:
        async with asyncio.timeout(seconds), ClientSession(cookie_jar=DummyCookieJar(), trust_env=False) as session:
            return await _greet(session, server)
    except TimeoutError:
        said = f"did not answer this machine within {seconds:.0f} s"
    except (ClientError, OSError, ValueError) as error:
        # The texts of some of these name the address, in which there may be a key.
        said = f"cannot be reached from this machine ({type(error).__name__})"
    return warning(f"TOOLS_FILE: {server.name} {said}.", "See whether its url is right, and whether it runs.")


async def _greet(session: ClientSession, server: RemoteServer) -> Finding:
    status, is_ours = await _said(session, server, "POST")
    if status in (400, 404, 405) and not is_ours:
        # So do those of revision 2024-11-05 (HTTP with SSE).
        is_ours = await _said(session, server, "GET") == (200, True)
    sent = "what is sent in its headers" if server.headers else "requests without headers"
    if status in (401, 403):
        return warning(f"TOOLS_FILE: {server.name} does not accept {sent} (HTTP {status}).", "Correct its headers.")
    if is_ours:
        return ok(f"TOOLS_FILE: {server.name} answers this machine, and accepts {sent}.")
    if 300 <= status < 400:
        return warning(f"TOOLS_FILE: {server.name} has moved (HTTP {status}).", "Let its url be the new address.")
    return warning(
        f"TOOLS_FILE: {server.name} does not answer as a server of tools does (HTTP {status}).",
        "See whether its url is right, the path included.",
    )


async def _said(session: ClientSession, server: RemoteServer, method: str) -> tuple[int, bool]:
    """The status of the answer, and whether it is one of the protocol."""
    url = URL(server.url)
    async with session.request(
        method,
        url,
        json=_GREETING if method == "POST" else None,
        headers={"Accept": f"{_JSON}, {_EVENTS}", **server.headers},
        proxy=_proxy_for(url),
        # A redirect would take the headers along.
        allow_redirects=False,
    ) as response:
        return response.status, await _speaks_protocol(response)


async def _speaks_protocol(response: ClientResponse) -> bool:
    if response.content_type == _EVENTS:
        return response.status == 200
    content = bytearray()
    async for chunk in response.content.iter_any():
        content += chunk
        if len(content) > _LONGEST:
            return False
    try:
        answer = json.loads(content)
    except ValueError:
        return False
    return isinstance(answer, dict) and answer.get("jsonrpc") == "2.0"


def _proxy_for(url: URL) -> str | None:
    """The proxy that the environment names; an address without TLS is one of this machine, and needs none."""
    return getproxies().get("https") if url.scheme == "https" and not proxy_bypass(url.host or "") else None
