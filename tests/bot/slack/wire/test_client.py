"""How calls reach Slack: over shared connections, once, by the right way, and nowhere else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from bot.slack.wire.client import OtherAddress, open_client

PROXIES = {"HTTPS_PROXY": "http://proxy.invalid:3128", "HTTP_PROXY": "http://proxy.invalid:3128"}


class Server:
    """Answers every call; remembers who connected and with which token."""

    def __init__(self) -> None:
        self.peers: set[object] = set()
        self.tokens: list[str] = []
        self.redirect_to = ""
        self.address = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        self.peers.add(request.transport.get_extra_info("peername"))
        self.tokens.append(request.headers.get("Authorization", ""))
        if self.redirect_to:
            raise web.HTTPTemporaryRedirect(self.redirect_to)
        return web.json_response({"ok": True})


@asynccontextmanager
async def serve() -> AsyncIterator[Server]:
    server = Server()
    app = web.Application()
    app.router.add_route("*", "/api/{method}", server.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield server
    await runner.cleanup()


@pytest.mark.parametrize("ending", ["/api", "/api/"])
async def test_calls_share_a_connection(ending: str) -> None:
    async with serve() as server, open_client("xoxb-1", server.address + ending) as client:
        for _ in range(5):
            await client.api_call("auth.test")
    assert len(server.peers) == 1
    assert server.tokens == ["Bearer xoxb-1"] * 5


async def test_a_redirect_to_another_address_is_not_followed() -> None:
    async with serve() as server, serve() as other, open_client("xoxb-1", f"{server.address}/api") as client:
        server.redirect_to = f"{other.address}/api/auth.test"
        with pytest.raises(OtherAddress):
            await client.api_call("chat.postMessage", json={"text": "private"})
    assert other.tokens == []


async def test_a_call_is_not_repeated_behind_our_back() -> None:
    calls = 0

    async def drop(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal calls
        await reader.readuntil(b"\r\n\r\n")
        calls += 1
        writer.close()

    server = await asyncio.start_server(drop, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, open_client("xoxb-1", f"http://127.0.0.1:{port}/api") as client:
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await client.api_call("chat.postMessage", json={"text": "hello"})
    assert calls == 1


@pytest.mark.parametrize(
    ("address", "no_proxy", "proxy"),
    [
        ("https://slack.com/api", "", "http://proxy.invalid:3128"),
        ("https://slack.com/api", "localhost,slack.com", None),
        ("http://127.0.0.1:8080/api", "127.0.0.1", None),
        ("http://127.0.0.1:8080/api", "", "http://proxy.invalid:3128"),
    ],
)
async def test_a_proxy_is_used_unless_slack_is_exempt(
    monkeypatch: pytest.MonkeyPatch, address: str, no_proxy: str, proxy: str | None
) -> None:
    for name, value in {**PROXIES, "NO_PROXY": no_proxy}.items():
        monkeypatch.setenv(name, value)
        monkeypatch.delenv(name.lower(), raising=False)
    async with open_client("xoxb-1", address) as client:
        assert client.proxy == proxy


async def test_no_proxy_is_used_where_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    async with open_client("xoxb-1", "https://slack.com/api") as client:
        assert client.proxy is None
