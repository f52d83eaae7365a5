"""Gets a picture at a link that a person wrote, from the public internet only."""

import asyncio
import logging
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import ClientError, ClientResponse, ClientSession, DummyCookieJar, TCPConnector
from yarl import URL

from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw, picture_type
from bot.web.addresses import is_literal, is_public, not_public, parse_https
from bot.web.names import LookUp, PublicNames, look_up

log = logging.getLogger(__name__)

_AT_ONCE = 4  # each may hold its whole picture in memory
_REDIRECTS = 3
_REDIRECTING = frozenset({301, 302, 303, 307, 308})
_CHUNK = 65_536  # bytes
_HEADERS = {
    "User-Agent": "chatgpt-for-slack (fetches a picture that a person linked to)",
    "Accept": "image/png, image/jpeg, image/webp, image/gif, image/heic, image/*;q=0.5",
    "Accept-Encoding": "identity",  # what is not compressed cannot swell
}
_HEAD = 12  # bytes that tell a picture


@dataclass(frozen=True, slots=True)
class PublicPictures:
    """Fetches pictures; callable as `bot.ports.FetchPicture`.

    No request reaches an address that `is_allowed` does not know as public: names are looked up by `look_up` alone, and
    connections go to what it answered. Takes `seconds` for everything and at most `limit` bytes.
    """

    look_up: LookUp = look_up
    is_allowed: Callable[[str], bool] = is_public
    tls: ssl.SSLContext | bool = True
    seconds: float = 10
    limit: int = 20_000_000
    _slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE), init=False, repr=False)

    async def __call__(self, url: str) -> bytes:
        """The picture at this address, as it is. Raises FileUnusable."""
        try:
            async with asyncio.timeout(self.seconds), self._slots:
                return await self._fetch(parse_https(url))
        except TimeoutError:
            log.info("a linked picture took longer than %g s", self.seconds)
            raise FileUnusable(Flaw.UNREACHABLE, "downloading it took too long") from None
        except (ClientError, OSError, ValueError) as error:
            # The texts of these errors name the address.
            log.info("a linked picture could not be fetched: %s", type(error).__name__)
            raise FileUnusable(Flaw.UNREACHABLE) from None

    async def _fetch(self, url: URL) -> bytes:
        names = PublicNames(self.look_up, self.is_allowed)
        async with ClientSession(
            connector=TCPConnector(resolver=names, use_dns_cache=False, force_close=True, ssl=self.tls),
            cookie_jar=DummyCookieJar(),
            headers=_HEADERS,
            auto_decompress=False,
            trust_env=False,  # no proxy, which would look names up by itself, and no passwords of the operator's
        ) as session:
            for _ in range(1 + _REDIRECTS):
                if is_literal(url.raw_host or "") and not self.is_allowed(url.raw_host or ""):
                    raise not_public()
                async with session.get(url, allow_redirects=False) as response:
                    if response.status not in _REDIRECTING:
                        return await self._read(response)
                    url = parse_https(str(url.join(URL(response.headers.get("Location", "")))))
        raise FileUnusable(Flaw.UNREACHABLE, "its address leads from one place to the next")

    async def _read(self, response: ClientResponse) -> bytes:
        if response.status != 200:
            log.info("a linked picture: status %d", response.status)
            raise FileUnusable(Flaw.UNREACHABLE)
        if (response.content_length or 0) > self.limit:
            raise FileUnusable(Flaw.TOO_LARGE)
        promised, content = _promises_picture(response), bytearray()

        def is_other() -> bool:
            return not (promised or picture_type(bytes(content[:_HEAD])))

        async for chunk in response.content.iter_chunked(_CHUNK):
            content += chunk
            if len(content) > self.limit:
                raise FileUnusable(Flaw.TOO_LARGE)
            if len(content) >= _HEAD and is_other():
                raise FileUnusable(Flaw.UNKNOWN_KIND)
        log.info("a linked picture: %d bytes", len(content))
        if not content:
            raise FileUnusable(Flaw.EMPTY)
        if is_other():
            raise FileUnusable(Flaw.UNKNOWN_KIND)
        return bytes(content)


def _promises_picture(response: ClientResponse) -> bool:
    encoded = response.headers.get("Content-Encoding", "identity").strip().lower() != "identity"
    return response.content_type.startswith("image/") and "svg" not in response.content_type and not encoded
