"""Faults that a test switches on, as the real SDK meets them."""

import asyncio

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler

from playground.slack.faults import EVERY, Delay, Error, Fault, Html, HttpError, RateLimited, Reset, Silence
from tests.playground.slack.scene import Scene


async def post(scene: Scene) -> None:
    await scene.client.chat_postMessage(channel=scene.dm.id, text="hi")


ANSWERED: list[tuple[Fault, int, int]] = [
    (RateLimited(7), 429, 0),
    (HttpError(503), 503, 0),
    (HttpError(500, carried_out=True), 500, 1),
    (Error("internal_error"), 200, 0),
    (Html(), 200, 0),
]


@pytest.mark.parametrize(("fault", "status", "posted"), ANSWERED, ids=repr)
async def test_a_bad_answer_comes_once_and_the_call_counts_or_not(
    scene: Scene, fault: Fault, status: int, posted: int
) -> None:
    scene.slack.faults.add("chat.postMessage", fault)
    with pytest.raises(SlackApiError) as refused:
        await post(scene)
    assert refused.value.response.status_code == status
    assert len(scene.workspace.messages(scene.dm.id)) == posted
    await post(scene)
    assert len(scene.workspace.messages(scene.dm.id)) == posted + 1


async def test_the_wait_of_a_429_is_told(scene: Scene) -> None:
    scene.slack.faults.add(EVERY, RateLimited(7))
    with pytest.raises(SlackApiError) as refused:
        await scene.client.auth_test()
    assert refused.value.response.headers["Retry-After"] == "7"


@pytest.mark.parametrize("carried_out", [False, True])
async def test_a_reset_leaves_it_open_whether_the_call_counted(scene: Scene, carried_out: bool) -> None:
    scene.slack.faults.add("chat.postMessage", Reset(carried_out))
    with pytest.raises(aiohttp.ClientConnectionError):
        await post(scene)
    assert len(scene.workspace.messages(scene.dm.id)) == carried_out


async def test_a_retry_after_a_reset_posts_twice(scene: Scene) -> None:
    scene.slack.faults.add("chat.postMessage", Reset(carried_out=True))
    scene.client.retry_handlers.append(AsyncConnectionErrorRetryHandler())
    await post(scene)
    assert len(scene.workspace.messages(scene.dm.id)) == 2


@pytest.mark.parametrize("carried_out", [False, True])
async def test_silence_lasts_until_the_caller_gives_up(scene: Scene, carried_out: bool) -> None:
    scene.slack.faults.add("chat.postMessage", Silence(carried_out))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await post(scene)
    assert len(scene.workspace.messages(scene.dm.id)) == carried_out


async def test_a_late_answer_is_a_good_one(scene: Scene) -> None:
    scene.slack.faults.add("chat.postMessage", Delay(0.05))
    posting = asyncio.create_task(post(scene))
    await scene.workspace.wait_for(lambda: scene.workspace.messages(scene.dm.id), 30)
    assert not posting.done()
    await posting


async def test_a_lasting_fault_ends_when_it_is_cleared(scene: Scene) -> None:
    scene.slack.faults.always("auth.test", Error("fatal_error"))
    for _ in range(3):
        assert (await scene.call("auth.test"))["error"] == "fatal_error"
    scene.slack.faults.clear()
    assert (await scene.call("auth.test"))["ok"]
