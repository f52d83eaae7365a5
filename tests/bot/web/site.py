"""A web server on this machine that speaks TLS, and a name server that knows it."""

import asyncio
import ssl
import subprocess
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from bot.web.addresses import is_public
from bot.web.pictures import PublicPictures

Page = Callable[[web.Request], Awaitable[web.StreamResponse]]

HOST = "pictures.example.org"
PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 10


def make_certificate(folder: Path) -> Path:
    """A certificate for HOST with its key, in one file; it vouches for itself."""
    file, key = folder / "certificate.pem", folder / "key.pem"
    kind = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")
    names = ("-subj", "/CN=test", "-addext", f"subjectAltName=DNS:{HOST}")
    command = ["openssl", "req", "-x509", *kind, *names, "-keyout", str(key), "-out", str(file)]
    subprocess.run(command, check=True, capture_output=True)
    file.write_bytes(file.read_bytes() + key.read_bytes())
    return file


@dataclass
class Site:
    """Serves pages by path, and remembers the requests that reached it.

    `answers` is what the name server says about any name, one answer after the other, the last one for ever; without
    answers it says where the site is.
    """

    certificate: Path
    port: int = 0
    pages: dict[str, Page] = field(default_factory=dict)
    requests: list[web.Request] = field(default_factory=list)
    answers: deque[Sequence[str]] = field(default_factory=deque)
    names: list[str] = field(default_factory=list)

    def fetcher(self, seconds: float = 10, limit: int = 20_000_000, trusting: bool = True) -> PublicPictures:
        """Takes this machine's 127.0.0.1 for public, and the site's certificate for a good one."""
        return PublicPictures(
            look_up=self.look_up,
            is_allowed=lambda address: address == "127.0.0.1" or is_public(address),
            tls=ssl.create_default_context(cafile=str(self.certificate)) if trusting else True,
            seconds=seconds,
            limit=limit,
        )

    async def look_up(self, name: str, _: int) -> Sequence[tuple[str, int]]:
        await asyncio.sleep(0)
        self.names.append(name)
        answer = self.answers.popleft() if len(self.answers) > 1 else (self.answers or [["127.0.0.1"]])[0]
        return [(address, self.port) for address in answer]

    def serve(self, path: str, body: bytes = PNG, status: int = 200, **headers: str) -> str:
        """Put a page at this path; returns its address. Underscores in the names of headers stand for hyphens."""

        async def page(_: web.Request) -> web.StreamResponse:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return web.Response(body=body, status=status, headers={"Content-Type": "image/png", **named})

        self.pages[path] = page
        return f"https://{HOST}{path}"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        return await self.pages[request.path](request)


@asynccontextmanager
async def open_site(certificate: Path) -> AsyncIterator[Site]:
    """A site that listens while the context is open."""
    site = Site(certificate)
    app = web.Application()
    app.router.add_get("/{path:.*}", site.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
    site.port = runner.addresses[0][1]
    yield site
    await runner.cleanup()
