"""Socket Mode against the local Slack: what is heard, what is acknowledged, and how trouble is survived."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import WSMessage
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.reading.arrivals import Arrivals
from bot.slack.reading.listeners import build_app
from bot.slack.wire import connection as connection_module
from bot.slack.wire.client import open_client
from bot.slack.wire.connections import Connections
from bot.slack.wire.identity import SetupRefused
from bot.slack.wire.tickets import Tickets
from playground.slack.faults import HttpError, RateLimited
from playground.slack.server import SlackServer, serve_slack
from playground.slack.socket_faults import AckTooLate, EventFault, Late, RefusedHandshake, Twice
from playground.slack.socket_mode import Options, SocketMode
from playground.slack.workspace import Workspace
from tests.doubles.meter import MemoryMeter
from tests.doubles.slack import KeepingInbox, identity_in
from tests.doubles.until import until

PING = 0.5


@dataclass(slots=True)
class Scene:
    slack: SlackServer
    inbox: KeepingInbox
    connections: Connections
    meter: MemoryMeter
    running: asyncio.Task[None]
    user: str
    channel: str

    async def until(self, condition: Callable[[], object], timeout: float = 15.0) -> None:
        await self.slack.workspace.wait_for(condition, timeout)

    async def say(self, text: str) -> None:
        await self.slack.workspace.post_as(self.user, self.channel, text)

    async def mention(self, text: str = "hello") -> None:
        await self.say(f"<@{self.slack.workspace.bot.user_id}> {text}")

    def is_whole(self) -> bool:
        """Both connections are up, and neither of them is on its way out."""
        connections = self.slack.sockets.connections
        return len(connections) == 2 and not any(known.is_leaving or known.is_silent for known in connections)

    @property
    def texts(self) -> set[str]:
        return {message.text for message in self.inbox.messages}


@asynccontextmanager
async def listening(options: Options | None = None, *, wait: bool = True) -> AsyncIterator[Scene]:
    workspace = Workspace(seed=1)
    user = workspace.add_user("ada").id
    channel = workspace.add_channel("general", [user, workspace.bot.user_id]).id
    options = options or Options(ack_seconds=1.0, retry_delays=(0.0, 0.3, 0.6, 1.2, 2.4, 4.8), leave_seconds=0.2)
    inbox = KeepingInbox()
    async with (
        serve_slack(workspace, rate_limit_scale=None, socket_options=options) as slack,
        open_client(slack.installation.bot_token, slack.api_url) as client,
    ):
        app = build_app(identity_in(workspace), inbox, Arrivals())
        token = slack.installation.app_token
        meter = MemoryMeter()
        connections = Connections(app, client, token, ping_interval=PING, stagger=0.0, meter=meter)
        running = asyncio.create_task(connections.run())
        scene = Scene(slack, inbox, connections, meter, running, user, channel)
        try:
            if wait:
                await scene.until(scene.is_whole)
            yield scene
        finally:
            await connections.close()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with listening() as scene:
        yield scene


async def test_a_mention_comes_as_two_events_and_is_one_message(scene: Scene) -> None:
    await scene.mention("what is this?")
    await scene.until(lambda: len(scene.inbox.received) == 2)
    assert [message.text for message in scene.inbox.messages] == ["what is this?"]
    assert len({event for _, event in scene.inbox.received}) == 2


async def test_a_burst_is_heard_without_a_single_call_to_slack(scene: Scene) -> None:
    scene.slack.calls.clear()
    direct = scene.slack.workspace.open_dm(scene.user).id
    for number in range(200):
        await scene.slack.workspace.post_as(scene.user, direct, str(number))
    await scene.until(lambda: len(scene.slack.sockets.counts.ack_times) == 200)
    assert scene.texts == {str(number) for number in range(200)}
    assert len(scene.slack.calls) == 0


async def test_every_event_is_acknowledged_and_what_is_not_said_to_the_bot_is_dropped(scene: Scene) -> None:
    workspace, bot = scene.slack.workspace, scene.slack.workspace.bot
    await scene.say("not for the bot")
    await workspace.open_app_home(scene.user)
    await workspace.set_topic(scene.user, scene.channel, "news")
    message = await workspace.post_as(scene.user, scene.channel, "a")
    await workspace.edit_as(scene.user, scene.channel, message["ts"], f"<@{bot.user_id}> a")
    await workspace.delete_as(scene.user, scene.channel, message["ts"])
    await workspace.post_as(bot.user_id, workspace.open_dm(scene.user).id, "my own words")
    counts = scene.slack.sockets.counts
    await scene.until(lambda: len(counts.ack_times) == counts.envelopes["events_api"])
    assert counts.envelopes["events_api"] == 8
    assert counts.redelivered == 0
    assert scene.inbox.received == []


async def test_slack_delivers_again_what_could_not_be_kept(scene: Scene) -> None:
    scene.inbox.refusals = 1
    await scene.slack.workspace.post_as(scene.user, scene.slack.workspace.open_dm(scene.user).id, "important")
    await scene.until(lambda: scene.inbox.received)
    assert scene.texts == {"important"}
    assert scene.slack.sockets.counts.redelivered == 1


async def test_slack_hears_nothing_until_the_message_is_kept(scene: Scene) -> None:
    scene.inbox.door.clear()
    await scene.slack.workspace.post_as(scene.user, scene.slack.workspace.open_dm(scene.user).id, "important")
    await scene.inbox.arrived.wait()
    assert scene.slack.sockets.counts.ack_times == []
    scene.inbox.door.set()
    await scene.until(lambda: scene.slack.sockets.counts.ack_times)


async def test_it_knows_how_many_connections_are_up(scene: Scene) -> None:
    assert scene.connections.connected == 2
    await until(lambda: scene.connections.greeted == 2)
    await scene.connections.close()
    assert scene.connections.connected == scene.connections.greeted == 0


async def test_a_connection_that_slack_has_not_greeted_brings_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SocketMode, "_hello", lambda _: {"type": "debug"})
    async with listening() as scene:
        await until(lambda: scene.connections.connected == 2)
        assert scene.connections.greeted == 0
        monkeypatch.undo()
        scene.slack.sockets.drop()
        await until(lambda: scene.connections.greeted == 2)


async def trouble(scene: Scene, name: str) -> None:
    sockets = scene.slack.sockets
    if name == "drop":
        sockets.drop()
    elif name == "silence":
        sockets.silence()
    elif name.isdecimal():
        sockets.faults.add(RefusedHandshake(int(name)), times=2)
        sockets.drop()
    else:
        await sockets.disconnect("warning" if name == "warning" else "refresh_requested")


@pytest.mark.parametrize("name", ["drop", "silence", "warning", "refresh_requested", "403", "503"])
async def test_both_connections_come_back_and_nothing_is_missed(scene: Scene, name: str) -> None:
    await trouble(scene, name)
    await scene.mention(name)
    await scene.until(lambda: scene.is_whole() and scene.texts == {name})
    await scene.mention("afterwards")
    await scene.until(lambda: "afterwards" in scene.texts)
    await until(lambda: len(scene.meter.reconnections) >= 2)
    assert set(scene.meter.reconnections) <= {name, "lost", "given_up"}


@pytest.mark.parametrize("fault", [Twice(), Late(0.2), AckTooLate()], ids=lambda fault: type(fault).__name__)
async def test_every_delivery_is_heard_and_acknowledged(scene: Scene, fault: EventFault) -> None:
    scene.slack.sockets.faults.add(fault)
    await scene.mention("one")
    await scene.mention("two")
    counts = scene.slack.sockets.counts
    deliveries = 4 if isinstance(fault, Late) else 5  # a mention is two events
    await scene.until(lambda: len(counts.ack_times) + counts.stray_acks == deliveries)
    assert scene.texts == {"one", "two"}
    assert counts.given_up == []


async def test_one_dead_connection_does_not_matter(scene: Scene) -> None:
    scene.slack.sockets.refuse_tickets()
    scene.slack.sockets.drop(scene.slack.sockets.connections[0])
    await scene.mention("still here?")
    await scene.until(lambda: scene.texts == {"still here?"})
    assert scene.connections.connected == 1


async def test_a_ticket_that_died_is_not_tried_for_ever(caplog: pytest.LogCaptureFixture) -> None:
    options = Options(ticket_lifetime=-1.0)
    async with listening(options, wait=False) as scene:
        await scene.until(lambda: scene.slack.sockets.counts.refused_handshakes >= 2)
        options.ticket_lifetime = 30.0
        await scene.until(scene.is_whole)
    tried = [message for message in caplog.messages if "ticket=" in message]
    assert tried
    assert all("ticket=[secret]&" in message and "Traceback" not in message for message in tried)


async def test_a_connection_that_the_sdk_has_forgotten_is_replaced(scene: Scene) -> None:
    # As when two of the SDK's tasks reconnect at once, and the one that wins is taken for the old connection.
    forgotten = scene.connections._open[0]
    forgotten._sdk.auto_reconnect_enabled = False
    assert forgotten._sdk.current_session is not None
    await forgotten._sdk.current_session.close()
    await scene.until(lambda: len(scene.slack.sockets.connections) == 1)
    await scene.until(scene.is_whole)
    assert forgotten not in scene.connections._open


async def test_slack_may_be_down_at_the_start() -> None:
    async with listening(wait=False) as scene:
        scene.slack.sockets.refuse_tickets()
        scene.slack.faults.add("apps.connections.open", HttpError(503), times=2)
        await scene.until(lambda: scene.slack.calls.count("apps.connections.open", error="internal_error") >= 2)
        scene.slack.sockets.refuse_tickets("")
        await scene.until(scene.is_whole)


async def test_a_rate_limit_is_waited_for() -> None:
    async with listening(wait=False) as scene:
        scene.slack.faults.add("apps.connections.open", RateLimited(1), times=2)
        await scene.until(scene.is_whole)
        first, second = (scene.slack.calls.of("apps.connections.open")[index].at for index in (0, -1))
        assert second - first >= 1.0


async def test_socket_mode_switched_off_ends_it_with_a_clear_word(scene: Scene) -> None:
    await scene.slack.sockets.disconnect("link_disabled")
    with pytest.raises(SetupRefused, match="Socket Mode is switched off"):
        await asyncio.wait_for(scene.running, 30)
    assert scene.connections.connected == 0


async def test_a_token_that_is_taken_back_ends_it_with_the_variables_name(scene: Scene) -> None:
    scene.slack.sockets.refuse_tickets("token_revoked")
    scene.slack.sockets.drop()
    with pytest.raises(SetupRefused, match=r"SLACK_APP_TOKEN \(token_revoked\)"):
        await asyncio.wait_for(scene.running, 30)


async def test_too_many_connections_are_not_answered_with_more(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_module, "_CROWDED_PAUSE", (1.0, 1.0))
    asked = scene.slack.calls.count("apps.connections.open")
    at = asyncio.get_running_loop().time()
    await scene.slack.sockets.disconnect("too_many_websockets", scene.slack.sockets.connections[0])
    await scene.until(lambda: len(scene.slack.sockets.connections) == 1)
    await scene.until(scene.is_whole)
    calls = scene.slack.calls.of("apps.connections.open")
    assert len(calls) == asked + 1
    assert calls[-1].at - at >= 1.0


async def test_closing_lets_what_was_heard_be_acknowledged_and_hears_nothing_more(scene: Scene) -> None:
    workspace, counts = scene.slack.workspace, scene.slack.sockets.counts
    direct = workspace.open_dm(scene.user).id
    scene.slack.sockets.connections[0].is_leaving = True  # all events come over the other one
    came_late = asyncio.Event()

    async def watch(frame: WSMessage) -> None:
        if "too late" in frame.data:
            came_late.set()

    for connection in scene.connections._open:
        connection._sdk.on_message_listeners.append(watch)
    scene.inbox.door.clear()
    await workspace.post_as(scene.user, direct, "in time")
    await scene.inbox.arrived.wait()
    closing = asyncio.create_task(scene.connections.close())
    await asyncio.sleep(0)
    await workspace.post_as(scene.user, direct, "too late")
    await asyncio.wait_for(came_late.wait(), 30)
    assert not closing.done()
    scene.inbox.door.set()
    await closing
    await scene.until(lambda: not scene.slack.sockets.connections)
    assert scene.texts == {"in time"}
    assert len(counts.ack_times) == 1
    assert scene.running.done()


async def test_what_was_heard_is_acknowledged_even_when_slack_will_have_us_no_more(scene: Scene) -> None:
    gone, staying = scene.slack.sockets.connections
    gone.is_leaving = True
    scene.inbox.door.clear()
    await scene.slack.workspace.post_as(scene.user, scene.slack.workspace.open_dm(scene.user).id, "in time")
    await scene.inbox.arrived.wait()
    await scene.slack.sockets.disconnect("link_disabled", gone)
    await scene.until(lambda: gone not in scene.slack.sockets.connections)
    async with open_client(scene.slack.installation.bot_token, scene.slack.api_url) as client:
        for _ in range(5):  # about the time in which the other connection would have ended
            await client.auth_test()
    assert staying in scene.slack.sockets.connections
    scene.inbox.door.set()
    with pytest.raises(SetupRefused):
        await scene.running
    assert len(scene.slack.sockets.counts.ack_times) == 1


def tasks_left() -> list[asyncio.Task[Any]]:
    """The tasks of the SDK and of the bot."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    return [task for task in others if "slack_sdk" in repr(task) or "bot/slack" in repr(task)]


