"""Socket Mode, seen over a bare WebSocket: tickets, envelopes, acks, redelivery and trouble."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from playground.slack.directory import Json
from playground.slack.installation import APP_TOKEN
from playground.slack.socket_faults import AckTooLate, Late, Reason, RefusedHandshake, Twice
from playground.slack.socket_mode import MOST_CONNECTIONS, Options
from tests.playground.slack.scene import Scene, error_of, open_scene

QUICK = Options(ack_seconds=0.05, retry_scale=0.0005)
SOON = 2.0


class Socket:
    """An app's end of one connection."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.ws = ws

    async def read(self) -> Json:
        frame: Json = await self.ws.receive_json(timeout=SOON)
        return frame

    async def ack(self, envelope: Json, payload: Json | None = None) -> None:
        answer = {"envelope_id": envelope["envelope_id"]} | ({"payload": payload} if payload else {})
        await self.ws.send_str(json.dumps(answer))


async def address(scene: Scene) -> str:
    client = AsyncWebClient(APP_TOKEN, scene.slack.api_url, session=scene.http)
    return str((await client.apps_connections_open(app_token=APP_TOKEN))["url"])


@asynccontextmanager
async def connected(scene: Scene) -> AsyncIterator[Socket]:
    async with scene.http.ws_connect(await address(scene), autoping=False) as ws:
        socket = Socket(ws)
        hello = await socket.read()
        assert hello["type"] == "hello"
        yield socket


@pytest.fixture
async def quick() -> AsyncIterator[Scene]:
    async with open_scene(socket_options=QUICK) as scene:
        yield scene


async def test_hello_tells_the_app_and_how_many_connections_there_are(scene: Scene) -> None:
    async with connected(scene), scene.http.ws_connect(await address(scene)) as ws:
        hello = await Socket(ws).read()
        assert hello["num_connections"] == 2
        assert hello["connection_info"]["app_id"] == scene.workspace.bot.app_id


@pytest.mark.parametrize("trouble", ["used", "unknown", "old", "killed", "another app's"])
async def test_a_dead_ticket_is_refused_at_the_handshake(scene: Scene, trouble: str) -> None:
    scene.slack.sockets.options.ticket_lifetime = -1.0 if trouble == "old" else 30.0
    url = await address(scene)
    if trouble == "used":
        async with scene.http.ws_connect(url):
            pass
    if trouble == "killed":
        scene.slack.sockets.kill_tickets()
    changed = {"unknown": url.replace("ticket=", "ticket=x"), "another app's": url + "X"}
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await scene.http.ws_connect(changed.get(trouble, url))
    assert refused.value.status == 403
    assert scene.slack.sockets.counts.refused_handshakes == 1


async def test_new_tickets_can_be_refused(scene: Scene) -> None:
    scene.slack.sockets.refuse_tickets("internal_error")
    with pytest.raises(SlackApiError) as refused:
        await address(scene)
    assert error_of(refused.value) == "internal_error"
    scene.slack.sockets.refuse_tickets("")
    await address(scene)


async def test_an_event_is_sent_once_when_it_is_acked_and_the_time_is_kept(quick: Scene) -> None:
    async with connected(quick) as socket:
        ts = await quick.ask()
        envelope = await socket.read()
        assert (envelope["type"], envelope["accepts_response_payload"]) == ("events_api", False)
        assert (envelope["retry_attempt"], envelope["retry_reason"]) == (0, "")
        assert envelope["payload"]["event"]["ts"] == ts
        assert envelope["payload"]["authorizations"][0]["user_id"] == quick.bot
        await socket.ack(envelope)
        counts = quick.slack.sockets.counts
        await quick.workspace.wait_for(lambda: counts.ack_times, SOON)
        with pytest.raises(TimeoutError):
            await socket.ws.receive(timeout=0.1)
        assert (len(counts.ack_times), counts.redelivered) == (1, 0)
        assert 0 < counts.ack_times[0] < SOON


