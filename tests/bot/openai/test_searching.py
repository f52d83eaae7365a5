"""A search of the web, with the real library against a scripted server."""

import asyncio
from contextlib import aclosing
from dataclasses import replace

import pytest
from openai import AsyncOpenAI

from bot.domain.models import Drawing, ModelInfo, Prompt
from bot.domain.reply import Citation, Done, ReplyEvent, StatusChange, TextDelta
from bot.openai.model import OpenAIModel
from bot.openai.patience import Patience
from bot.openai.retries import RetryPolicy
from playground.openai.errors import ApiError
from playground.openai.faults import refused
from playground.openai.model import ScriptedModel
from playground.openai.scripts import say, search

RAIN, SNOW = ("https://rain.example/oslo", "Rain in Oslo"), ("http://snow.example", "Snow")


@pytest.fixture
def model(client: AsyncOpenAI, reasoner: ModelInfo) -> OpenAIModel:
    described = replace(reasoner, web_search=True, image_tool=True)
    return OpenAIModel(client, lambda name: replace(described, name=name), Patience(), RetryPolicy())


async def read(model: OpenAIModel, prompt: Prompt) -> list[ReplyEvent]:
    async with asyncio.timeout(60), aclosing(model.stream(prompt)) as events:
        return [event async for event in events]


async def test_people_see_the_search_and_its_sources(
    model: OpenAIModel, prompt: Prompt, scripted: ScriptedModel
) -> None:
    pages = (RAIN, SNOW, RAIN, ("javascript:alert(1)", "Not a page"))
    scripted.script = search("It rains\ue200cite\ue202turn0search0\ue201.", "rain in Oslo", pages=pages)
    reply = await read(model, prompt)
    assert StatusChange("searching the web: rain in Oslo") in reply
    assert "".join(event.text for event in reply if isinstance(event, TextDelta)) == "It rains."
    assert [event for event in reply if isinstance(event, Citation)] == [Citation(*RAIN), Citation(*SNOW)]
    done = reply[-1]
    assert isinstance(done, Done)
    assert done.model == "gpt-6.1-terra"


async def test_a_model_that_may_not_search_is_asked_again_without_and_may_still_draw(
    model: OpenAIModel, prompt: Prompt, scripted: ScriptedModel
) -> None:
    unknown = ApiError(400, "Hosted tool 'web_search' is not supported with gpt-6.1-terra.", None, "tools")
    scripted.fail(refused(unknown))
    scripted.script = say("Hello.")
    for _ in range(2):
        assert isinstance((await read(model, replace(prompt, drawing=Drawing())))[-1], Done)
    offered = [[tool["type"] for tool in call.body["tools"]] for call in scripted.requests]
    assert offered == [["image_generation", "web_search"], ["image_generation"], ["image_generation"]]
