"""Pictures in a thread, and servers that do not take them, or not as OpenAI does."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx2
import pytest
from openai import AsyncOpenAI

from bot.domain.errors import RequestRejected
from bot.domain.models import ModelInfo, PicturePart, Prompt, PromptMessage, Role, TextPart
from bot.domain.reply import TextDelta
from bot.domain.settings import Detail
from bot.openai.model import OpenAIModel
from bot.openai.omissions import UNSEEN
from bot.openai.patience import Patience
from bot.openai.retries import RetryPolicy

NAME = TextPart('[picture "cat.png"]')
END = {"type": "response.completed", "response": {"status": "completed"}}


@pytest.fixture
def shown(prompt: Prompt) -> Prompt:
    """A thread in which somebody has shown a picture."""
    picture = PicturePart(b"\xff\xd8\xff\xe0", "image/jpeg", Detail.HIGH)
    return replace(prompt, messages=(PromptMessage(Role.USER, "Ada: What is this?", (NAME, picture)),))


@dataclass
class Particular:
    """A server that answers with how many pictures it sees, unless what it is sent has `dislikes` among its parts."""

    dislikes: Callable[[dict[str, Any]], bool]
    status: int
    complaint: object
    bodies: list[dict[str, Any]] = field(default_factory=list)

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.bodies.append(json.loads(request.content))
        if any(map(self.dislikes, self.parts_of(-1))):
            return httpx2.Response(self.status, json=self.complaint)
        seen = sum(part["type"] == "input_image" for part in self.parts_of(-1))
        events = ({"type": "response.output_text.delta", "delta": f"{seen} seen"}, END)
        body = "".join(f"data: {json.dumps(event)}\n\n" for event in events)
        return httpx2.Response(200, headers={"content-type": "text/event-stream"}, text=body)

    def parts_of(self, place: int) -> list[dict[str, Any]]:
        """The parts of the newest message in this request."""
        parts: list[dict[str, Any]] = self.bodies[place]["input"][-1]["content"]
        return parts

    @asynccontextmanager
    async def model(self, base_url: str = "http://gpu.example/v1") -> AsyncIterator[OpenAIModel]:
        """A model behind this server."""
        http_client = httpx2.AsyncClient(transport=httpx2.MockTransport(self))
        async with AsyncOpenAI(api_key="none", base_url=base_url, max_retries=0, http_client=http_client) as client:
            yield OpenAIModel(client, ModelInfo, Patience(), RetryPolicy(tries=1))


async def read(model: OpenAIModel, prompt: Prompt) -> str:
    async with asyncio.timeout(60), aclosing(model.stream(prompt)) as events:
        return "".join([event.text async for event in events if isinstance(event, TextDelta)])


def has_detail(part: dict[str, Any]) -> bool:
    return "detail" in part


def is_picture(part: dict[str, Any]) -> bool:
    return bool(part["type"] == "input_image")


@pytest.mark.parametrize(
    ("status", "complaint"),
    [
        (400, {"error": {"message": "Extra inputs are not permitted: input.0.content.2.detail"}}),
        (400, {"error": {"message": "?", "code": "unknown_parameter", "param": "input[0].content[2].detail"}}),
        (422, {"detail": [{"type": "extra_forbidden", "loc": ["body", "input", 0, "content", 2, "detail"]}]}),
    ],
)
async def test_a_server_that_knows_no_detail_is_shown_pictures_without_it_from_then_on(
    shown: Prompt, status: int, complaint: object
) -> None:
    server = Particular(has_detail, status, complaint)
    async with server.model() as model:
        for _ in range(2):
            assert await read(model, shown) == "1 seen"
    assert ["detail" in server.parts_of(place)[2] for place in range(3)] == [True, False, False]
    assert len(server.bodies) == 3
    assert "store" in server.bodies[-1]


@pytest.mark.parametrize(
    ("status", "complaint"),
    [
        (400, {"error": {"message": "Invalid value: 'input_image'.", "param": "input[0].content[2]"}}),
        (400, {"error": {"message": "llama is not a multimodal model", "code": 400}}),
        (404, {"error": {"message": "No endpoints found that support image input", "code": 404}}),
        (500, {"error": {"message": "image input is not supported", "type": "server_error"}}),
    ],
)
async def test_a_model_that_sees_nothing_is_told_so_from_then_on(shown: Prompt, status: int, complaint: object) -> None:
    server = Particular(is_picture, status, complaint)
    async with server.model() as model:
        for _ in range(2):
            assert await read(model, shown) == "0 seen"
        assert [server.parts_of(place)[2] == UNSEEN for place in range(3)] == [False, True, True]
        assert server.parts_of(-1)[1]["text"] == NAME.text
        await read(model, replace(shown, settings=replace(shown.settings, model="another")))
    assert len(server.bodies) == 5
    assert "store" in server.bodies[-1]


async def test_a_server_that_gives_no_reason_answers_in_the_end(shown: Prompt) -> None:
    server = Particular(is_picture, 400, {"error": {"message": "bad request"}})
    async with server.model() as model:
        assert await read(model, shown) == "0 seen"
    assert len(server.bodies) == 3


async def test_pictures_that_a_server_does_not_like_cost_neither_the_answer_nor_the_next_pictures(
    shown: Prompt,
) -> None:
    server = Particular(is_picture, 400, {"error": {"message": "At most 1 image(s) may be provided in one request."}})
    async with server.model() as model:
        assert await read(model, shown) == "0 seen"
        server.dislikes = lambda _part: False
        assert await read(model, shown) == "1 seen"


async def test_openai_itself_is_believed_that_a_request_is_wrong(shown: Prompt) -> None:
    server = Particular(is_picture, 400, {"error": {"message": "Invalid image.", "code": "invalid_image"}})
    async with server.model("https://api.openai.com/v1") as model:
        with pytest.raises(RequestRejected):
            await read(model, shown)
    assert len(server.bodies) == 1
