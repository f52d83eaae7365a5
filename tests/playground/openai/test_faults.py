"""Each fault as the real client sees it."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import openai
import pytest
from openai import AsyncOpenAI

from playground.openai import faults
from playground.openai.faults import Fault
from playground.openai.model import ScriptedModel
from playground.openai.scripts import say_pieces

ASK: dict[str, Any] = {"model": "gpt-6.1-terra", "input": "Hello", "reasoning": {"effort": "none"}}
BEFORE_TEXT = ["response.created", "response.in_progress", "response.output_item.added", "response.content_part.added"]
TWO_DELTAS = ["response.output_text.delta", "response.output_text.delta"]
AFTER_TEXT = ["response.output_text.done", "response.content_part.done", "response.output_item.done"]


@pytest.fixture
def model() -> ScriptedModel:
    return ScriptedModel(say_pieces("one ", "two ", "three ", "four"))


async def read(client: AsyncOpenAI, seen: list[Any]) -> None:
    async with await client.responses.create(**ASK, stream=True) as stream:
        async for event in stream:
            seen.append(event)  # noqa: PERF401 - what came before an exception is kept


def kinds(events: Sequence[Any]) -> list[str]:
    return [event.type for event in events]


@pytest.mark.parametrize(
    ("fault", "error", "status_and_code"),
    [
        (faults.rate_limited(), openai.RateLimitError, (429, "rate_limit_exceeded")),
        (faults.quota_exhausted(), openai.RateLimitError, (429, "insufficient_quota")),
        (faults.server_error(), openai.InternalServerError, (500, "server_error")),
        (faults.server_error(502), openai.InternalServerError, (502, "server_error")),
        (faults.overloaded(), openai.InternalServerError, (503, "server_is_overloaded")),
        (faults.key_rejected(), openai.AuthenticationError, (401, "invalid_api_key")),
        (faults.forbidden(), openai.PermissionDeniedError, (403, "model_not_found")),
        (faults.model_gone("gpt-6.1-terra"), openai.NotFoundError, (404, "model_not_found")),
        (faults.bad_request("invalid_prompt"), openai.BadRequestError, (400, "invalid_prompt")),
    ],
)
async def test_http_errors_raise(
    model: ScriptedModel,
    client: AsyncOpenAI,
    fault: Fault,
    error: type[openai.APIStatusError],
    status_and_code: tuple[int, str],
) -> None:
    model.fail(fault)
    with pytest.raises(error) as raised:
        await read(client, [])
    assert (raised.value.status_code, raised.value.code) == status_and_code
    assert raised.value.request_id


async def test_a_rate_limit_tells_when_to_come_back(model: ScriptedModel, client: AsyncOpenAI) -> None:
    model.fail(faults.rate_limited(retry_after=1.5))
    with pytest.raises(openai.RateLimitError) as raised:
        await read(client, [])
    headers = raised.value.response.headers
    assert (headers["retry-after"], headers["retry-after-ms"]) == ("1.5", "1500")


async def test_faults_happen_as_often_as_ordered_and_then_no_more(model: ScriptedModel, client: AsyncOpenAI) -> None:
    model.fail(faults.overloaded(), times=2)
    for _ in range(2):
        with pytest.raises(openai.InternalServerError):
            await read(client, [])
    seen: list[Any] = []
    await read(client, seen)
    assert kinds(seen)[-1] == "response.completed"
    assert [call.status for call in model.requests] == [503, 503, 200]


async def test_faults_that_were_not_met_can_be_taken_back(model: ScriptedModel, client: AsyncOpenAI) -> None:
    model.fail(faults.overloaded(), times=5)
    model.recover()
    await read(client, [])


async def test_a_nested_error_event_raises(model: ScriptedModel, client: AsyncOpenAI) -> None:
    model.fail(faults.nested_error("rate_limit_exceeded", "Slow down.", after=2))
    seen: list[Any] = []
    with pytest.raises(openai.APIError) as raised:
        await read(client, seen)
    assert (raised.value.code, raised.value.message) == ("rate_limit_exceeded", "Slow down.")
    assert not isinstance(raised.value, openai.APIStatusError)
    assert kinds(seen) == [*BEFORE_TEXT, *TWO_DELTAS]


async def test_a_flat_error_event_is_yielded(model: ScriptedModel, client: AsyncOpenAI) -> None:
    model.fail(faults.flat_error("server_error", "Oh no.", after=2))
    seen: list[Any] = []
    await read(client, seen)
    assert kinds(seen) == [*BEFORE_TEXT, *TWO_DELTAS, "error"]
    assert (seen[-1].code, seen[-1].message, seen[-1].sequence_number) == ("server_error", "Oh no.", 6)


async def test_a_failed_response_is_yielded(model: ScriptedModel, client: AsyncOpenAI) -> None:
    model.fail(faults.failed("rate_limit_exceeded", "Slow down.", after=2))
    seen: list[Any] = []
    await read(client, seen)
    assert kinds(seen) == [*BEFORE_TEXT, *TWO_DELTAS, "response.failed"]
    assert (seen[-1].response.status, seen[-1].response.error.code) == ("failed", "rate_limit_exceeded")


@pytest.mark.parametrize("reason", ["max_output_tokens", "content_filter"])
async def test_an_incomplete_response_keeps_what_was_written(
    model: ScriptedModel, client: AsyncOpenAI, reason: Any
) -> None:
    model.fail(faults.incomplete(reason, after=2))
    seen: list[Any] = []
    await read(client, seen)
    assert kinds(seen) == [*BEFORE_TEXT, *TWO_DELTAS, *AFTER_TEXT, "response.incomplete"]
    response = seen[-1].response
    assert (response.incomplete_details.reason, response.output_text) == (reason, "one two ")


@pytest.mark.parametrize(
    ("fault", "strange"),
    [
        (faults.unknown_event(after=2), ["response.dream.delta"]),
        (faults.unknown_item(after=2), ["response.output_item.added", "response.output_item.done"]),
        (faults.keepalive(2, after=2), ["keepalive", "keepalive"]),
    ],
)
async def test_strange_events_do_not_end_an_answer(
    model: ScriptedModel, client: AsyncOpenAI, fault: Fault, strange: list[str]
) -> None:
    model.fail(fault)
    seen: list[Any] = []
    await read(client, seen)
    assert kinds(seen) == [*BEFORE_TEXT, *TWO_DELTAS, *strange, *TWO_DELTAS, *AFTER_TEXT, "response.completed"]
    assert [event.sequence_number for event in seen] == list(range(len(seen)))


@pytest.mark.parametrize(
    ("fault", "error"), [(faults.half_json(2), json.JSONDecodeError), (faults.bad_utf8(2), UnicodeDecodeError)]
)
async def test_broken_frames_raise_what_is_no_error_of_the_sdk(
    model: ScriptedModel, client: AsyncOpenAI, fault: Fault, error: type[Exception]
) -> None:
    model.fail(fault)
    seen: list[Any] = []
    with pytest.raises(error):
        await read(client, seen)
    assert kinds(seen) == [*BEFORE_TEXT, *TWO_DELTAS]


@pytest.mark.parametrize("fault", [faults.reset(2), faults.truncated_chunk(2)])
async def test_a_broken_connection_raises(model: ScriptedModel, client: AsyncOpenAI, fault: Fault) -> None:
    model.fail(fault)
    seen: list[Any] = []
    with pytest.raises(openai.APIConnectionError):
        await read(client, seen)
    assert set(kinds(seen)) <= {*BEFORE_TEXT, *TWO_DELTAS}
    await model.wait_for(lambda calls: calls[0].over)
    assert model.requests[0].disconnected_at is None, "it was the server that hung up"


@pytest.mark.parametrize(
    ("fault", "events"),
    [
        (faults.clean_end(2), [*BEFORE_TEXT, *TWO_DELTAS]),
        (faults.clean_end(99), [*BEFORE_TEXT, *TWO_DELTAS, *TWO_DELTAS, *AFTER_TEXT]),
        (faults.done_marker_only(), []),
        (faults.html_page(), []),
        (faults.error_with_200(), []),
    ],
)
async def test_some_ends_are_silent(model: ScriptedModel, client: AsyncOpenAI, fault: Fault, events: list[str]) -> None:
    model.fail(fault)
    seen: list[Any] = []
    await read(client, seen)
    assert kinds(seen) == events


async def test_a_stalled_stream_runs_into_the_read_time_limit(model: ScriptedModel, client: AsyncOpenAI) -> None:
    model.fail(faults.stall(2))
    seen: list[Any] = []
    with pytest.raises(openai.APITimeoutError):
        await read(client.with_options(timeout=0.3), seen)
    assert kinds(seen) == [*BEFORE_TEXT, *TWO_DELTAS]
    await model.wait_for(lambda calls: calls[0].disconnected_at is not None, timeout=30)


async def test_pings_keep_a_dead_stream_open_for_ever(model: ScriptedModel, client: AsyncOpenAI) -> None:
    model.fail(faults.pings(2))
    seen: list[Any] = []
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1):
            await read(client.with_options(timeout=0.3), seen)
    assert kinds(seen) == [*BEFORE_TEXT, *TWO_DELTAS]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (faults.reset(), openai.APIConnectionError),
        (faults.stall(), openai.APITimeoutError),
        (faults.nested_error(), openai.InternalServerError),
    ],
)
async def test_faults_of_streams_have_their_counterpart_without_stream(
    model: ScriptedModel, client: AsyncOpenAI, fault: Fault, error: type[Exception]
) -> None:
    model.fail(fault)
    with pytest.raises(error):
        await client.with_options(timeout=0.3).responses.create(**ASK)


async def test_the_sdk_retries_only_what_came_before_the_headers(model: ScriptedModel, client: AsyncOpenAI) -> None:
    model.fail(faults.rate_limited(retry_after=0.01), times=2)
    await read(client.with_options(max_retries=2), [])
    assert [call.headers["x-stainless-retry-count"] for call in model.requests] == ["0", "1", "2"]
