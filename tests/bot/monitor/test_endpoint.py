"""The pages that tell how the bot is, over real HTTP."""

import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from prometheus_client import CollectorRegistry

from bot.domain.errors import BotError
from bot.domain.records import Backlog
from bot.monitor.endpoint import AddressUnusable, endpoint
from bot.monitor.health import LONGEST_LAG, Checkup
from bot.monitor.pulse import INTERVAL, Pulse
from bot.monitor.readings import Exposition, Readings
from tests.bot.monitor.figures import figures_in
from tests.doubles.clock import StillClock


@dataclass
class Site:
    """The pages of a bot whose state the test decides."""

    sockets: int = 2
    writes: bool = True
    clock: StillClock = field(default_factory=StillClock)
    port: int = 0

    async def write(self) -> None:
        if not self.writes:
            raise BotError("the disk is full")

    @property
    def checkup(self) -> Checkup:
        pulse = Pulse(self.clock)
        pulse._due = self.clock.now + INTERVAL
        return Checkup(pulse, lambda: self.sockets, self.write, lambda: True)

    async def get(self, path: str) -> tuple[int, dict[str, Any]]:
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{self.port}{path}") as answer:
            return answer.status, await answer.json()


def exposition(checkup: Checkup) -> Exposition:
    async def backlog() -> Backlog:
        return Backlog()

    def none() -> int:
        return 0

    readings = Readings(
        checkup=checkup,
        slack_calls_waiting=none,
        lanes=none,
        lines={},
        backlog=backlog,
        now=lambda: 0.0,
    )
    return Exposition(CollectorRegistry(), readings)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    async with endpoint(("127.0.0.1", 0), site.checkup, exposition(site.checkup)) as site.port:
        yield site


async def test_a_bot_that_is_well_is_alive_and_ready(site: Site) -> None:
    assert await site.get("/healthz") == (200, {"ok": True, "loop_lag_seconds": 0.0})
    assert await site.get("/readyz") == (200, {"ok": True, "troubles": [], "sockets": 2, "loop_lag_seconds": 0.0})


async def test_the_figures_are_a_page_of_text_for_prometheus(site: Site) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{site.port}/metrics") as answer:
        assert answer.content_type == "text/plain"
        assert "chatgpt_sockets" in figures_in(await answer.text())


async def test_what_the_world_does_makes_it_unready_and_not_dead(site: Site) -> None:
    site.sockets, site.writes = 0, False
    status, report = await site.get("/readyz")
    assert (status, report["ok"]) == (503, False)
    assert report["troubles"] == ["no socket to Slack", "the database takes no writes"]
    assert (await site.get("/healthz"))[0] == 200


async def test_a_stuck_loop_is_death(site: Site) -> None:
    site.clock.now += INTERVAL + LONGEST_LAG
    assert await site.get("/healthz") == (503, {"ok": False, "loop_lag_seconds": LONGEST_LAG})
    assert (await site.get("/readyz"))[0] == 503


async def test_an_address_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AddressUnusable, match=rf"127\.0\.0\.1:{port} .*[Aa]ddress already in use.*another port"):
            async with endpoint(("127.0.0.1", port), Site().checkup, exposition(Site().checkup)):
                pass


async def test_a_host_that_is_not_this_machine_is_named() -> None:
    with pytest.raises(AddressUnusable, match=r"192\.0\.2\.1:9464"):
        async with endpoint(("192.0.2.1", 9464), Site().checkup, exposition(Site().checkup)):
            pass


async def test_nobody_listens_any_more_in_the_end() -> None:
    async with endpoint(("127.0.0.1", 0), Site().checkup, exposition(Site().checkup)) as port:
        pass
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port)).close()
