"""How often each method may be called."""

import pytest
from slack_sdk.errors import SlackApiError

from playground.slack.rate_limits import CALLS_A_MINUTE, POST_BURST, RateLimits
from playground.slack.web_api import METHODS
from tests.doubles.clock import StillClock
from tests.playground.slack.scene import open_scene

TIERS = [("chat.startStream", 20), ("chat.update", 50), ("chat.appendStream", 100), ("reactions.remove", 20)]


@pytest.mark.parametrize(("method", "limit"), TIERS)
def test_a_minute_holds_so_many_calls_and_no_more(method: str, limit: int) -> None:
    clock = StillClock()
    limits = RateLimits(clock)
    for _ in range(limit):
        clock.now += 0.1
        assert limits.retry_after(method, "") == 0
    wait = limits.retry_after(method, "")
    assert limits.refused == {method: 1}
    clock.now += wait - 1
    assert limits.retry_after(method, "") > 0, "one second too early"
    clock.now += 1
    assert limits.retry_after(method, "") == 0


def test_refused_calls_do_not_count() -> None:
    clock = StillClock()
    limits = RateLimits(clock)
    for _ in range(100):
        limits.retry_after("chat.startStream", "")
    clock.now += 60
    assert limits.retry_after("chat.startStream", "") == 0


def test_posts_are_limited_in_each_channel_by_itself() -> None:
    clock = StillClock()
    limits = RateLimits(clock)
    burst = [limits.retry_after("chat.postMessage", "C1") for _ in range(POST_BURST + 1)]
    assert burst == [0] * POST_BURST + [1]
    assert limits.retry_after("chat.postMessage", "C2") == 0
    for _ in range(30):
        clock.now += 1
        assert limits.retry_after("chat.postMessage", "C1") == 0
        assert limits.retry_after("chat.postMessage", "C1") == 1


def test_limits_can_be_scaled_and_lifted() -> None:
    clock = StillClock()
    doubled, lifted = RateLimits(clock, scale=2), RateLimits(clock, scale=None)
    assert [doubled.retry_after("chat.startStream", "") for _ in range(41)].count(0) == 40
    assert not any(lifted.retry_after("chat.startStream", "") for _ in range(1000))


def test_every_method_has_a_limit() -> None:
    assert set(METHODS) - set(CALLS_A_MINUTE) == {"chat.postMessage"}


async def test_a_call_too_many_is_a_429_with_the_time_to_wait() -> None:
    async with open_scene(rate_limit_scale=1.0) as scene:
        for number in range(POST_BURST):
            await scene.client.chat_postMessage(channel=scene.dm.id, text=str(number))
        with pytest.raises(SlackApiError) as refused:
            await scene.client.chat_postMessage(channel=scene.dm.id, text="one too many")
        response = refused.value.response
        assert (response.status_code, response["error"], response.headers["Retry-After"]) == (429, "ratelimited", "1")
        assert len(scene.workspace.messages(scene.dm.id)) == POST_BURST
        assert scene.slack.calls.count("chat.postMessage", error="ratelimited") == 1
