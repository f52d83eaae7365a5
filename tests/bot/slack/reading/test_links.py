"""Links to messages: where they lead, and to whom that is open."""

import pytest

from bot.domain.conversation import ThreadKey
from bot.slack.reading.links import LinkedThreads
from bot.slack.reading.members import Members
from playground.slack.directory import ChannelKind
from playground.slack.server import serve_slack
from playground.slack.workspace import Workspace
from tests.doubles.platform import MemoryPlatform
from tests.doubles.slack import identity_in, unpaced_calls

ACME = "https://acme.slack.com/archives"
MESSAGE, ROOT = "1700000002.000200", "1700000001.000100"


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (f"{ACME}/C123/p1700000002000200", [("C123", MESSAGE)]),
        (f"see <{ACME}/C123/p1700000002000200?thread_ts={ROOT}&cid=C123>!", [("C123", ROOT)]),
        (f"[here]({ACME}/G123/p1700000002000200?cid=G123&thread_ts={ROOT})", [("G123", ROOT)]),
        (f"{ACME}/C123/p1700000002000200?thread_ts=1", [("C123", MESSAGE)]),
        (f"{ACME}/C1/p1700000002000200 {ACME}/C2/p1700000001000100", [("C1", MESSAGE), ("C2", ROOT)]),
        ("http://127.0.0.1:8080/archives/C123/p1700000002000200", [("C123", MESSAGE)]),
        (f"{ACME}/D123/p1700000002000200", []),
        (f"{ACME}/C123/p17000000020002001", []),
        (f"{ACME}/C123", []),
        ("/archives/C123/p1700000002000200", []),
        ("", []),
    ],
)
async def test_a_link_leads_to_the_thread_of_its_message(text: str, places: list[tuple[str, str]]) -> None:
    workspace = Workspace(seed=1)
    async with serve_slack(workspace) as slack, unpaced_calls(slack) as calls:
        threads = LinkedThreads(MemoryPlatform(), identity_in(workspace), Members(calls))
        assert threads.linked_in(text) == tuple(ThreadKey(workspace.team_id, *place) for place in places)


async def test_a_channel_is_open_where_both_are_members() -> None:
    workspace = Workspace(seed=1)
    ann, ben, bot = workspace.add_user("ann").id, workspace.add_user("ben").id, workspace.bot.user_id
    both = workspace.add_channel("both", [ann, bot])
    private = workspace.add_channel("private", [ann, bot], ChannelKind.GROUP)
    group = workspace.add_channel("group", [ann, bot], ChannelKind.MPIM)
    hers = workspace.add_channel("hers", [ann])
    secret = workspace.add_channel("secret", [ann], ChannelKind.GROUP)
    async with serve_slack(workspace, rate_limit_scale=None) as slack, unpaced_calls(slack) as calls:
        threads = LinkedThreads(MemoryPlatform(), identity_in(workspace), Members(calls))

        async def is_open(channel: str, person: str) -> bool:
            return await threads.is_open(ThreadKey(workspace.team_id, channel, ROOT), person)

        for channel in (both, private, group):
            assert await is_open(channel.id, ann)
            assert not await is_open(channel.id, ben)
            assert not await is_open(channel.id, "")
        for channel in (hers, secret):
            assert not await is_open(channel.id, ann)
        assert not await is_open("C0NOWHERE", ann)
