"""Turns host names into public addresses, and into no others."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from aiohttp.abc import AbstractResolver, ResolveResult

from bot.web.addresses import not_public

LookUp = Callable[[str, int], Awaitable[Sequence[tuple[str, int]]]]
"""The IP addresses of a host name, each with the port to connect to, given the usual port. Raises OSError."""

_threads = ThreadPoolExecutor(4, "names")
"""Apart from the event loop's own threads, so that a stranger's slow name server holds up nobody else's names."""


async def look_up(name: str, port: int) -> Sequence[tuple[str, int]]:
    """What the machine's resolver says; the dot makes the name absolute, so that no search domain is put behind it."""
    ask = partial(socket.getaddrinfo, f"{name.rstrip('.')}.", port, type=socket.SOCK_STREAM)
    answers = await asyncio.get_running_loop().run_in_executor(_threads, ask)
    return [(str(address[0]), int(address[1])) for *_, address in answers]


class PublicNames(AbstractResolver):
    """Gives aiohttp the addresses that it connects to, so that what is checked is what is used.

    A name is looked up once for each connection. If one of its addresses is not public, none of them is trusted.
    """

    def __init__(self, look_up: LookUp, is_public: Callable[[str], bool]) -> None:
        self._look_up = look_up
        self._is_public = is_public

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """All addresses of this name. Raises FileUnusable when one is not public, OSError when there is none."""
        del family  # what is reachable shows when it is tried
        answers = await self._look_up(host, port)
        if not all(self._is_public(address) for address, _ in answers):
            raise not_public()
        if not answers:
            raise OSError("the name has no address")
        return [_result(host, address, real_port) for address, real_port in answers]

    async def close(self) -> None:
        """Nothing is kept open."""


def _result(host: str, address: str, port: int) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return ResolveResult(
        hostname=host, host=address, port=port, family=family, proto=socket.IPPROTO_TCP, flags=socket.AI_NUMERICHOST
    )
