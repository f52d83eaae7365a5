"""Asks a daemon how it is, as an operator's monitor does."""

import re

import aiohttp

from tests.stories.stage import Daemon

ANY_PORT = "127.0.0.1:0"


def address_of(daemon: Daemon) -> str:
    """Where the daemon tells how it is, by its log."""
    found = re.search(r"told at (\S+), port (\d+)", daemon.lines)
    assert found, daemon.lines
    return f"http://{found[1]}:{found[2]}"


async def get(daemon: Daemon, page: str) -> tuple[int, str]:
    """The status and the text of one of its pages."""
    async with aiohttp.ClientSession() as session, session.get(f"{address_of(daemon)}/{page}") as answer:
        return answer.status, await answer.text()
