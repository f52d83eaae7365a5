"""The local Slack as an HTTP server on the loopback interface."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from playground.slack.calls import CallLog
from playground.slack.downloads import Download
from playground.slack.faults import Faults
from playground.slack.file_server import FileServer
from playground.slack.installation import APP_TOKEN, BOT_TOKEN, Installation
from playground.slack.interactions import Interactions
from playground.slack.rate_limits import RateLimits
from playground.slack.socket_mode import Options, SocketMode
from playground.slack.streams import LIFETIME, Streams
from playground.slack.uploads import Uploads
from playground.slack.views import Views
from playground.slack.web_api import WebApi
from playground.slack.workspace import Workspace

UPLOAD_BYTES = 100 * 1024 * 1024


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
        sharing_delay: float | None = None,
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
            Uploads(workspace.rng, sharing_delay),
            bot_token,
            app_token,
        )
        self.interactions = Interactions(self.installation)
        self.files = FileServer(self.installation, self.faults)
        self._web_api = WebApi(self.installation, self.rate_limits, self.faults)
        self.web_app = web.Application(client_max_size=UPLOAD_BYTES)
        self.web_app.router.add_route("GET", "/api/{method}", self._web_api.answer)
        self.web_app.router.add_route("POST", "/api/{method}", self._web_api.answer)
        self.web_app.router.add_get("/link/", self.sockets.accept)
        self.web_app.router.add_get("/files/{file}/{tail:.+}", self.files.download)
        self.web_app.router.add_get("/files-tmb/{file}/{tail:.+}", self.files.download)
        self.web_app.router.add_post("/upload/v1/{key}", self.files.upload)
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
    def downloads(self) -> list[Download]:
        """Every request for a file, oldest first."""
        return self.files.downloads

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
    sharing_delay: float | None = None,
) -> AsyncIterator[SlackServer]:
    """A running server; `rate_limit_scale` multiplies Slack's limits and None lifts them; port 0 is any free one.

    The message with an uploaded file appears `sharing_delay` seconds after the upload is completed; with None it is
    there at once.
    """
    server = SlackServer(
        workspace,
        bot_token=bot_token,
        app_token=app_token,
        stream_lifetime=stream_lifetime,
        rate_limit_scale=rate_limit_scale,
        socket_options=socket_options,
        sharing_delay=sharing_delay,
    )
    runner = await server.serve(host, port)
    try:
        yield server
    finally:
        server.streams.close()
        workspace.threads.close()
        server.installation.uploads.close()
        await server.sockets.close()
        await runner.cleanup()