async def nothing(_: Scene) -> None:
    return


async def refresh(scene: Scene) -> None:
    await scene.slack.sockets.disconnect("refresh_requested")


async def lose_slack(scene: Scene) -> None:
    scene.slack.sockets.refuse_tickets()
    scene.slack.sockets.drop()
    await scene.until(lambda: scene.slack.calls.count("apps.connections.open", error="internal_error"))


@pytest.mark.parametrize("before", [nothing, refresh, lose_slack])
@pytest.mark.parametrize("cancelled", [False, True])
async def test_no_task_is_left_behind(before: Callable[[Scene], Awaitable[None]], cancelled: bool) -> None:
    async with listening() as scene:
        await before(scene)
        if cancelled:
            scene.running.cancel()
            await asyncio.gather(scene.running, return_exceptions=True)
        else:
            await scene.connections.close()
            await scene.running
        assert tasks_left() == []
        assert scene.connections.connected == 0
        # One that Slack believes in would take its share of the events with it.
        await scene.until(lambda: not scene.slack.sockets.connections)


async def test_a_reconnection_under_way_ends_with_the_rest(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    under_way = asyncio.Event()
    ask = Tickets.apps_connections_open

    async def ask_slowly(tickets: Tickets, *, app_token: str) -> AsyncSlackResponse:
        answer = await ask(tickets, app_token=app_token)
        under_way.set()
        await asyncio.sleep(0.1)
        return answer

    monkeypatch.setattr(Tickets, "apps_connections_open", ask_slowly)
    await scene.slack.sockets.disconnect("refresh_requested")
    await under_way.wait()
    await scene.connections.close()
    assert tasks_left() == []
    assert scene.connections.connected == 0


async def test_closing_what_never_ran_is_no_trouble() -> None:
    workspace = Workspace(seed=1)
    app = build_app(identity_in(workspace), KeepingInbox(), Arrivals())
    async with open_client("xoxb-1", "http://slack.invalid/api") as client:
        connections = Connections(app, client, "xapp-1")
        await connections.close()
        await connections.run()
