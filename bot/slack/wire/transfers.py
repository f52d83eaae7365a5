"""Bytes of files, from Slack and to Slack: checked addresses, limited sizes and times, and nothing on the disk."""

import asyncio
import io
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Self

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, SocketTimeoutError
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from bot.domain.errors import FileUnusable, PlatformUnavailable
from bot.domain.files import Flaw
from bot.slack.wire.addresses import slack_address
from bot.slack.wire.client import proxy_for
from bot.slack.wire.errors import ForeignAddress, retry_after

log = logging.getLogger(__name__)

_REDIRECTS = 3
_CHUNK = 65_536  # bytes
_CONNECT = 10.0  # seconds
_LONGEST_PAUSE = 10.0  # seconds

_REDIRECTED = frozenset({301, 302, 303, 307, 308})
_FLAWS = {401: Flaw.NO_ACCESS, 403: Flaw.NO_ACCESS, 404: Flaw.GONE, 410: Flaw.GONE}

_PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_PAGE_BEGINS = (b"<!doctype html", b"<html")


@dataclass(frozen=True, slots=True)
class Transfers:
    """Moves files with the bot's token; `api` is the address of the Web API.

    `seconds` is how long one upload may take, and one download with all that belongs to it; `stall` how long a download
    may bring no byte; `pause` how long to wait before it is tried again. Each has a session of its own: files are rare
    enough to find a shared one cold, and a slow one takes no connection away from the calls.
    """

    token: str = field(repr=False)
    api: URL
    seconds: float = 60.0
    stall: float = 15.0
    pause: float = 1.0

    @classmethod
    def of(cls, client: AsyncWebClient) -> Self:
        """Those that go with this client's calls."""
        return cls(client.token or "", URL(client.base_url))

    async def get(self, address: str, limit: int, media_type: str) -> bytes:
        """The bytes of a file of this media type, at most `limit` of them. Raises FileUnusable."""
        first = self._admitted(address)
        try:
            return await self._fetched(first, limit, media_type)
        except SocketTimeoutError:
            # Not tried again: what has stalled for so long leaves no time to begin anew.
            raise FileUnusable(Flaw.UNREACHABLE, "the download stalled") from None
        except (ClientError, OSError, _Passing) as trouble:
            log.info("a download is tried again: %s", type(trouble).__name__)
            await asyncio.sleep(min(trouble.pause if isinstance(trouble, _Passing) else self.pause, _LONGEST_PAUSE))
        try:
            return await self._fetched(first, limit, media_type)
        except (ClientError, OSError, _Passing):
            raise FileUnusable(Flaw.UNREACHABLE) from None

    async def put(self, address: str, content: bytes) -> None:
        """Bring the bytes to an upload address, which is secret and takes no token.

        Raises PlatformUnavailable, and ForeignAddress when the bytes may not go there.
        """
        url = slack_address(address, self.api)
        if url is None:
            raise ForeignAddress("an upload address that is not Slack's")
        patience = ClientTimeout(total=None, connect=_CONNECT)
        try:
            async with asyncio.timeout(self.seconds), ClientSession(timeout=patience) as session:
                request = session.post(
                    url,
                    data=io.BytesIO(content),
                    headers={"Content-Type": "application/octet-stream"},
                    allow_redirects=False,
                    proxy=proxy_for(url),
                )
                async with request as response:
                    status = response.status
        except (ClientError, OSError, TimeoutError) as error:
            raise PlatformUnavailable(f"upload: {type(error).__name__}") from None
        if status != 200:
            raise PlatformUnavailable(f"upload: HTTP {status}")

    async def _fetched(self, url: URL, limit: int, media_type: str) -> bytes:
        async with self._open(url) as response:
            if flaw := _FLAWS.get(response.status):
                raise FileUnusable(flaw)
            if response.status == 429 or response.status >= 500:
                raise _Passing(retry_after(response.headers, self.pause))
            if response.status != 200:
                raise FileUnusable(Flaw.UNREACHABLE)
            if response.content_type in _PAGE_TYPES and media_type not in _PAGE_TYPES:
                raise FileUnusable(Flaw.NO_ACCESS)
            content = await _read(response, limit)
        if not content:
            raise FileUnusable(Flaw.EMPTY)
        # A text may well be the source of a page; a picture cannot.
        if not media_type.startswith("text/") and media_type not in _PAGE_TYPES and _begins_page(content):
            raise FileUnusable(Flaw.NO_ACCESS)
        return content

    @asynccontextmanager
    async def _open(self, url: URL) -> AsyncIterator[ClientResponse]:
        """The answer at the end of the redirects, of which each leads to an address of Slack's or nowhere."""
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Encoding": "identity"}
        patience = ClientTimeout(total=None, connect=_CONNECT, sock_read=self.stall)
        async with ClientSession(timeout=patience) as session:
            for _ in range(_REDIRECTS + 1):
                async with session.get(url, headers=headers, allow_redirects=False, proxy=proxy_for(url)) as response:
                    if response.status not in _REDIRECTED:
                        yield response
                        return
                    url = self._admitted(response.headers.get("Location", ""), url)
        raise FileUnusable(Flaw.UNREACHABLE)

    def _admitted(self, address: str, base: URL | None = None) -> URL:
        url = slack_address(address, self.api, base)
        if url is None:
            log.warning("a file is not at one of Slack's addresses")
            raise FileUnusable(Flaw.UNREACHABLE)
        return url


class _Passing(Exception):
    """Slack has trouble; `pause` is how many seconds to wait before the next try."""

    def __init__(self, pause: float) -> None:
        super().__init__()
        self.pause = pause


async def _read(response: ClientResponse, limit: int) -> bytes:
    if (response.content_length or 0) > limit:
        raise FileUnusable(Flaw.TOO_LARGE)
    content = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        content += chunk
        if len(content) > limit:
            raise FileUnusable(Flaw.TOO_LARGE)
    return bytes(content)


def _begins_page(content: bytes) -> bool:
    return content[:512].lstrip().lower().startswith(_PAGE_BEGINS)
