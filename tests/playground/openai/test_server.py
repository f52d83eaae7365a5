"""The server as the real client meets it when nothing goes wrong."""

import asyncio
import json
from typing import Any

import openai
import pytest
from aiohttp import ClientSession
from openai import AsyncOpenAI

from playground.openai.model import API_KEY, ScriptedModel
from playground.openai.scripts import Pace, refuse, say
from playground.openai.server import OpenAIServer, serve_openai

ASK: dict[str, Any] = {"model": "gpt-6.1-terra", "input": "Hello there", "reasoning": {"effort": "none"}}


async def read_text(client: AsyncOpenAI, **changes: Any) -> str:
    stream = await client.responses.create(**{**ASK, **changes}, stream=True)
    async with stream:
        return "".join([event.delta async for event in stream if event.type == "response.output_text.delta"])


async def test_streams_an_answer(client: AsyncOpenAI) -> None:
    assert await read_text(client) == "Hello there"


async def test_answers_in_one_piece_without_stream(client: AsyncOpenAI) -> None:
    response = await client.responses.create(**ASK)
    assert (response.status, response.output_text) == ("completed", "Hello there")
    assert response.usage is not None
    assert response.usage.input_tokens_details.cached_tokens == 0


async def test_events_are_numbered_without_a_gap(client: AsyncOpenAI) -> None:
    async with await client.responses.create(**ASK, stream=True) as stream:
        numbers = [event.sequence_number async for event in stream]
    assert numbers == list(range(len(numbers)))


async def test_every_language_arrives_unchanged(client: AsyncOpenAI) -> None:
    text = "Grüße, Привет, こんにちは, 🦜 <&> \u2028 end"
    assert await read_text(client, input=text) == text


async def test_padding_hides_the_length_of_pieces_unless_it_is_declined(server: OpenAIServer) -> None:
    assert all("obfuscation" in event for event in await raw_deltas(server, {}))
    declined = {"stream_options": {"include_obfuscation": False}}
    assert not any("obfuscation" in event for event in await raw_deltas(server, declined))


async def raw_deltas(server: OpenAIServer, changes: dict[str, Any]) -> list[dict[str, Any]]:
    headers = {"authorization": f"Bearer {API_KEY}"}
    body = {**ASK, "stream": True, **changes}
    url = f"{server.base_url}/responses"
    async with ClientSession() as session, session.post(url, json=body, headers=headers) as response:
        lines = (await response.text()).splitlines()
    events = [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]
    return [event for event in events if event["type"] == "response.output_text.delta"]


async def test_tells_the_request_id_and_the_rate_limits(client: AsyncOpenAI) -> None:
    async with await client.responses.create(**ASK, stream=True) as stream:
        headers = stream.response.headers
    assert headers["x-request-id"].startswith("req_")
    assert headers["x-ratelimit-remaining-requests"] == "9999"
    with pytest.raises(openai.BadRequestError) as refusal:
        await client.responses.create(**ASK, temperature=7)
    assert refusal.value.request_id != headers["x-request-id"]


async def test_lists_models_with_their_last_day(client: AsyncOpenAI) -> None:
    days = {model.id: model.shutdown_date async for model in client.models.list()}
    assert days["gpt-4o"] == "2027-01-14"
    assert days["gpt-6.1-terra"] is None
    assert days["gpt-image-1.5"] == "2026-12-01"
    assert days["whisper-1"] == "2027-02-26"
    assert {"gpt-image-2.5-flare", "gpt-transcribe"} <= days.keys()
    assert not {"gpt-image-1", "dall-e-3"} & days.keys()
    assert (await client.models.retrieve("gpt-6-luna")).id == "gpt-6-luna"
    with pytest.raises(openai.NotFoundError) as refusal:
        await client.models.retrieve("gpt-7")
    assert refusal.value.code == "model_not_found"


async def test_a_wrong_key_is_rejected(server: OpenAIServer) -> None:
    async with AsyncOpenAI(base_url=server.base_url, api_key="sk-wrong", max_retries=0) as stranger:
        with pytest.raises(openai.AuthenticationError) as refusal:
            await stranger.responses.create(**ASK)
        assert refusal.value.code == "invalid_api_key"
        with pytest.raises(openai.AuthenticationError):
            await stranger.models.list()


