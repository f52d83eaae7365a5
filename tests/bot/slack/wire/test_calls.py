"""Calls of the Web API: encoding, pace, repetition, errors."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.errors import PlatformError, PlatformUnavailable
from bot.slack.wire.calls import PATIENCE, Patience, SlackCalls
from bot.slack.wire.client import open_client
from bot.slack.wire.errors import CallSkipped, SlackRefusal, UncertainWrite
from bot.slack.wire.pacer import Pacer, Priority
from playground.slack.faults import Error, Fault, Html, HttpError, RateLimited, Reset, Silence
from tests.doubles.meter import MemoryMeter
from tests.doubles.replies import OpenPacer, ReplyScene, reply_scene
from tests.doubles.until import until

READ, SAFE, UNSAFE = "conversations.replies", "chat.update", "chat.postMessage"


@pytest.fixture
async def scene() -> AsyncIterator[ReplyScene]:
    async with reply_scene() as made:
        yield made


async def post(scene: ReplyScene, priority: Priority = Priority.FIRST) -> dict[str, Any]:
    return await scene.calls.call(UNSAFE, priority=priority, channel=scene.channel.id, text="Hello & <you>")


async def update(scene: ReplyScene, ts: str, priority: Priority = Priority.FIRST) -> dict[str, Any]:
    return await scene.calls.call(SAFE, priority=priority, channel=scene.channel.id, ts=ts, text="Changed")


async def read(scene: ReplyScene) -> dict[str, Any]:
    root = scene.question.thread.root
    return await scene.calls.call(
        READ, priority=Priority.READ, channel=scene.channel.id, ts=root, limit=3, include_all_metadata=True, cursor=None
    )


async def test_each_method_gets_the_encoding_that_it_reads(scene: ReplyScene) -> None:
    await post(scene)
    answer = await read(scene)
    assert [message["text"] for message in answer["messages"]] == ["What is it?"]
    user = await scene.calls.call("users.info", priority=Priority.READ, user=scene.question.author.id)
    assert user["user"]["name"] == "ada"
    assert [call.arguments for call in scene.slack.calls.of(READ)] == [
        {"channel": scene.channel.id, "ts": scene.question.id, "limit": "3", "include_all_metadata": "true"}
    ]


@pytest.mark.parametrize("fault", [RateLimited(7), Error("ratelimited"), Error("rate_limited")])
@pytest.mark.parametrize("method", [READ, SAFE, UNSAFE])
async def test_a_rate_limit_is_told_to_the_pacer_and_waited_for(scene: ReplyScene, method: str, fault: Fault) -> None:
    ts = (await post(scene))["ts"]
    scene.slack.faults.add(method, fault, times=2)
    if method == READ:
        await read(scene)
    elif method == SAFE:
        await update(scene, ts)
    else:
        await post(scene)
    assert isinstance(scene.pacer, OpenPacer)
    assert scene.pacer.frozen_methods == [method, method]
    assert scene.slack.calls.count(method, error="") == (2 if method == UNSAFE else 1)


@pytest.mark.parametrize(
    "fault", [HttpError(503), HttpError(500, carried_out=True), Html(), Reset(), Error("fatal_error")]
)
async def test_what_sets_a_state_is_repeated_after_trouble(scene: ReplyScene, fault: Fault) -> None:
    ts = (await post(scene))["ts"]
    scene.slack.faults.add(SAFE, fault, times=3)
    await update(scene, ts, Priority.FINAL)
    assert scene.slack.calls.count(SAFE) == 4
    message = scene.slack.workspace.message(scene.channel.id, ts)
    assert message is not None
    assert message["text"] == "Changed"


@pytest.mark.parametrize("carried_out", [True, False])
@pytest.mark.parametrize("kind", [HttpError, Reset, Silence])
async def test_what_adds_something_is_not_repeated_when_slack_may_have_read_it(
    kind: type[HttpError | Reset | Silence], carried_out: bool
) -> None:
    fault = HttpError(503, carried_out) if kind is HttpError else kind(carried_out=carried_out)
    patience = Patience(request=0.5 if kind is Silence else 5, total=10, tries=5)
    async with reply_scene(patience=patience) as scene:
        scene.slack.faults.add(UNSAFE, fault)
        with pytest.raises(UncertainWrite):
            async with asyncio.timeout(5):  # for less than the session's own limit
                await post(scene)
        assert scene.slack.calls.count(UNSAFE) == 1


async def test_what_never_reached_slack_is_repeated() -> None:
    async with open_client("xoxb-1", "http://127.0.0.1:1/api/") as client:
        patience = dict.fromkeys(Priority, Patience(request=1, total=5, tries=3, pause=0.01))
        calls = SlackCalls(client, OpenPacer(), "T1", patience)
        with pytest.raises(PlatformUnavailable, match="after 3 tries"):
            await calls.call(UNSAFE, priority=Priority.FINAL, channel="C1", text="Hello")
        with pytest.raises(CallSkipped):
            await calls.call(UNSAFE, priority=Priority.INTERIM, channel="C1", text="Hello")


@pytest.mark.parametrize("fault", [RateLimited(30), HttpError(503), Reset(), Silence()])
async def test_an_interim_call_is_skipped_instead_of_repeated(scene: ReplyScene, fault: Fault) -> None:
    ts = (await post(scene))["ts"]
    scene.slack.faults.add(SAFE, fault)
    with pytest.raises(CallSkipped):
        await update(scene, ts, Priority.INTERIM)
    assert scene.slack.calls.count(SAFE) == 1


async def test_a_refusal_names_its_code_and_no_text(scene: ReplyScene) -> None:
    scene.slack.faults.add(UNSAFE, Error("is_archived"))
    with pytest.raises(SlackRefusal) as caught:
        await post(scene)
    assert caught.value.code == "is_archived"
    assert str(caught.value) == "chat.postMessage: is_archived"
    assert isinstance(caught.value, PlatformError)
    assert caught.value.__suppress_context__


async def test_a_method_that_a_server_does_not_have_is_refused(scene: ReplyScene) -> None:
    scene.slack.faults.add(UNSAFE, HttpError(404))
    with pytest.raises(SlackRefusal, match="unknown_method"):
        await post(scene)


async def test_a_strange_error_name_is_not_repeated_in_logs(scene: ReplyScene) -> None:
    scene.slack.faults.add(UNSAFE, Error("the text <was> secret"))
    with pytest.raises(SlackRefusal) as caught:
        await post(scene)
    assert "secret" not in str(caught.value)


async def test_tries_and_time_are_bounded() -> None:
    async with reply_scene(patience=Patience(request=1, total=0.2, tries=1000, pause=0.05)) as scene:
        scene.slack.faults.always("*", HttpError(503))
        with pytest.raises(PlatformUnavailable):
            await read(scene)
        assert 1 < scene.slack.calls.count(READ) < 10


async def test_waiting_for_a_turn_is_bounded() -> None:
    class ShutPacer(OpenPacer):
        async def slot(self, method: str, **how: Any) -> None:
            await asyncio.Event().wait()

    async with reply_scene(pacer=ShutPacer(), patience=Patience(request=1, total=0.02, tries=3)) as scene:
        with pytest.raises(PlatformUnavailable):
            await post(scene)
        assert (await scene.calls.call("auth.test", priority=Priority.FIRST, admitted=True))["ok"]
        brief = replace(PATIENCE[Priority.INTERIM], total=0.02)
        calls = replace(scene.calls, patience={Priority.INTERIM: brief})
        with pytest.raises(CallSkipped):
            await calls.call("auth.test", priority=Priority.INTERIM)


async def test_slack_s_wish_is_waited_for_to_the_end() -> None:
    async with reply_scene(pacer=Pacer()) as scene:
        ts = (await post(scene))["ts"]
        scene.slack.faults.add(SAFE, RateLimited(1))
        await update(scene, ts, Priority.FINAL)
        refused, repeated = scene.slack.calls.of(SAFE)
        assert repeated.at - refused.at >= 1


async def test_cancellation_passes_through(scene: ReplyScene) -> None:
    scene.slack.faults.always(READ, Silence())
    reading = asyncio.create_task(read(scene))
    await until(lambda: scene.slack.calls.count(READ) == 1)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading


def test_every_priority_has_its_patience() -> None:
    assert set(PATIENCE) == set(Priority)
    assert PATIENCE[Priority.INTERIM].tries == 1


async def test_each_try_is_counted_with_what_slack_said(scene: ReplyScene) -> None:
    meter = MemoryMeter()
    scene = replace(scene, calls=replace(scene.calls, meter=meter))
    for fault in (RateLimited(1), HttpError(503)):
        scene.slack.faults.add(READ, fault)
    await read(scene)
    scene.slack.faults.add(UNSAFE, Error("is_archived"))
    with pytest.raises(SlackRefusal):
        await post(scene)
    assert meter.platform_calls == [
        (READ, "ratelimited"),
        (READ, "unanswered"),
        (READ, "ok"),
        (UNSAFE, "is_archived"),
    ]
