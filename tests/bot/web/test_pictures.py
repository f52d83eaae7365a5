"""Pictures from the public web: what is fetched, and what is never asked for."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web

from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw
from bot.web.addresses import is_public
from bot.web.pictures import PublicPictures
from tests.bot.web.site import HOST, PNG, Site, make_certificate, open_site
from tests.doubles.until import until

PRIVATE = "it is not at a public address"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
async def site(certificate: Path) -> AsyncIterator[Site]:
    async with open_site(certificate) as opened:
        yield opened


async def refusal(fetch: PublicPictures, url: str) -> FileUnusable:
    with pytest.raises(FileUnusable) as raised:
        await fetch(url)
    return raised.value


async def test_a_picture_arrives_as_it_is(site: Site) -> None:
    assert await site.fetcher()(site.serve("/cat.png")) == PNG
    assert site.names == [HOST]


async def test_the_request_tells_nothing_about_the_operator(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(variable, "http://proxy.invalid:3128")
        monkeypatch.setenv(variable.lower(), "http://proxy.invalid:3128")
    first = site.serve("/a.png", status=302, Location="/b.png", Set_Cookie="known=1; Path=/")
    site.serve("/b.png")
    fetch = site.fetcher()
    assert await fetch(first) == await fetch(first) == PNG
    assert len(site.requests) == 4
    for request in site.requests:
        assert {name.title() for name in request.headers} <= {
            "Host",
            "Connection",
            "User-Agent",
            "Accept",
            "Accept-Encoding",
        }


@pytest.mark.parametrize("answer", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "::1", "::ffff:127.0.0.1"])
async def test_a_name_with_a_private_address_is_never_connected_to(site: Site, answer: str) -> None:
    site.answers.append([answer])
    error = await refusal(replace(site.fetcher(), is_allowed=is_public), site.serve("/cat.png"))
    assert (error.flaw, error.reason) == (Flaw.UNREACHABLE, PRIVATE)
    assert not site.requests


@pytest.mark.parametrize("answer", [["127.0.0.1", "10.0.0.7"], ["10.0.0.7", "127.0.0.1"], ["127.0.0.1", "fd00::1"]])
async def test_one_private_address_among_public_ones_spoils_the_name(site: Site, answer: list[str]) -> None:
    site.answers.append(answer)
    assert (await refusal(site.fetcher(), site.serve("/cat.png"))).reason == PRIVATE
    assert not site.requests


async def test_a_name_that_changes_its_mind_is_not_asked_again(site: Site) -> None:
    site.answers.extend([["127.0.0.1"], ["10.0.0.7"]])
    assert await site.fetcher()(site.serve("/cat.png")) == PNG
    assert site.names == [HOST]


async def test_a_name_that_changes_its_mind_between_redirects_is_checked_again(site: Site) -> None:
    site.answers.extend([["127.0.0.1"], ["10.0.0.7"]])
    url = site.serve("/a.png", status=302, Location="/b.png")
    site.serve("/b.png")
    assert (await refusal(site.fetcher(), url)).reason == PRIVATE
    assert [request.path for request in site.requests] == ["/a.png"]


async def test_an_address_that_does_not_answer_gives_way_to_the_next(site: Site) -> None:
    site.answers.append(["127.0.0.2", "127.0.0.1"])  # the site listens at the second alone
    fetch = replace(site.fetcher(), is_allowed=lambda address: address.startswith("127.0.0."))
    assert await fetch(site.serve("/cat.png")) == PNG


@pytest.mark.parametrize(
    "target",
    [
        *(
            "https://10.0.0.7/b.png",
            "https://[::1]/b.png",
            "https://169.254.169.254/latest/meta-data/",
            "//192.168.0.1/",
        ),
        *(
            "https://localhost/b.png",
            "https://2130706433/b.png",
            "https://0x7f.0.0.1/b.png",
            f"https://{HOST}:8443/b.png",
        ),
    ],
)
async def test_a_redirect_into_a_private_network_is_refused(site: Site, target: str) -> None:
    error = await refusal(site.fetcher(), site.serve("/a.png", status=302, Location=target))
    assert error.reason == PRIVATE
    assert len(site.requests) == 1


@pytest.mark.parametrize(
    "target", [f"http://{HOST}/b.png", "file:///etc/passwd", "ftp://example.org/b.png", "data:image/png,x", "https://["]
)
async def test_a_redirect_away_from_https_is_refused(site: Site, target: str) -> None:
    await refusal(site.fetcher(), site.serve("/a.png", status=307, Location=target))
    assert len(site.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_three_redirects_are_followed_and_a_fourth_is_not(site: Site, status: int) -> None:
    for number in range(4):
        site.serve(f"/{number}", status=status, Location=f"https://{HOST}/{number + 1}")
    site.serve("/4")
    assert await site.fetcher()(f"https://{HOST}/1") == PNG
    error = await refusal(site.fetcher(), f"https://{HOST}/0")
    assert error.reason == "its address leads from one place to the next"
    assert [request.path for request in site.requests] == ["/1", "/2", "/3", "/4", "/0", "/1", "/2", "/3"]


async def test_a_redirect_to_nowhere_is_refused(site: Site) -> None:
    url = site.serve("/a.png", status=302)
    assert (await refusal(site.fetcher(), url)).flaw is Flaw.UNREACHABLE


async def test_a_declared_size_above_the_limit_is_not_read(site: Site) -> None:
    url = site.serve("/cat.png", body=PNG)
    assert await site.fetcher(limit=len(PNG))(url) == PNG
    assert (await refusal(site.fetcher(limit=len(PNG) - 1), url)).flaw is Flaw.TOO_LARGE


async def test_a_picture_without_end_is_cut_off_at_the_limit(site: Site) -> None:
    sent, hung_up = 0, asyncio.Event()

    async def page(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse(headers={"Content-Type": "image/png"})
        await response.prepare(request)
        while request.transport is not None and not request.transport.is_closing():
            await response.write(PNG * 1000)
            sent += len(PNG) * 1000
            await asyncio.sleep(0)  # writing alone never lets the server hear that nobody listens
        hung_up.set()
        return response

    site.pages["/endless.png"] = page
    error = await refusal(site.fetcher(limit=1_000_000), f"https://{HOST}/endless.png")
    assert error.flaw is Flaw.TOO_LARGE
    await until(hung_up.is_set)
    assert sent < 10_000_000  # the limit, and what lies in buffers between us


@pytest.mark.parametrize("begins", [True, False])
async def test_a_server_that_falls_silent_is_left(site: Site, begins: bool) -> None:
    async def page(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "image/png"})
        if begins:
            await response.prepare(request)
            await response.write(PNG)
        await until(lambda: request.transport is None or request.transport.is_closing())
        hung_up.set()
        return response

    hung_up = asyncio.Event()
    site.pages["/slow.png"] = page
    error = await refusal(site.fetcher(seconds=0.5), f"https://{HOST}/slow.png")
    assert (error.flaw, error.reason) == (Flaw.UNREACHABLE, "downloading it took too long")
    await until(hung_up.is_set)


async def test_a_name_server_that_falls_silent_is_left() -> None:
    async def look_up(_: str, __: int) -> list[tuple[str, int]]:
        await asyncio.Event().wait()
        return []

    error = await refusal(PublicPictures(look_up=look_up, seconds=0.05), f"https://{HOST}/cat.png")
    assert error.reason == "downloading it took too long"


@pytest.mark.parametrize("answer", [[], None])
async def test_a_name_without_address_is_unreachable(answer: list[tuple[str, int]] | None) -> None:
    async def look_up(_: str, __: int) -> list[tuple[str, int]]:
        if answer is None:
            raise OSError("no such name")
        return answer

    error = await refusal(PublicPictures(look_up=look_up), f"https://{HOST}/cat.png")
    assert (error.flaw, error.reason) == (Flaw.UNREACHABLE, str(Flaw.UNREACHABLE))


async def test_a_certificate_that_nobody_vouches_for_is_refused(site: Site) -> None:
    assert (await refusal(site.fetcher(trusting=False), site.serve("/cat.png"))).flaw is Flaw.UNREACHABLE
    assert not site.requests


async def test_a_certificate_of_another_name_is_refused(site: Site) -> None:
    site.serve("/cat.png")
    assert (await refusal(site.fetcher(), "https://other.example.org/cat.png")).flaw is Flaw.UNREACHABLE
    assert site.names == ["other.example.org"]
    assert not site.requests


@pytest.mark.parametrize("status", [201, 206, 304, 401, 403, 404, 410, 429, 500, 503])
async def test_any_other_status_is_unreachable(site: Site, status: int) -> None:
    assert (await refusal(site.fetcher(), site.serve("/cat.png", status=status))).flaw is Flaw.UNREACHABLE


@pytest.mark.parametrize(
    "body",
    [
        PNG,
        b"\xff\xd8\xff\xe0 and so on",
        b"GIF87a and so on",
        b"GIF89a and so on",
        b"RIFF\x10\x00\x00\x00WEBPVP8 and so on",
        b"\x00\x00\x00\x18ftypheic and so on",
        b"\x00\x00\x00\x18ftypmif1 and so on",
    ],
)
@pytest.mark.parametrize("media_type", ["application/octet-stream", "text/plain", "image/svg+xml"])
async def test_a_picture_is_known_by_its_first_bytes(site: Site, body: bytes, media_type: str) -> None:
    assert await site.fetcher()(site.serve("/cat", body=body, Content_Type=media_type)) == body


async def test_a_picture_of_another_kind_is_known_by_its_media_type(site: Site) -> None:
    assert await site.fetcher()(site.serve("/cat", body=b"II*\x00 and so on", Content_Type="image/tiff"))


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"<!doctype html><title>Sign in</title>", "text/html"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        (b"%PDF-1.7 and so on", "application/pdf"),
        (b"RIFF\x10\x00\x00\x00WAVEfmt and so on", "audio/wav"),
        (b"\x00\x00\x00\x18ftypisom and so on", "video/mp4"),
        (b"short", "text/plain"),
    ],
)
async def test_what_is_no_picture_is_refused(site: Site, body: bytes, media_type: str) -> None:
    assert (await refusal(site.fetcher(), site.serve("/cat.png", body, Content_Type=media_type))).flaw is (
        Flaw.UNKNOWN_KIND
    )


async def test_what_comes_compressed_is_refused(site: Site) -> None:
    url = site.serve("/cat.png", body=b"\x1f\x8b\x08\x00 and so on", Content_Encoding="gzip")
    assert (await refusal(site.fetcher(), url)).flaw is Flaw.UNKNOWN_KIND


async def test_a_picture_of_no_bytes_is_empty(site: Site) -> None:
    assert (await refusal(site.fetcher(), site.serve("/cat.png", body=b""))).flaw is Flaw.EMPTY


async def test_a_picture_that_breaks_off_is_refused(site: Site) -> None:
    async def page(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "image/png", "Content-Length": "1000"})
        await response.prepare(request)
        await response.write(PNG)
        assert request.transport is not None
        request.transport.close()
        return response

    site.pages["/cat.png"] = page
    assert (await refusal(site.fetcher(), f"https://{HOST}/cat.png")).flaw is Flaw.UNREACHABLE


async def test_at_most_four_pictures_are_fetched_at_once(site: Site) -> None:
    here, go_on = 0, asyncio.Event()

    async def page(_: web.Request) -> web.StreamResponse:
        nonlocal here
        here += 1
        await go_on.wait()
        return web.Response(body=PNG, content_type="image/png")

    site.pages["/cat.png"] = page
    fetch = site.fetcher()
    fetches = [asyncio.create_task(fetch(f"https://{HOST}/cat.png")) for _ in range(6)]
    await until(lambda: here == 4)
    assert len(site.names) == 4
    go_on.set()
    assert await asyncio.gather(*fetches) == [PNG] * 6


async def test_the_log_names_no_address(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    fetch = site.fetcher()
    await fetch(site.serve("/secret.png"))
    await refusal(fetch, site.serve("/secret.png", status=404))
    await refusal(fetch, "https://other.example.org/secret.png")
    await refusal(fetch, "https://10.0.0.7/secret.png")
    assert len(caplog.messages) == 3
    for message in caplog.messages:
        assert "secret" not in message
        assert "example" not in message
