"""What an operator sees of a daemon from outside."""

import re
import socket

import aiohttp

from tests.doubles.until import until
from tests.stories.stage import PATIENCE, Daemon, Stage

ANY_PORT = "127.0.0.1:0"


def address_of(daemon: Daemon) -> str:
    """Where the daemon tells how it is, by its log."""
    found = re.search(r"told at (\S+), port (\d+)", daemon.lines)
    assert found, daemon.lines
    return f"http://{found[1]}:{found[2]}"


async def get(daemon: Daemon, page: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(f"{address_of(daemon)}/{page}") as answer:
        return answer.status, await answer.text()


async def test_a_daemon_is_ready_while_slack_has_it_on_the_line(stage: Stage) -> None:
    daemon = await stage.start(MONITOR_ADDRESS=ANY_PORT)

    async def has_status(status: int) -> bool:
        return (await get(daemon, "readyz"))[0] == status

    await until(lambda: has_status(200), PATIENCE)
    stage.slack.sockets.refuse_tickets()
    stage.slack.sockets.drop()
    await until(lambda: has_status(503), PATIENCE)
    assert "no socket to Slack" in (await get(daemon, "readyz"))[1]
    assert (await get(daemon, "healthz"))[0] == 200

    stage.slack.sockets.refuse_tickets("")
    await until(lambda: has_status(200), PATIENCE)
    assert await daemon.terminate() == 0


async def test_an_address_that_is_taken_is_an_error_at_the_start(stage: Stage) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        daemon = await stage.launch(MONITOR_ADDRESS=address)
        assert await daemon.ended() == 2
    assert f"MONITOR_ADDRESS {address} cannot be listened on" in daemon.lines
    assert "Traceback" not in daemon.lines
