"""The page's HTTP server: its files, the news that pages follow over a WebSocket, and what people do on them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import WSCloseCode, web

from playground.page.acts import Acts
from playground.page.app import App
from playground.page.composer import with_references
from playground.page.files import file_response
from playground.page.places import read_place
from playground.page.posts import read_json, read_post, refusal
from playground.page.view import everything, news, shown_name
from playground.slack.workspace import Workspace

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

Stop = Callable[[str, str, str], Awaitable[object]]
"""Stops the answer that the bot is writing; takes who stops it, the channel and the thread."""

LONGEST_MESSAGE = 40_000
"""Characters; Slack cuts off what is longer."""

_WORKSPACE = web.AppKey("workspace", Workspace)
_STOP: web.AppKey[Stop] = web.AppKey("stop")
_ANSWERS = web.AppKey("answers", str)
_APP: web.AppKey[App | None] = web.AppKey("app")
_SOCKETS: web.AppKey[set[web.WebSocketResponse]] = web.AppKey("sockets")

_FOLDER = Path(__file__).with_name("static")
_FILES = (
    "acts.js",
    "announcer.js",
    "arrows.js",
    "attachments.js",
    "avatar.js",
    "colours.css",
    "colours.js",
    "commands.js",
    "composer.css",
    "composer.js",
    "confirm.js",
    "connection.js",
    "controls.css",
    "controls.js",
    "conversation.js",
    "drops.js",
    "element.js",
    "files.css",
    "files.js",
    "home.js",
    "icon.svg",
    "layout.css",
    "main.js",
    "markup.css",
    "menu.js",
    "message.js",
    "message_list.js",
    "message_menu.js",
    "messages.css",
    "modal.js",
    "offers.js",
    "people.js",
    "place.js",
    "sidebar.css",
    "sidebar.js",
    "surfaces.css",
    "thread.js",
    "time.js",
    "toast.js",
    "unread.js",
    "verdicts.js",
    "workspace.js",
)
"""Nothing else is served, whatever lies in the folder."""

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}


@asynccontextmanager
async def serve_page(
    workspace: Workspace, stop: Stop, answers: str, host: str = "127.0.0.1", port: int = 0, *, app: App | None = None
) -> AsyncIterator[str]:
    """Serve the page while the context is open; yields its address.

    `stop` is what the stop button does, and `answers` tells people who answers them. Without `app` there are neither
    commands nor shortcuts, and nothing can be pressed. Port 0 takes a free one. Raises OSError when the port is taken.
    """
    runner = web.AppRunner(_application(workspace, stop, answers, app), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        shown = f"[{host}]" if ":" in host else host
        yield f"http://{shown}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _application(workspace: Workspace, stop: Stop, answers: str, slack_app: App | None) -> web.Application:
    app = web.Application(middlewares=[_only_from_this_page], client_max_size=LONGEST_MESSAGE * 8)
    app[_WORKSPACE] = workspace
    app[_STOP] = stop
    app[_ANSWERS] = answers
    app[_APP] = slack_app
    app[_SOCKETS] = set()
    app.on_response_prepare.append(_add_headers)
    app.on_shutdown.append(_close_sockets)
    app.router.add_get("/", _file("index.html"))
    for name in _FILES:
        app.router.add_get(f"/static/{name}", _file(name))
    app.router.add_get("/news", _news)
    app.router.add_get("/files/{id}", _send_file)
    app.router.add_post("/messages", _post_message)
    app.router.add_post("/stops", _post_stop)
    if slack_app:
        app.router.add_routes(Acts(workspace, slack_app).routes())
    return app


@web.middleware
async def _only_from_this_page(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Keeps other web sites in the same browser out, also those whose name leads to this machine."""
    origin = request.headers.get("Origin")
    if not _is_address(request.url.host or "") or (origin and urlsplit(origin).netloc != request.host):
        raise web.HTTPForbidden(text="Open this page by the address that the playground printed.")
    return await handler(request)


def _is_address(host: str) -> bool:
    with suppress(ValueError):
        ip_address(host)
        return True
    return host == "localhost"


async def _add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)


async def _close_sockets(app: web.Application) -> None:
    sockets = app[_SOCKETS]
    for socket in tuple(sockets):
        await socket.close(code=WSCloseCode.GOING_AWAY)


def _file(name: str) -> Handler:
    async def send(_request: web.Request) -> web.StreamResponse:
        return web.FileResponse(_FOLDER / name)

    return send


async def _news(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse(heartbeat=20, max_msg_size=1024)
    await socket.prepare(request)
    request.app[_SOCKETS].add(socket)
    try:
        async with asyncio.TaskGroup() as group:
            telling = group.create_task(_tell(socket, request.app))
            async for _ in socket:
                pass  # Pages say nothing here; the iteration ends when one leaves.
            telling.cancel()
    finally:
        request.app[_SOCKETS].discard(socket)
    return socket


async def _tell(socket: web.WebSocketResponse, app: web.Application) -> None:
    """Everything, then each change. A page that goes away meanwhile is no trouble."""
    workspace, answers, slack_app = app[_WORKSPACE], app[_ANSWERS], app[_APP]
    changes = workspace.changes()
    with suppress(ConnectionError):
        await socket.send_json(everything(workspace, answers, slack_app))
        async for change in changes:
            if told := news(workspace, change, answers, slack_app):
                await socket.send_json(told)


async def _send_file(request: web.Request) -> web.StreamResponse:
    file = request.app[_WORKSPACE].files.get(request.match_info["id"])
    if file is None or file.is_deleted or file.external_type:
        raise web.HTTPNotFound
    return file_response(file)


async def _post_message(request: web.Request) -> web.Response:
    workspace = request.app[_WORKSPACE]
    posted, sent = await read_post(request)
    author, channel, thread = read_place(workspace, posted)
    text = _read_text(posted, is_needed=not sent)
    people = {person.id: shown_name(person) for person in workspace.users.values()}
    channels = {each.id: each.name for each in workspace.channels.values()}
    typed = with_references(text, people, channels)
    shared = [workspace.add_file(each.name, each.content, author.id, each.media_type) for each in sent]
    message = await workspace.post_as(author.id, channel.id, typed, thread_ts=thread or None, files=shared)
    return web.json_response({"ts": message["ts"]}, status=201)


async def _post_stop(request: web.Request) -> web.Response:
    person, channel, thread = read_place(request.app[_WORKSPACE], await read_json(request))
    await request.app[_STOP](person.id, channel.id, thread)
    return web.json_response({}, status=202)


def _read_text(posted: Mapping[str, object], *, is_needed: bool) -> str:
    text = str(posted.get("text") or "")
    if is_needed and not text.strip():
        raise refusal("The message is empty.")
    if len(text) > LONGEST_MESSAGE:
        raise refusal(f"The message is longer than {LONGEST_MESSAGE:,} characters.")
    return text
