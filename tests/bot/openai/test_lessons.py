"""What a server has taught is remembered, for each model."""

from typing import Any

import httpx2
import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.openai.lessons import REMEMBERED_MODELS, Lessons, is_openai
from bot.openai.omissions import Lesson

TEXT = {"type": "input_text", "text": "Ada: Hello"}
PICTURE = {"type": "input_image", "detail": "high", "image_url": "data:image/png;base64,AAAA"}
SENT: dict[str, Any] = {
    "model": "m",
    "input": [{"role": "user", "content": [TEXT, PICTURE]}],
    "reasoning": {"effort": "none"},
    "text": {"format": {"type": "json_schema"}},
    "temperature": 0,
    "store": False,
    "tools": [{"type": "image_generation", "model": "flare", "quality": "max"}, {"type": "web_search"}],
    "tool_choice": {"type": "image_generation"},
}


def refusal(status: int, body: object) -> openai.APIStatusError:
    response = httpx2.Response(status, request=httpx2.Request("POST", "http://example.test/v1/responses"))
    return openai.APIStatusError(f"Error code: {status} - {body}", response=response, body=body)


PARAMS = (
    "tools[0].quality",
    "tools[0].model",
    "tools",
    "text.format",
    "reasoning",
    "input[0].content[1].detail",
    "what",
)
CODES = ("unknown_parameter", "unsupported_value", "invalid_value", "model_not_found", None)
REFUSALS = st.builds(
    lambda status, code, param, message: refusal(status, {"code": code, "param": param, "message": message}),
    st.sampled_from((400, 404, 422, 500)),
    st.sampled_from(CODES),
    st.sampled_from(PARAMS) | st.none(),
    st.sampled_from(("", "no images", "image input", "json_schema", "model flare not found", "input.0.detail")),
)


@given(st.lists(REFUSALS, min_size=1, max_size=4), st.sampled_from(("https://api.openai.com/v1", "http://gpu.example")))
async def test_a_server_that_refuses_everything_is_not_asked_for_ever(
    refusals: list[openai.APIStatusError], base_url: str
) -> None:
    sent: list[dict[str, Any]] = []

    async def send(parameters: dict[str, Any]) -> None:
        assert parameters not in sent
        sent.append(parameters)
        raise refusals[len(sent) % len(refusals)]

    lessons = Lessons(base_url)
    with pytest.raises(openai.APIStatusError):
        await lessons.ask("m", SENT, send)
    assert len(sent) < 20
    assert lessons.recall("m") == frozenset()


async def test_what_held_for_one_request_is_forgotten_after_it() -> None:
    lessons = Lessons("http://gpu.example")
    refusals = [refusal(400, {"message": "store?"}), refusal(400, {"message": "cannot identify image file"})]

    async def send(_parameters: dict[str, Any]) -> str:
        if refusals:
            raise refusals.pop()
        return "answered"

    assert await lessons.ask("m", SENT, send) == "answered"
    assert lessons.recall("m") == {Lesson("store")}


def test_lessons_are_kept_for_each_model_and_not_for_ever() -> None:
    lessons = Lessons("http://gpu.example/v1")
    lesson = frozenset({Lesson("store")})
    lessons.keep("first", lesson)
    for number in range(REMEMBERED_MODELS - 1):
        lessons.keep(f"model {number}", lesson)
    lessons.keep("first", lesson)
    lessons.keep("one more", lesson)
    assert lessons.recall("first") == lesson
    assert lessons.recall("model 0") == frozenset()
    assert lessons.recall("never met") == frozenset()


@pytest.mark.parametrize(
    ("base_url", "openai_s"),
    [
        ("https://api.openai.com/v1", True),
        ("https://eu.api.openai.com/v1", True),
        ("https://api.openai.com.evil.example/v1", False),
        ("https://evilapi.openai.com/v1", False),
        ("http://127.0.0.1:11434/v1", False),
        ("not an address", False),
    ],
)
def test_openai_is_known_by_its_host(base_url: str, openai_s: bool) -> None:
    assert is_openai(base_url) is openai_s