async def test_an_event_without_ack_comes_three_more_times_and_then_never(quick: Scene) -> None:
    async with connected(quick) as socket:
        await quick.ask()
        envelopes = [await socket.read() for _ in range(4)]
        assert [envelope["retry_attempt"] for envelope in envelopes] == [0, 1, 2, 3]
        assert [envelope["retry_reason"] for envelope in envelopes] == ["", "timeout", "timeout", "timeout"]
        assert len({envelope["payload"]["event_id"] for envelope in envelopes}) == 1
        counts = quick.slack.sockets.counts
        await quick.workspace.wait_for(lambda: counts.given_up, SOON)
        assert counts.redelivered == 3


async def test_a_late_ack_is_a_stray_one_and_the_event_comes_again(quick: Scene) -> None:
    async with connected(quick) as socket:
        await quick.ask()
        first, second = await socket.read(), await socket.read()
        await socket.ack(first)
        await socket.ack(second)
        counts = quick.slack.sockets.counts
        await quick.workspace.wait_for(lambda: counts.ack_times, SOON)
        assert (counts.stray_acks, counts.redelivered) == (1, 1)


async def test_an_event_that_met_no_connection_comes_with_a_retry(quick: Scene) -> None:
    ts = await quick.ask()
    async with connected(quick) as socket:
        envelope = await socket.read()
        assert envelope["payload"]["event"]["ts"] == ts
        assert (envelope["retry_attempt"] > 0, envelope["retry_reason"]) == (True, "connection_failed")
        await socket.ack(envelope)


@pytest.mark.parametrize("anywhere", [False, True])
async def test_an_ack_over_another_connection_counts_only_when_told_so(anywhere: bool) -> None:
    options = Options(ack_seconds=0.1, retry_scale=0.0005, takes_acks_anywhere=anywhere)
    async with open_scene(socket_options=options) as scene, connected(scene) as one, connected(scene) as two:
        reading = {asyncio.create_task(socket.ws.receive_json()): other for socket, other in ((one, two), (two, one))}
        await scene.ask()
        done, pending = await asyncio.wait(reading, return_when=asyncio.FIRST_COMPLETED, timeout=SOON)
        (task,) = done
        await reading[task].ack(task.result())
        counts = scene.slack.sockets.counts
        await scene.workspace.wait_for(lambda: counts.ack_times if anywhere else counts.redelivered, SOON)
        assert counts.stray_acks == (0 if anywhere else 1)
        for left in pending:
            left.cancel()
        await asyncio.gather(*pending, return_exceptions=True)


async def test_each_event_goes_to_one_of_the_connections(scene: Scene) -> None:
    async with connected(scene) as one, connected(scene) as two:
        seen: list[tuple[int, str]] = []

        async def read(number: int, socket: Socket) -> None:
            while True:
                envelope = await socket.read()
                seen.append((number, envelope["payload"]["event"]["ts"]))
                await socket.ack(envelope)

        readers = [asyncio.create_task(read(number, socket)) for number, socket in enumerate((one, two))]
        written = [await scene.ask(str(number)) for number in range(40)]
        await scene.workspace.wait_for(lambda: len(scene.slack.sockets.counts.ack_times) == 40, SOON)
        assert sorted(ts for _, ts in seen) == written
        assert {number for number, _ in seen} == {0, 1}
        for reader in readers:
            reader.cancel()
        await asyncio.gather(*readers, return_exceptions=True)


async def test_the_eleventh_connection_is_sent_away(scene: Scene) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(MOST_CONNECTIONS):
            await stack.enter_async_context(connected(scene))
        async with scene.http.ws_connect(await address(scene)) as ws:
            frame = await Socket(ws).read()
            assert (frame["type"], frame["reason"]) == ("disconnect", "too_many_websockets")
            assert (await ws.receive(timeout=SOON)).type is aiohttp.WSMsgType.CLOSE
        assert len(scene.slack.sockets.connections) == MOST_CONNECTIONS


