"""How the daemon keeps its line to Slack."""

from tests.stories.stage import Stage


async def test_two_connections_are_held(stage: Stage) -> None:
    await stage.start()
    await stage.connected()


async def test_every_event_is_acknowledged(stage: Stage) -> None:
    await stage.start()
    await stage.connected()
    await stage.workspace.open_app_home(stage.ann.id)
    await stage.workspace.join(stage.workspace.add_user("carl").id, stage.channel.id)
    await stage.acknowledged()


async def test_dropped_connections_come_back(stage: Stage) -> None:
    await stage.start()
    await stage.connected()
    stage.slack.sockets.drop()
    question = await stage.ask("Still there?")
    await stage.answered(question)
    await stage.connected()


async def test_a_refresh_that_slack_asks_for_loses_nothing(stage: Stage) -> None:
    await stage.start()
    await stage.connected()
    for number in range(3):
        await stage.slack.sockets.disconnect("refresh_requested")
        await stage.answered(await stage.ask(f"Question {number}"))


async def test_a_disabled_socket_mode_ends_the_daemon_with_a_clear_message(stage: Stage) -> None:
    daemon = await stage.start()
    await stage.connected()
    await stage.slack.sockets.disconnect("link_disabled")
    assert await daemon.ended() == 2
    assert "Socket Mode" in daemon.lines
    assert "Traceback" not in daemon.lines
