"""How people are asked whether a server's tool may be used, and what becomes of the question."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from bot.domain.conversation import Author, Message
from bot.domain.errors import PlatformError
from bot.domain.tools import ToolCall
from bot.slack.desks import approvals as approvals_module
from bot.slack.desks.approvals import NOT_YOURS, OVER, Approvals
from bot.slack.markup.approval import ALLOW, REFUSE
from bot.slack.reading.listeners import Register
from playground.slack.blocks import problems
from playground.slack.directory import Json, User
from playground.slack.faults import Error
from tests.doubles.desks import DeskScene, desk_scene
from tests.doubles.until import until

CALL = ToolCall("tickets", "create_ticket", '{"title": "Broken lamp"}')


@dataclass
class Asked:
    """The desk in its thread, where Ann has asked the bot something."""

    scene: DeskScene
    desk: Approvals

    @property
    def message(self) -> Message:
        return Message(self.scene.root, self.scene.thread, Author(self.scene.ann.id, "Ann"), "", 0.0)

    def ask(self, call: ToolCall = CALL) -> asyncio.Task[bool]:
        return asyncio.create_task(self.desk.ask(self.message, call))

    async def shown(self) -> Json:
        """The message that asks, with its buttons."""
        await until(lambda: any(map(has_buttons, self.requests)))
        return next(filter(has_buttons, self.requests))

    @property
    def requests(self) -> list[Json]:
        bot = self.scene.workspace.bot.user_id
        thread = self.scene.workspace.thread(self.scene.general.id, self.scene.root)
        return [each for each in thread if each["user"] == bot]

    async def press(self, who: User, button: str, message: Json | None = None) -> None:
        ts = (message or await self.shown())["ts"]
        assert await self.scene.slack.interactions.press(who.id, self.scene.general.id, ts, button) == {}
        await self.scene.done()


def has_buttons(message: Json) -> bool:
    return any(block["type"] == "actions" for block in message["blocks"])


def words_of(message: Json) -> str:
    """What is shown small below it."""
    return " ".join(each["text"] for block in message["blocks"] for each in block.get("elements", []) if "text" in each)


@pytest.fixture
async def asked() -> AsyncIterator[Asked]:
    made: list[Approvals] = []

    def open_desk(scene: DeskScene) -> Register:
        made.append(Approvals(scene.desk))
        return made[0].register

    async with desk_scene(open_desk) as scene:
        yield Asked(scene, made[0])


@pytest.mark.parametrize(("button", "allows", "said"), [(ALLOW, True, "Allowed by"), (REFUSE, False, "Refused by")])
async def test_who_asked_decides_and_the_message_says_so(asked: Asked, button: str, allows: bool, said: str) -> None:
    waiting = asked.ask()
    message = await asked.shown()
    assert problems(message["blocks"]) == []
    assert "*tickets* wants to use `create_ticket`." in message["text"]
    assert '"title": "Broken lamp"' in str(message["blocks"])
    await asked.press(asked.scene.ann, button)
    assert await waiting is allows
    (settled,) = asked.requests
    assert not has_buttons(settled)
    assert words_of(settled).endswith(f"{said} <@{asked.scene.ann.id}>.")


async def test_nobody_else_decides(asked: Asked) -> None:
    waiting = asked.ask()
    await asked.press(asked.scene.ben, ALLOW)
    assert asked.scene.told(asked.scene.ben) == [NOT_YOURS]
    assert not waiting.done()
    await asked.press(asked.scene.ann, REFUSE)
    assert await waiting is False


async def test_silence_is_no_permission(asked: Asked) -> None:
    asked.desk.patience = 0.05
    assert await asked.ask() is False
    (settled,) = asked.requests
    assert not has_buttons(settled)
    assert words_of(settled).endswith("Nobody answered, so it was not done.")


async def test_a_stop_ends_the_waiting_and_the_message_says_so(asked: Asked) -> None:
    waiting = asked.ask()
    await asked.shown()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    (settled,) = asked.requests
    assert not has_buttons(settled)
    assert "The answer ended" in words_of(settled)


async def test_a_stop_while_the_question_is_on_its_way_leaves_no_buttons(asked: Asked) -> None:
    waiting = asked.ask()
    await until(lambda: bool(asked.requests))
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert not any(map(has_buttons, asked.requests))


async def test_a_button_of_an_earlier_process_says_that_it_is_over_and_goes(asked: Asked) -> None:
    waiting = asked.ask()
    message = await asked.shown()
    asked.desk._waiting.clear()  # as after kill -9
    await asked.press(asked.scene.ben, ALLOW, message)
    assert asked.scene.told(asked.scene.ben) == [OVER]
    (settled,) = asked.requests
    assert not has_buttons(settled)
    assert "Broken lamp" in str(settled["blocks"])
    waiting.cancel()
    await asyncio.wait({waiting})


async def test_pressing_twice_changes_nothing(asked: Asked) -> None:
    waiting = asked.ask()
    message = dict(await asked.shown())
    interactions = asked.scene.slack.interactions
    payloads: list[Json] = []
    deliver = asked.scene.slack.sockets.deliver_once

    async def twice(kind: str, payload: Json) -> Json | None:
        payloads.append(payload)
        return await deliver(kind, payload)

    asked.scene.slack.sockets.deliver_once = twice  # type: ignore[method-assign]
    assert await interactions.press(asked.scene.ann.id, asked.scene.general.id, message["ts"], ALLOW) == {}
    assert await waiting is True
    await deliver("interactive", payloads[0])
    await asked.scene.done()
    (settled,) = asked.requests
    assert "Allowed by" in words_of(settled)
    assert asked.scene.told(asked.scene.ann) == [OVER]


async def test_where_the_question_cannot_be_shown_nothing_waits(asked: Asked) -> None:
    asked.scene.slack.faults.add("chat.postMessage", Error("is_archived"))
    with pytest.raises(PlatformError):
        await asked.ask()
    assert asked.desk._waiting == {}


async def test_a_message_that_cannot_be_settled_keeps_nobody(asked: Asked) -> None:
    waiting = asked.ask()
    await asked.shown()
    asked.scene.slack.faults.add("chat.update", Error("message_not_found"))
    await asked.press(asked.scene.ann, ALLOW)
    assert await waiting is True


async def test_requests_that_wait_are_bounded(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approvals_module, "MOST", 1)
    first = asked.ask()
    await asked.shown()
    assert await asked.ask(replace(CALL, tool="delete_ticket")) is False
    assert len(asked.requests) == 1
    await asked.press(asked.scene.ann, ALLOW)
    assert await first is True