async def test_an_unknown_parameter_is_named(client: AsyncOpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as refusal:
        await client.responses.create(**ASK, extra_body={"max_tokens": 5})
    assert (refusal.value.code, refusal.value.param) == ("unknown_parameter", "max_tokens")


async def test_other_addresses_and_bodies_are_refused(server: OpenAIServer) -> None:
    headers = {"authorization": f"Bearer {API_KEY}"}
    async with ClientSession(headers=headers) as session:
        async with session.post(f"{server.base_url}/chat/completions") as response:
            assert (response.status, (await response.json())["error"]["type"]) == (404, "invalid_request_error")
        async with session.post(f"{server.base_url}/responses", data=b"{") as response:
            assert response.status == 400
        async with session.get(f"{server.base_url}/models", headers={"authorization": "Basic x"}) as response:
            assert response.status == 401


async def test_a_body_beyond_all_bounds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playground.openai.server._LARGEST_BODY", 1_000)
    model = ScriptedModel()
    async with (
        serve_openai(model) as server,
        AsyncOpenAI(base_url=server.base_url, api_key=API_KEY, max_retries=0) as client,
    ):
        with pytest.raises(openai.APIStatusError) as refusal:
            await client.responses.create(**{**ASK, "input": "x" * 2_000})
    assert (refusal.value.status_code, refusal.value.code, model.calls) == (413, "request_too_large", [])


async def test_a_server_can_refuse_parameters_for_good(model: ScriptedModel, client: AsyncOpenAI) -> None:
    model.refused = ("safety_identifier",)
    with pytest.raises(openai.BadRequestError) as refusal:
        await client.responses.create(**ASK, safety_identifier="x")
    assert (refusal.value.code, refusal.value.param) == ("unsupported_parameter", "safety_identifier")


async def test_a_refusal_streams_as_a_refusal(model: ScriptedModel, client: AsyncOpenAI) -> None:
    model.script = refuse("I can't.")
    async with await client.responses.create(**ASK, stream=True) as stream:
        deltas = [event.delta async for event in stream if event.type == "response.refusal.delta"]
    assert "".join(deltas) == "I can't."


async def test_too_few_tokens_end_an_answer_incomplete(model: ScriptedModel, client: AsyncOpenAI) -> None:
    model.script = say("word " * 100)
    response = await client.responses.create(**{**ASK, "reasoning": {"effort": "low"}}, max_output_tokens=20)
    assert (response.status, response.output_text) == ("incomplete", "")
    assert response.incomplete_details is not None
    assert response.incomplete_details.reason == "max_output_tokens"


async def test_the_pace_is_kept(model: ScriptedModel, client: AsyncOpenAI) -> None:
    model.script = say("four words of text", Pace(first=0.1, per_second=40))
    started = asyncio.get_running_loop().time()
    await read_text(client)
    assert asyncio.get_running_loop().time() - started >= 0.1 + 3 / 40


async def test_a_long_prompt_that_begins_as_the_last_one_is_read_from_the_cache(client: AsyncOpenAI) -> None:
    said = [{"role": "user", "content": "word " * 2_000}]
    for more, cached in ((["a"], 0), (["a", "b"], 2_432), (["other"], 2_432)):
        items: Any = said + [{"role": "user", "content": text} for text in more]
        response = await client.responses.create(**{**ASK, "input": items}, prompt_cache_key="thread")
        assert response.usage is not None
        assert response.usage.input_tokens_details.cached_tokens == cached


async def test_requests_are_remembered_without_the_key(model: ScriptedModel, client: AsyncOpenAI) -> None:
    await read_text(client, instructions="Be kind")
    [call] = model.requests
    assert call.body["instructions"] == "Be kind"
    assert call.headers["authorization"] == "Bearer ***"
    assert API_KEY not in repr(call)
    assert (call.status, call.disconnected_at) == (200, None)
    assert call.first_text_at is not None
    assert call.ended_at is not None
    assert call.received_at <= call.first_text_at <= call.ended_at


async def test_a_held_stream_goes_on_when_released(model: ScriptedModel, client: AsyncOpenAI) -> None:
    hold = model.hold(after=1)
    reading = asyncio.create_task(read_text(client))
    await asyncio.wait_for(hold.reached.wait(), 30)
    assert not reading.done()
    hold.release()
    assert await reading == "Hello there"


async def test_a_hold_does_not_make_the_pace_faster_afterwards(model: ScriptedModel, client: AsyncOpenAI) -> None:
    model.script = say("four words of text", Pace(per_second=20))
    hold = model.hold(after=1)
    reading = asyncio.create_task(read_text(client))
    await asyncio.wait_for(hold.reached.wait(), 30)
    await asyncio.sleep(0.2)
    released = asyncio.get_running_loop().time()
    hold.release()
    await reading
    assert asyncio.get_running_loop().time() - released >= 2 / 20 - 0.01


async def test_the_moment_is_noted_at_which_a_client_hangs_up(model: ScriptedModel, client: AsyncOpenAI) -> None:
    model.hold(after=1)
    stream = await client.responses.create(**ASK, stream=True)
    async with stream:
        async for event in stream:
            if event.type == "response.output_text.delta":
                break
    await model.wait_for(lambda calls: calls[0].disconnected_at is not None, timeout=30)
    assert model.requests[0].ended_at is None


async def test_waiting_for_what_never_happens_ends_in_time(model: ScriptedModel) -> None:
    with pytest.raises(TimeoutError):
        await model.wait_for(lambda calls: len(calls) > 0, timeout=0.01)


async def test_stopping_the_server_ends_streams_that_are_held() -> None:
    model = ScriptedModel()
    model.hold()
    async with serve_openai(model) as server, AsyncOpenAI(base_url=server.base_url, api_key=API_KEY) as client:
        stream = await client.responses.create(**ASK, stream=True)
    with pytest.raises((openai.APIConnectionError, RuntimeError)):
        async for _ in stream:
            pass
