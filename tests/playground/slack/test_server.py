"""The server as a whole: its address."""

from playground.slack.server import serve_slack
from playground.slack.workspace import Workspace


async def test_two_servers_run_side_by_side_on_free_ports() -> None:
    async with serve_slack(Workspace()) as one, serve_slack(Workspace()) as two:
        assert one.api_url != two.api_url
        assert one.api_url.endswith("/api/")
