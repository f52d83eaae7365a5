"""What happens when people judge an answer."""

import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.domain.errors import BotError
from bot.domain.records import Feedback, Verdict
from bot.slack.desks.desk import Desk
from bot.slack.desks.errands import Errands
from bot.slack.desks.feedback import THANKS, FeedbackDesk
from bot.slack.markup.blocks import is_aside
from bot.slack.reading.arrivals import Arrivals
from bot.slack.reading.listeners import build_app
from bot.slack.writing.thumbs import PRESS, thumbs
from playground.slack.blocks import problems
from playground.slack.faults import Error
from playground.slack.server import SlackServer, serve_slack
from playground.slack.views import OpenView
from playground.slack.workspace import Workspace
from tests.doubles.records import MemoryFeedback
from tests.doubles.slack import KeepingInbox, identity_in, unpaced_calls
from tests.doubles.until import until

NOW = 1_700_000_100.0
COMMENT = "It is too long & <wrong>."


def test_slack_takes_the_buttons_and_they_are_no_part_of_an_answer() -> None:
    assert problems(list(thumbs())) == []
    assert all(map(is_aside, thumbs()))


@dataclass
class BrokenFeedback:
    """A store whose disk is full."""

    tried: list[Feedback] = field(default_factory=list)

    async def keep(self, feedback: Feedback) -> None:
        self.tried.append(feedback)
        raise OSError("the disk is full")


@dataclass
class Scene:
    """An answer in a thread of a channel, with buttons, and the app that hears them."""

    slack: SlackServer
    store: MemoryFeedback | BrokenFeedback
    app: Any
    channel: str
    root: str
    answer: str
    ada: str

    async def send(self, kind: str, trigger: bool = True, **payload: Any) -> int:
        """The status of Bolt's answer to an act of Ada's."""
        team = {"id": self.slack.workspace.team_id}
        body = {"type": kind, "user": {"id": self.ada}, "team": team, "api_app_id": "A1", **payload}
        if trigger:
            body["trigger_id"] = self.slack.installation.views.new_trigger(self.ada)
        return int((await self.app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))).status)

    async def press(self, value: str) -> int:
        action = {"type": "feedback_buttons", "action_id": PRESS, "block_id": "b", "value": value}
        message = {"ts": self.answer, "thread_ts": self.root, "text": "The answer"}
        container = {"type": "message", "message_ts": self.answer, "channel_id": self.channel}
        channel = {"id": self.channel}
        return await self.send("block_actions", actions=[action], message=message, container=container, channel=channel)

    async def submit(self, **view: Any) -> int:
        return await self.send("view_submission", trigger=False, view={"type": "modal", "callback_id": PRESS, **view})

    async def modal(self) -> OpenView:
        views = self.slack.installation.views.open
        await until(lambda: bool(views))
        return next(iter(views.values()))

    @property
    def memo(self) -> dict[str, object]:
        """What the modal remembers."""
        place = {"channel": self.channel, "root": self.root, "message": self.answer}
        return place | {"is_in_thread": True, "response_url": ""}

    @property
    def told(self) -> list[tuple[str, str, str]]:
        """Whom the bot told something privately, in which thread, and what."""
        private = self.slack.workspace.ephemerals
        return [(said["shown_to"], said.get("thread_ts", ""), said["text"]) for said in private]

    def kept(self) -> list[Feedback]:
        assert isinstance(self.store, MemoryFeedback)
        return list(self.store.verdicts.values())

    def verdict(self, verdict: Verdict, comment: str | None = None) -> Feedback:
        team = self.slack.workspace.team_id
        return Feedback(team, self.channel, self.answer, self.ada, verdict, NOW, comment)


@asynccontextmanager
async def scene_with(store: MemoryFeedback | BrokenFeedback) -> AsyncIterator[Scene]:
    workspace = Workspace(seed=1)
    ada = workspace.add_user("ada")
    channel = workspace.add_channel("general", [ada.id, workspace.bot.user_id])
    root = await workspace.post_as(ada.id, channel.id, "What is it?")
    answer = await workspace.post_as(workspace.bot.user_id, channel.id, "The answer", thread_ts=root["ts"])
    async with serve_slack(workspace, rate_limit_scale=None) as slack, unpaced_calls(slack) as calls:
        identity, errands = identity_in(workspace), Errands()
        desk = FeedbackDesk(Desk(calls, identity, errands), store, lambda: NOW)
        app = build_app(identity, KeepingInbox(), Arrivals(), desks=[desk.register])
        yield Scene(slack, store, app, channel.id, root["ts"], answer["ts"], ada.id)
        await errands.close()


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with scene_with(MemoryFeedback()) as made:
        yield made


