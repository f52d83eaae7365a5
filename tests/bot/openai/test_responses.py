"""The calls of the Responses API."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from openai import APIError, AsyncOpenAI, RateLimitError

from bot.openai.responses import streamed, whole

ASK = {"model": "gpt-6-luna", "input": "Hi", "store": False}
EVENTS: list[Any] = [{"type": "response.created"}, {"type": "never.heard.of", "new": [1]}, ["odd"], 5]


class Server:
    """Answers every request alike, and keeps them."""

    def __init__(self) -> None:
        self.requests: list[httpx2.Request] = []
        self.answer = httpx2.Response(200, json={"status": "completed"}, headers={"x-request-id": "req_1"})

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        return self.answer

    def stream(self, *events: object) -> None:
        body = "".join(f"data: {json.dumps(event)}\n\n" for event in events) + "data: [DONE]\n\n"
        self.answer = httpx2.Response(200, headers={"content-type": "text/event-stream"}, text=body)


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
async def client(server: Server) -> AsyncIterator[AsyncOpenAI]:
    http_client = httpx2.AsyncClient(transport=httpx2.MockTransport(server))
    async with AsyncOpenAI(
        api_key="sk-1", base_url="http://gpu.example/v1", max_retries=0, http_client=http_client
    ) as client:
        yield client


async def test_events_come_as_they_were_sent_whatever_they_are(client: AsyncOpenAI, server: Server) -> None:
    server.stream(*EVENTS)
    async with await streamed(client, ASK) as events:
        assert [event async for event in events] == EVENTS


async def test_what_is_asked_for_goes_out_unchanged(client: AsyncOpenAI, server: Server) -> None:
    await whole(client, ASK)
    server.stream()
    async with await streamed(client, ASK):
        pass
    assert [json.loads(request.content) for request in server.requests] == [ASK, {**ASK, "stream": True}]
    for request in server.requests:
        assert str(request.url) == "http://gpu.example/v1/responses"
        assert request.headers["authorization"] == "Bearer sk-1"


async def test_a_whole_response_has_its_headers(client: AsyncOpenAI) -> None:
    response = await whole(client, ASK)
    assert (response.json(), response.headers["x-request-id"]) == ({"status": "completed"}, "req_1")


async def test_a_refusal_is_raised(client: AsyncOpenAI, server: Server) -> None:
    server.answer = httpx2.Response(429, json={"error": {"code": "rate_limit_exceeded"}})
    for call in (streamed, whole):
        with pytest.raises(RateLimitError):
            await call(client, ASK)


async def test_an_error_in_the_stream_is_raised(client: AsyncOpenAI, server: Server) -> None:
    server.stream({"type": "error", "error": {"code": "server_error", "message": "No."}})
    async with await streamed(client, ASK) as events:
        with pytest.raises(APIError):
            await anext(events)
