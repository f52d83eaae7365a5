"""Answers that are stopped from Slack."""

import pytest

from bot.slack.desks import stopping as stopping_module
from bot.slack.desks.desk import TOO_MUCH
from bot.slack.desks.stopping import NOTHING_TO_STOP, STOP, stopping
from bot.slack.reading.listeners import Register
from tests.doubles.desks import DeskScene, desk_scene
from tests.doubles.until import until

SHORTCUT = f"{STOP}_dev"


def desk(scene: DeskScene) -> Register:
    return stopping(scene.desk, scene.controls, scene.turns)


@pytest.mark.parametrize("message", ["first", "reply"])
async def test_the_shortcut_stops_the_answer_from_any_message_of_the_thread(message: str) -> None:
    async with desk_scene(desk) as scene:
        scene.controls.running.add(scene.thread)
        await scene.picks(scene.ben, await scene.asks(scene.ann) if message == "reply" else scene.root, SHORTCUT)
        assert scene.controls.running == set()
        assert scene.told(scene.ben) == []


async def test_who_stops_in_vain_is_told_so_alone() -> None:
    async with desk_scene(desk) as scene:
        await scene.picks(scene.ben, await scene.asks(scene.ann), SHORTCUT)
        assert (scene.told(scene.ben), scene.told(scene.ann)) == ([NOTHING_TO_STOP], [])
        assert scene.workspace.ephemerals[0]["thread_ts"] == scene.root


async def test_an_answer_stops_when_its_question_is_deleted() -> None:
    async with desk_scene(desk) as scene:
        question = await scene.asks(scene.ann)
        await scene.workspace.delete_as(scene.ann.id, scene.general.id, question)
        await scene.done()
        assert scene.turns.retracted == [(scene.thread, question)]


async def test_a_question_that_began_the_thread_leaves_a_tombstone_and_is_gone_all_the_same() -> None:
    async with desk_scene(desk) as scene:
        await scene.answers(scene.root)
        await scene.workspace.delete_as(scene.ann.id, scene.general.id, scene.root)
        await scene.done()
        assert scene.turns.retracted == [(scene.thread, scene.root)]


async def test_an_edit_deletes_nothing() -> None:
    async with desk_scene(desk) as scene:
        await scene.workspace.edit_as(scene.ann.id, scene.general.id, scene.root, "What is that?")
        await scene.done()
        assert scene.turns.retracted == []


async def test_an_answer_that_is_deleted_while_it_grows_stops_and_does_not_come_back() -> None:
    async with desk_scene(desk) as scene:
        earlier = await scene.answers(await scene.asks(scene.ben))
        growing = await scene.answers(scene.root)
        scene.turns.growing[growing] = scene.root
        again: list[str] = []

        async def end_is_written_anew() -> None:
            again.append(await scene.answers(scene.root, "Stopped."))

        scene.turns.at_the_end.append(end_is_written_anew)
        await scene.workspace.remove_message(scene.general.id, growing)
        await scene.done()
        assert not scene.stands(again[0])
        assert scene.stands(earlier)


async def test_an_answer_that_is_deleted_before_its_first_message_is_noted_stops_all_the_same() -> None:
    async with desk_scene(desk) as scene:
        growing = await scene.answers(scene.root)
        await scene.workspace.remove_message(scene.general.id, growing)
        await until(lambda: scene.turns.retracted == [(scene.thread, growing)])
        scene.turns.growing[growing] = scene.root
        await scene.done()
        assert scene.turns.retracted == [(scene.thread, growing)] * 2
        assert scene.turns.growing == {}


async def test_nobody_waits_for_long_for_the_note_of_a_message_that_is_no_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stopping_module, "_LOOKS", 2)
    async with desk_scene(desk) as scene:
        await scene.workspace.remove_message(scene.general.id, await scene.answers(scene.root))
        await scene.done()
        assert len(scene.turns.retracted) == 1


async def test_a_page_that_the_bot_does_not_need_any_more_takes_nothing_else_away() -> None:
    async with desk_scene(desk) as scene:
        pages = [await scene.answers(scene.root) for _ in range(2)]
        scene.turns.growing[pages[1]] = scene.root
        await scene.desk.calls.client.chat_delete(channel=scene.general.id, ts=pages[1])
        await scene.done()
        assert scene.stands(pages[0])


async def test_a_status_line_comes_and_goes_without_notice() -> None:
    async with desk_scene(desk) as scene:
        await status_goes(scene)
        assert scene.turns.retracted == []


async def status_goes(scene: DeskScene) -> None:
    client, channel = scene.desk.calls.client, scene.general.id
    blocks = [
        {"type": "context", "block_id": "chatgpt_status", "elements": [{"type": "mrkdwn", "text": "_thinking…_"}]}
    ]
    status = await client.chat_postMessage(channel=channel, thread_ts=scene.root, text="thinking…", blocks=blocks)
    await client.chat_delete(channel=channel, ts=status["ts"])
    await scene.done()


async def test_who_asks_for_more_than_the_bot_can_do_is_told_so() -> None:
    async with desk_scene(desk) as scene:
        scene.desk.errands.most = 0
        await scene.picks(scene.ben, scene.root, SHORTCUT)
        assert scene.told(scene.ben) == [TOO_MUCH]
