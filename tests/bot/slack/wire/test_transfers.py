"""Bytes from Slack and to Slack, over a server that answers as it is told."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from aiohttp import web
from yarl import URL

from bot.domain.errors import FileUnusable, PlatformUnavailable
from bot.domain.files import Flaw
from bot.slack.wire.errors import ForeignAddress
from bot.slack.wire.transfers import Transfers

PAGE = "<!DOCTYPE html><html><body>Sign in to your workspace</body></html>"
PNG = "image/png"
LIMIT = 100_000
LARGE = 10_000_000


class Server:
    """Gives each answer once, the last one for ever; remembers the tokens that it was shown."""

    def __init__(self) -> None:
        self.answers: list[Callable[[], web.StreamResponse]] = []
        self.tokens: list[str | None] = []
        self.bodies: list[bytes] = []
        self.address = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.tokens.append(request.headers.get("Authorization"))
        self.bodies.append(await request.read())
        return (self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])()

    @property
    def transfers(self) -> Transfers:
        return Transfers("xoxb-1", URL(f"{self.address}/api/"), pause=0.01)


@asynccontextmanager
async def serve(*answers: web.Response) -> AsyncIterator[Server]:
    server = Server()
    server.answers = [_again(response) for response in answers]
    app = web.Application(client_max_size=LARGE)
    app.router.add_route("*", "/{tail:.*}", server.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()


def _again(response: web.Response) -> Callable[[], web.Response]:
    headers = {name: value for name, value in response.headers.items() if name in {"Content-Type", "Location"}}
    return lambda: web.Response(status=response.status, body=response.body, headers=headers)


def to(address: str, status: int = 302) -> web.Response:
    return web.Response(status=status, headers={"Location": address})


def bytes_of(content: bytes, media_type: str = PNG) -> web.Response:
    return web.Response(body=content, content_type=media_type)


async def flaw_of(server: Server, media_type: str = PNG) -> Flaw:
    with pytest.raises(FileUnusable) as refused:
        await server.transfers.get(f"{server.address}/file", LIMIT, media_type)
    return refused.value.flaw


@pytest.mark.parametrize("length", [1, LIMIT])
async def test_a_file_is_read_with_the_token(length: int) -> None:
    async with serve(bytes_of(b"x" * length)) as server:
        assert await server.transfers.get(f"{server.address}/file", LIMIT, PNG) == b"x" * length
        assert server.tokens == ["Bearer xoxb-1"]


@pytest.mark.parametrize(
    ("answer", "flaw"),
    [
        (web.Response(status=401), Flaw.NO_ACCESS),
        (web.Response(status=403), Flaw.NO_ACCESS),
        (web.Response(status=404), Flaw.GONE),
        (web.Response(status=410), Flaw.GONE),
        (web.Response(status=400), Flaw.UNREACHABLE),
        (web.Response(status=206, body=b"half"), Flaw.UNREACHABLE),
        (bytes_of(b""), Flaw.EMPTY),
        (bytes_of(b"x" * (LIMIT + 1)), Flaw.TOO_LARGE),
        (bytes_of(b"Sign in to your workspace", "text/html"), Flaw.NO_ACCESS),
        (bytes_of(b"\n <HTML>" + PAGE.encode()), Flaw.NO_ACCESS),
    ],
)
async def test_an_answer_that_is_no_file_says_why(answer: web.Response, flaw: Flaw) -> None:
    async with serve(answer) as server:
        assert await flaw_of(server) is flaw
        assert len(server.tokens) == 1


async def test_a_login_page_is_not_taken_for_a_text() -> None:
    async with serve(bytes_of(PAGE.encode(), "text/html")) as server:
        assert await flaw_of(server, "text/plain") is Flaw.NO_ACCESS


@pytest.mark.parametrize(
    ("media_type", "served_as"), [("text/html", "text/html"), ("text/plain", "text/plain"), ("text/html", "text/plain")]
)
async def test_a_page_that_somebody_shares_is_a_file(media_type: str, served_as: str) -> None:
    async with serve(bytes_of(PAGE.encode(), served_as)) as server:
        assert await server.transfers.get(f"{server.address}/file", LIMIT, media_type) == PAGE.encode()


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_passing_trouble_is_waited_out_once(status: int) -> None:
    async with serve(web.Response(status=status), bytes_of(b"content")) as server:
        assert await server.transfers.get(f"{server.address}/file", LIMIT, PNG) == b"content"
    async with serve(web.Response(status=status)) as server:
        assert await flaw_of(server) is Flaw.UNREACHABLE
        assert len(server.tokens) == 2


async def test_a_server_that_is_away_is_unreachable() -> None:
    async with serve(bytes_of(b"content")) as server:
        transfers, address = server.transfers, server.address
    with pytest.raises(FileUnusable) as refused:
        await transfers.get(f"{address}/file", LIMIT, PNG)
    assert refused.value.flaw is Flaw.UNREACHABLE


async def test_redirects_are_followed_three_times_with_the_token() -> None:
    async with serve(to("/b"), to("c", 307), to("/d", 301), bytes_of(b"content")) as server:
        assert await server.transfers.get(f"{server.address}/a", LIMIT, PNG) == b"content"
        assert server.tokens == ["Bearer xoxb-1"] * 4
    async with serve(to("/again")) as server:
        assert await flaw_of(server) is Flaw.UNREACHABLE
        assert len(server.tokens) == 4


@pytest.mark.parametrize("scheme", ["", "http:"])
async def test_a_redirect_to_somebody_else_is_not_followed_even_without_the_token(scheme: str) -> None:
    async with serve(bytes_of(b"content")) as other:
        address = f"{scheme}//{URL(other.address).raw_authority}/file"
        async with serve(to(address)) as server:
            assert await flaw_of(server) is Flaw.UNREACHABLE
    assert other.tokens == []


@pytest.mark.parametrize("location", ["", "http://[", "https://evil.test/x"])
async def test_a_redirect_to_nowhere_ends_there(location: str) -> None:
    async with serve(to(location)) as server:
        assert await flaw_of(server) is Flaw.UNREACHABLE


async def test_a_file_somewhere_else_is_not_asked_for() -> None:
    async with serve(bytes_of(b"content")) as other, serve(bytes_of(b"content")) as server:
        with pytest.raises(FileUnusable) as refused:
            await server.transfers.get(f"{other.address}/file", LIMIT, PNG)
    assert refused.value.flaw is Flaw.UNREACHABLE
    assert other.tokens == server.tokens == []


async def test_an_upload_is_the_body_and_shows_no_token() -> None:
    content = b"x" * 2_000_000
    async with serve(web.Response(text="OK")) as server:
        await server.transfers.put(f"{server.address}/upload", content)
        assert server.bodies == [content]
        assert server.tokens == [None]


@pytest.mark.parametrize("answer", [web.Response(status=500), web.Response(status=400), to("/elsewhere")])
async def test_an_upload_that_does_not_arrive_is_told(answer: web.Response) -> None:
    async with serve(answer) as server:
        with pytest.raises(PlatformUnavailable):
            await server.transfers.put(f"{server.address}/upload", b"content")
        assert len(server.bodies) == 1


async def test_an_upload_goes_to_slack_only() -> None:
    async with serve(web.Response(text="OK")) as other, serve(web.Response(text="OK")) as server:
        with pytest.raises(ForeignAddress):
            await server.transfers.put(f"{other.address}/upload", b"content")
    assert other.bodies == []


async def test_an_upload_that_takes_too_long_is_given_up() -> None:
    async def swallow(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hung_up.set()
        await closing.wait()
        writer.close()

    hung_up, closing = asyncio.Event(), asyncio.Event()
    listener = await asyncio.start_server(swallow, "127.0.0.1", 0)
    async with listener:
        address = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
        transfers = replace(Transfers("xoxb-1", URL(address)), seconds=0.1)
        with pytest.raises(PlatformUnavailable, match="TimeoutError"):
            await transfers.put(f"{address}/upload", b"content")
        assert hung_up.is_set()
        closing.set()


def test_the_token_is_not_printed() -> None:
    assert "xoxb-1" not in repr(Transfers("xoxb-1", URL("https://slack.com/api/")))
