"""The server as a whole: its address, and other applications beside it."""

import aiohttp
from aiohttp import web

from playground.slack.server import serve_slack
from playground.slack.workspace import Workspace


async def test_two_servers_run_side_by_side_on_free_ports() -> None:
    async with serve_slack(Workspace()) as one, serve_slack(Workspace()) as two:
        assert one.api_url != two.api_url
        assert one.api_url.endswith("/api/")


async def test_another_application_can_be_mounted() -> None:
    async def hello(_request: web.Request) -> web.Response:
        return web.Response(text="hello")

    page = web.Application()
    page.router.add_get("/", hello)
    async with (
        serve_slack(Workspace(), mounts={"/page": page}) as slack,
        aiohttp.ClientSession() as http,
        http.get(f"{slack.site}/page/") as response,
    ):
        assert await response.text() == "hello"
