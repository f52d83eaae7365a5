"""The real Bolt app against the local Slack: from a person's message to the streamed answer."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from playground.slack.directory import Json
from playground.slack.installation import APP_TOKEN
from playground.slack.socket_mode import Options
from tests.playground.slack.scene import Scene, open_scene

SOON = 30.0


@asynccontextmanager
async def running(scene: Scene, app: AsyncApp, connections: int = 1, ping_interval: float = 5.0) -> AsyncIterator[None]:
    """Run the app with so many connections; it gives one up that has not answered for some `ping_interval` seconds."""
    sockets = scene.slack.sockets
    handlers: list[Any] = [
        AsyncSocketModeHandler(app, APP_TOKEN, ping_interval=ping_interval) for _ in range(connections)
    ]
    for handler in handlers:
        handler.client.web_client = AsyncWebClient(APP_TOKEN, scene.slack.api_url, session=scene.http)
        await handler.client.connect()
    await scene.workspace.wait_for(lambda: len(sockets.connections) == connections, SOON)
    yield
    for handler in handlers:
        await handler.client.close()


def answering(scene: Scene) -> tuple[AsyncApp, list[Json]]:
    """An app that streams an answer to each message of a person, and a list of the events that it got."""
    app, heard = AsyncApp(client=scene.client), list[Json]()

    @app.event({"type": "message", "subtype": None})
    async def answer(event: Json, client: AsyncWebClient) -> None:
        heard.append(event)
        stream = await client.chat_startStream(
            channel=event["channel"],
            thread_ts=event["ts"],
            recipient_user_id=event["user"],
            recipient_team_id=event["team"],
        )
        await client.chat_appendStream(channel=event["channel"], ts=stream["ts"], markdown_text="**Hello**")
        await client.chat_stopStream(channel=event["channel"], ts=stream["ts"])

    @app.event(re.compile(".*"))
    async def ignore(event: Json) -> None:
        heard.append(event)

    return app, heard


def acked(scene: Scene) -> bool:
    counts = scene.slack.sockets.counts
    return len(counts.ack_times) == sum(counts.envelopes.values())


async def test_a_message_is_answered_in_its_thread(scene: Scene) -> None:
    app, heard = answering(scene)
    async with running(scene, app):
        root = await scene.ask("Hello?")
        await scene.workspace.wait_for(lambda: scene.slack.calls.count("chat.stopStream") and acked(scene), SOON)
        _, answer = scene.workspace.thread(scene.dm.id, root)
        assert scene.workspace.markdown_of(answer) == "**Hello**"
        assert [event["ts"] for event in heard] == [root], "Bolt keeps the bot's own messages from its listeners"
        assert scene.slack.sockets.counts.redelivered == 0


async def test_a_mention_reaches_the_app_twice(scene: Scene) -> None:
    app, heard = answering(scene)
    async with running(scene, app):
        ts = await scene.ask(f"<@{scene.bot}> hello", scene.general)
        await scene.workspace.wait_for(lambda: scene.slack.calls.count("chat.stopStream") and acked(scene), SOON)
        await scene.workspace.wait_for(lambda: len(heard) == 2, SOON)
        assert sorted((event["type"], event["ts"]) for event in heard) == [("app_mention", ts), ("message", ts)]


async def test_two_connections_share_the_events(scene: Scene) -> None:
    app, heard = answering(scene)
    async with running(scene, app, connections=2):
        written = [await scene.ask(str(number), scene.general) for number in range(12)]
        await scene.workspace.wait_for(
            lambda: scene.slack.calls.count("chat.stopStream") == len(written) and acked(scene), SOON
        )
        assert sorted(event["ts"] for event in heard) == written


async def test_an_app_that_cannot_take_an_event_gets_it_again() -> None:
    async with open_scene(socket_options=Options(ack_seconds=0.1, retry_scale=0.001)) as scene:
        app = AsyncApp(client=scene.client, process_before_response=True)
        attempts: list[Any] = []

        @app.event("message")
        async def take(request: Any) -> None:
            attempts.append(request.headers["x-slack-retry-num"][0])
            if len(attempts) < 3:
                raise OSError("the disk is full")

        async with running(scene, app):
            await scene.ask()
            await scene.workspace.wait_for(lambda: scene.slack.sockets.counts.ack_times, SOON)
            assert attempts == ["0", "1", "2"]


async def test_the_app_reconnects_when_it_is_told_to(scene: Scene) -> None:
    app, heard = answering(scene)
    async with running(scene, app, ping_interval=0.3):
        (old,) = scene.slack.sockets.connections
        await scene.slack.sockets.disconnect("refresh_requested")
        await scene.workspace.wait_for(
            lambda: scene.slack.sockets.connections and old not in scene.slack.sockets.connections, SOON
        )
        root = await scene.ask("Still there?")
        await scene.workspace.wait_for(
            lambda: len(scene.workspace.thread(scene.dm.id, root)) == 2 and acked(scene), SOON
        )
        assert [event["ts"] for event in heard] == [root]


@pytest.mark.parametrize("trouble", ["drop", "silence"])
async def test_the_app_comes_back_when_its_line_breaks(scene: Scene, trouble: str) -> None:
    scene.slack.sockets.options.leave_seconds = 0.1
    app, heard = answering(scene)
    async with running(scene, app, ping_interval=0.3):
        (old,) = scene.slack.sockets.connections
        if trouble == "drop":
            scene.slack.sockets.drop()
        else:
            scene.slack.sockets.silence()
        await scene.workspace.wait_for(
            lambda: scene.slack.sockets.connections and old not in scene.slack.sockets.connections, SOON
        )
        root = await scene.ask("Still there?")
        await scene.workspace.wait_for(lambda: scene.slack.calls.count("chat.stopStream") and acked(scene), SOON)
        assert [event["ts"] for event in heard] == [root]


async def test_slash_commands_shortcuts_and_modals_go_there_and_back(scene: Scene) -> None:
    app = AsyncApp(client=scene.client)
    opened = asyncio.Event()

    @app.command("/settings")
    async def command(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal())
        opened.set()

    @app.view("settings")
    async def submitted(ack: Any, view: Json) -> None:
        name = view["state"]["values"]["name"]["input"]["value"]
        if name == "wrong":
            await ack(response_action="errors", errors={"name": "Try another one"})
        else:
            await ack()

    async with running(scene, app):
        assert await scene.slack.interactions.slash_command(scene.ann.id, scene.dm.id, "/settings") is not None
        async with asyncio.timeout(SOON):
            await opened.wait()
        (view,) = scene.slack.views.open.values()
        scene.slack.interactions.enter(view, "name", "input", "wrong")
        assert (await scene.slack.interactions.submit(view)).errors == {"name": "Try another one"}
        assert view.id in scene.slack.views.open
        scene.slack.interactions.enter(view, "name", "input", "right")
        assert (await scene.slack.interactions.submit(view)).acked
        assert scene.slack.views.open == {}


def modal() -> Json:
    return {
        "type": "modal",
        "callback_id": "settings",
        "title": {"type": "plain_text", "text": "Settings"},
        "submit": {"type": "plain_text", "text": "Save"},
        "blocks": [
            {
                "type": "input",
                "block_id": "name",
                "label": {"type": "plain_text", "text": "Name"},
                "element": {"type": "plain_text_input", "action_id": "input"},
            }
        ],
    }