async def test_a_good_answer_is_noted_with_a_private_word_of_thanks(scene: Scene) -> None:
    assert await scene.press("good") == 200
    await until(lambda: bool(scene.told))
    assert scene.kept() == [scene.verdict(Verdict.GOOD)]
    assert scene.told == [(scene.ada, scene.root, THANKS)]
    assert scene.slack.calls.count("views.open") == 0


async def test_a_bad_answer_may_be_explained(scene: Scene) -> None:
    await scene.press("bad")
    view = await scene.modal()
    assert scene.kept() == [scene.verdict(Verdict.BAD)], "the verdict counts without an explanation"
    assert scene.told == []
    values = {"comment": {"comment": {"type": "plain_text_input", "value": f" {COMMENT}\n"}}}
    memo = view.body["private_metadata"]
    assert await scene.submit(private_metadata=memo, state={"values": values}) == 200
    await until(lambda: bool(scene.told))
    assert scene.kept() == [scene.verdict(Verdict.BAD, COMMENT)]
    assert scene.told == [(scene.ada, scene.root, THANKS)]


async def test_the_modal_remembers_the_place_and_nothing_that_was_written(scene: Scene) -> None:
    await scene.press("bad")
    memo = json.loads((await scene.modal()).body["private_metadata"])
    assert memo == scene.memo


async def test_the_latest_press_counts(scene: Scene) -> None:
    await scene.press("bad")
    await scene.press("good")
    await until(lambda: bool(scene.told))
    assert scene.kept() == [scene.verdict(Verdict.GOOD)]


async def test_who_cannot_be_asked_is_thanked(scene: Scene) -> None:
    scene.slack.faults.add("views.open", Error("expired_trigger_id"))
    await scene.press("bad")
    await until(lambda: bool(scene.told))
    assert scene.kept() == [scene.verdict(Verdict.BAD)]
    assert scene.told == [(scene.ada, scene.root, THANKS)]


async def test_a_comment_is_bounded_whatever_slack_lets_through(scene: Scene) -> None:
    memo = json.dumps(scene.memo)
    values = {"comment": {"comment": {"value": "x" * 5_000}}}
    await scene.submit(private_metadata=memo, state={"values": values})
    await until(lambda: bool(scene.told))
    assert scene.kept() == [scene.verdict(Verdict.BAD, "x" * 1_000)]


@pytest.mark.parametrize(
    "memo", ["", "[]", "{}", '{"channel": 5}', '{"channel": "C 1", "root": "1.0", "message": "1.0"}']
)
async def test_odd_submissions_change_nothing(scene: Scene, memo: str) -> None:
    values = {"comment": {"comment": {"value": "x"}}}
    assert await scene.submit(private_metadata=memo, state={"values": values}) == 200
    await only_a_later_press_counts(scene)


async def test_other_values_and_empty_comments_change_nothing(scene: Scene) -> None:
    assert await scene.press("great") == 200
    memo = json.dumps(scene.memo)
    assert await scene.submit(private_metadata=memo, state={"values": {}}) == 200
    await only_a_later_press_counts(scene)


async def only_a_later_press_counts(scene: Scene) -> None:
    """Whatever was begun before this press has shown its effect when it has."""
    await scene.press("good")
    await until(lambda: bool(scene.told))
    assert scene.kept() == [scene.verdict(Verdict.GOOD)]
    assert len(scene.told) == 1


async def test_what_could_not_be_kept_is_told_and_logged_without_words(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    async with scene_with(BrokenFeedback()) as scene:
        memo = json.dumps(scene.memo)
        values = {"comment": {"comment": {"value": COMMENT}}}
        assert await scene.submit(private_metadata=memo, state={"values": values}) == 200
        await until(lambda: bool(scene.told))
        assert scene.told == [(scene.ada, scene.root, BotError.explanation)]
        await until(lambda: "the disk is full" in caplog.text)
    assert COMMENT not in caplog.text
