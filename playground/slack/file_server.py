"""The addresses at which files are fetched, and those to which they are uploaded."""

import asyncio
from urllib.parse import quote

from aiohttp import web

from playground.slack.calls import Call
from playground.slack.downloads import Breaks, Download, Hindrance, LoginPage, NeverEnds, RedirectTo, Stalls, Trickles
from playground.slack.faults import DOWNLOAD, UPLOAD, Faults
from playground.slack.files import File, file_of
from playground.slack.installation import Installation
from playground.slack.web_api import bearer, strike
from playground.tcp import reset

LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Slack</title></head><body>Sign in to your workspace</body></html>"

_PIECE = 65_536


class FileServer:
    """Takes and gives bytes for one installation, and remembers what was asked for."""

    def __init__(self, slack: Installation, faults: Faults) -> None:
        self.downloads: list[Download] = []
        self._slack = slack
        self._faults = faults

    async def download(self, request: web.Request) -> web.StreamResponse:
        """A file's bytes for the bot's token; without it Slack answers 200 and a login page.

        A thumbnail's address brings the whole picture: this double scales nothing.
        """
        if (fault := self._faults.next(DOWNLOAD)) and not fault.carried_out:
            call = _call(DOWNLOAD)
            response: web.StreamResponse = await strike(fault, request, call, {})
            self._note(request, call.status)
            return response
        file = file_of(self._slack.workspace.files, request.match_info["file"])
        if bearer(request) != self._slack.bot_token or "files:read" not in self._slack.scopes:
            response = _login_page()
        elif file is None or file.is_deleted or file.external_type:
            response = _login_page(404)
        else:
            match file.obstacle:
                case None:
                    response = web.Response(body=file.content, headers=_headers(file))
                case LoginPage():
                    response = _login_page()
                case RedirectTo(url):
                    response = web.Response(status=302, headers={"Location": url})
                case hindrance:
                    self._note(request, 200)
                    return await _hindered(request, file, hindrance)
        self._note(request, response.status)
        return response

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """The bytes of an announced upload, as the body itself; the address is secret, and no token is wanted."""
        fault = self._faults.next(UPLOAD)
        if fault and not fault.carried_out:
            return await strike(fault, request, _call(UPLOAD), {})
        content = await request.read()
        if request.content_type.startswith("multipart/"):
            content = b""  # the announced bytes are the body itself
        if not self._slack.uploads.receive(request.match_info["key"], content):
            return web.Response(status=400, text="Bad Request")
        if fault:
            return await strike(fault, request, _call(UPLOAD), {})
        return web.Response(text=f"OK - {len(content)}")

    def _note(self, request: web.Request, status: int) -> None:
        self.downloads.append(Download(request.path, status, "Authorization" in request.headers))
        self._slack.workspace.notifications.wake()


def _call(name: str) -> Call:
    return Call(name, {}, asyncio.get_running_loop().time())


def _login_page(status: int = 200) -> web.Response:
    return web.Response(status=status, text=LOGIN_PAGE, content_type="text/html")


def _headers(file: File) -> dict[str, str]:
    disposition = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
    return {"Content-Type": file.mimetype, "Content-Disposition": disposition}


async def _hindered(request: web.Request, file: File, hindrance: Hindrance) -> web.StreamResponse:
    """The file's bytes, as far as they get; ends when the app hangs up."""
    response = web.StreamResponse(headers=_headers(file))
    if not isinstance(hindrance, NeverEnds):
        response.content_length = len(file.content)
    await response.prepare(request)
    match hindrance:
        case Stalls(after):
            await response.write(file.content[:after])
            await asyncio.Event().wait()
        case Breaks(after):
            await response.write(file.content[:after])
            reset(request.transport)
        case Trickles(piece, pause):
            for start in range(0, len(file.content), piece):
                await response.write(file.content[start : start + piece])
                await asyncio.sleep(pause)
        case NeverEnds():
            filling = file.content * (_PIECE // max(len(file.content), 1) + 1) or b"\0" * _PIECE
            while True:
                await response.write(filling)
    return response
