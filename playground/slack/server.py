"""The local Slack as an HTTP server on the loopback interface."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import quote

from aiohttp import web

from playground.slack.calls import CallLog
from playground.slack.faults import Faults
from playground.slack.installation import APP_TOKEN, BOT_TOKEN, Installation
from playground.slack.interactions import Interactions
from playground.slack.rate_limits import RateLimits
from playground.slack.socket_mode import Options, SocketMode
from playground.slack.streams import LIFETIME, Streams
from playground.slack.uploads import Uploads
from playground.slack.views import Views
from playground.slack.web_api import WebApi, bearer
from playground.slack.workspace import Workspace

UPLOAD_BYTES = 100 * 1024 * 1024
LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Slack</title></head><body>Sign in to your workspace</body></html>"


class SlackServer:
    """One workspace's Slack, and everything that a test or the page may hold on to."""

    def __init__(
        self,
        workspace: Workspace,
        *,
        bot_token: str = BOT_TOKEN,
        app_token: str = APP_TOKEN,
        stream_lifetime: float = LIFETIME,
        rate_limit_scale: float | None = 1.0,
        socket_options: Options | None = None,
    ) -> None:
        clock = asyncio.get_running_loop().time
        bot = workspace.bot
        self.workspace = workspace
        self.faults = Faults()
        self.rate_limits = RateLimits(clock, rate_limit_scale)
        self.sockets = SocketMode(bot.app_id, workspace.rng, workspace.notifications.wake, socket_options)
        self.streams = Streams(workspace, stream_lifetime)
        self.views = Views(workspace.team_id, bot.app_id, bot.bot_id, workspace.rng, clock)
        self.installation = Installation(
            workspace,
            self.sockets,
            self.streams,
            self.views,
            Uploads(workspace.rng),
            bot_token,
            app_token,
        )
        self.interactions = Interactions(self.installation)
        self._web_api = WebApi(self.installation, self.rate_limits, self.faults)
        self.web_app = web.Application(client_max_size=UPLOAD_BYTES)
        self.web_app.router.add_route("GET", "/api/{method}", self._web_api.answer)
        self.web_app.router.add_route("POST", "/api/{method}", self._web_api.answer)
        self.web_app.router.add_get("/link/", self.sockets.accept)
        self.web_app.router.add_get("/files/{file}/{tail:.+}", self._download)
        self.web_app.router.add_post("/upload/v1/{key}", self._upload)
        self.web_app.router.add_post("/response/{key}", self.interactions.respond)
        workspace.on_event(self.sockets.deliver)

    @property
    def site(self) -> str:
        """The server's address, without a path."""
        return self.workspace.site

    @property
    def api_url(self) -> str:
        """What SLACK_API_URL must be for an app of this workspace."""
        return f"{self.site}/api/"

    @property
    def calls(self) -> CallLog:
        """Everything that the app asked of the Web API."""
        return self._web_api.calls

    @property
    def variables(self) -> dict[str, str]:
        """What the bot finds in its environment as an app of this workspace."""
        return {
            "SLACK_API_URL": self.api_url,
            "SLACK_BOT_TOKEN": self.installation.bot_token,
            "SLACK_APP_TOKEN": self.installation.app_token,
        }

    async def serve(self, host: str, port: int) -> web.AppRunner:
        """Start listening; the returned runner ends it."""
        runner = web.AppRunner(self.web_app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, host, port).start()
        address = runner.addresses[0]
        self.workspace.site = self.sockets.site = f"http://{address[0]}:{address[1]}"
        for file in self.workspace.files.values():
            file.site = self.site
        return runner

    async def _download(self, request: web.Request) -> web.Response:
        """A file's bytes for the bot's token; without it Slack answers 200 and a login page."""
        installation = self.installation
        if bearer(request) != installation.bot_token or "files:read" not in installation.scopes:
            return web.Response(text=LOGIN_PAGE, content_type="text/html")
        file = self.workspace.files.get(request.match_info["file"].rpartition("-")[2])
        if file is None:
            return web.Response(status=404, text=LOGIN_PAGE, content_type="text/html")
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}"}
        return web.Response(body=file.content, content_type=file.mimetype, headers=headers)

    async def _upload(self, request: web.Request) -> web.Response:
        content = await request.read()
        if request.content_type.startswith("multipart/"):
            content = b""  # the announced bytes are the body itself
        if not self.installation.uploads.receive(request.match_info["key"], content):
            return web.Response(status=400, text="Bad Request")
        return web.Response(text=f"OK - {len(content)}")


@asynccontextmanager
async def serve_slack(
    workspace: Workspace,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    bot_token: str = BOT_TOKEN,
    app_token: str = APP_TOKEN,
    stream_lifetime: float = LIFETIME,
    rate_limit_scale: float | None = 1.0,
    socket_options: Options | None = None,
) -> AsyncIterator[SlackServer]:
    """A running server; `rate_limit_scale` multiplies Slack's limits and None lifts them; port 0 is any free one."""
    server = SlackServer(
        workspace,
        bot_token=bot_token,
        app_token=app_token,
        stream_lifetime=stream_lifetime,
        rate_limit_scale=rate_limit_scale,
        socket_options=socket_options,
    )
    runner = await server.serve(host, port)
    try:
        yield server
    finally:
        server.streams.close()
        workspace.threads.close()
        await server.sockets.close()
        await runner.cleanup()