async def test_a_ping_is_answered_until_the_line_is_dead(scene: Scene) -> None:
    async with connected(scene) as socket:
        await socket.ws.ping(b"alive?")
        pong = await socket.ws.receive(timeout=SOON)
        assert (pong.type, bytes(pong.data)) == (aiohttp.WSMsgType.PONG, b"alive?")
        scene.slack.sockets.silence()
        await socket.ws.ping(b"alive?")
        await scene.ask()
        with pytest.raises(TimeoutError):
            await socket.ws.receive(timeout=0.1)
        assert len(scene.slack.sockets.connections) == 1, "nobody notices a half-open line by itself"
        scene.slack.sockets.drop()


async def test_a_drop_comes_without_a_close_frame(scene: Scene) -> None:
    async with connected(scene) as socket:
        scene.slack.sockets.drop()
        message = await socket.ws.receive(timeout=SOON)
        assert message.type in {aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR}
        await scene.workspace.wait_for(lambda: not scene.slack.sockets.connections, SOON)


@pytest.mark.parametrize("reason", ["refresh_requested", "link_disabled", "warning"])
async def test_a_disconnect_is_announced_and_after_a_warning_alone_events_still_come(reason: Reason) -> None:
    options = Options(leave_seconds=0.05, ack_seconds=0.05, retry_scale=1000.0)
    async with open_scene(socket_options=options) as scene, connected(scene) as socket:
        await scene.slack.sockets.disconnect(reason)
        frame = await socket.read()
        assert (frame["type"], frame["reason"]) == ("disconnect", reason)
        await scene.ask()
        following = await socket.ws.receive(timeout=SOON)
        expected = aiohttp.WSMsgType.TEXT if reason == "warning" else aiohttp.WSMsgType.CLOSE
        assert following.type is expected


async def test_an_interactive_envelope_is_sent_once_and_its_ack_is_the_answer(quick: Scene) -> None:
    async with connected(quick) as socket:
        sending = asyncio.create_task(quick.slack.sockets.deliver_once("interactive", {"type": "block_actions"}))
        envelope = await socket.read()
        assert envelope["accepts_response_payload"]
        assert "retry_attempt" not in envelope
        await socket.ack(envelope, {"response_action": "clear"})
        assert await sending == {"response_action": "clear"}
        assert await quick.slack.sockets.deliver_once("interactive", {"type": "block_actions"}) is None
        assert (await socket.read())["type"] == "interactive"
        with pytest.raises(TimeoutError):
            await socket.ws.receive(timeout=0.15)


async def test_an_event_may_come_twice_at_once(scene: Scene) -> None:
    async with connected(scene) as socket:
        scene.slack.sockets.faults.add(Twice())
        await scene.ask()
        first, second = await socket.read(), await socket.read()
        assert first["payload"] == second["payload"]
        assert first["envelope_id"] != second["envelope_id"]
        assert (first["retry_attempt"], second["retry_attempt"]) == (0, 0)


async def test_an_event_may_come_behind_a_later_one(scene: Scene) -> None:
    async with connected(scene) as socket:
        scene.slack.sockets.faults.add(Late(0.05))
        earlier, later = await scene.ask("One"), await scene.ask("Two")
        assert [(await socket.read())["payload"]["event"]["ts"] for _ in range(2)] == [later, earlier]


async def test_an_ack_that_comes_too_late_brings_the_event_again(quick: Scene) -> None:
    async with connected(quick) as socket:
        quick.slack.sockets.faults.add(AckTooLate())
        await quick.ask()
        await socket.ack(await socket.read())
        again = await socket.read()
        assert (again["retry_attempt"], again["retry_reason"]) == (1, "timeout")
        await socket.ack(again)
        counts = quick.slack.sockets.counts
        await quick.workspace.wait_for(lambda: counts.ack_times, SOON)
        assert (counts.stray_acks, counts.redelivered) == (1, 1)


async def test_a_refused_handshake_costs_its_ticket(scene: Scene) -> None:
    where = await address(scene)
    scene.slack.sockets.faults.add(RefusedHandshake(503))
    for status in (503, 403):
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            await scene.http.ws_connect(where)
        assert caught.value.status == status
    async with connected(scene):
        pass
