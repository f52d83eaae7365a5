"""What the tests of this folder share."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest
from openai import AsyncOpenAI

from bot.domain.models import ModelInfo, Prompt, PromptMessage, Role, TemperatureRule
from bot.domain.settings import Effort, Settings
from bot.openai.client import connect as open_client
from bot.openai.model import OpenAIModel
from bot.openai.patience import Patience
from bot.openai.retries import RetryPolicy
from playground.openai.model import API_KEY, ScriptedModel
from playground.openai.scripts import say_pieces
from playground.openai.server import OpenAIServer, serve_openai

HURRY = RetryPolicy(first_pause=0.01)
PATIENT = Patience()

Connect = Callable[..., OpenAIModel]


@pytest.fixture
def prompt() -> Prompt:
    return Prompt(
        settings=Settings(model="gpt-6.1-terra"),
        instructions="You are helpful.",
        messages=(
            PromptMessage(Role.USER, "Ada: What is a lease?"),
            PromptMessage(Role.ASSISTANT, "A right that ends."),
            PromptMessage(Role.USER, "Ada: And a lock?"),
        ),
        cache_key="T1/C1/1700000000.000100",
        asker="T1/U1",
    )


@pytest.fixture
def reasoner() -> ModelInfo:
    """A model that can think, or not."""
    return ModelInfo(
        "gpt-6.1-terra",
        efforts=(Effort.NONE, Effort.LOW, Effort.MEDIUM, Effort.HIGH, Effort.XHIGH, Effort.MAX),
        temperature=TemperatureRule.EFFORT_NONE,
        verbosity=True,
        context_window=1_050_000,
        max_output=128_000,
    )


@pytest.fixture
def scripted() -> ScriptedModel:
    return ScriptedModel(say_pieces("One ", "two ", "three ", "four ", "five."))


@pytest.fixture
async def server(scripted: ScriptedModel) -> AsyncIterator[OpenAIServer]:
    async with serve_openai(scripted) as server:
        yield server


@pytest.fixture
async def client(server: OpenAIServer) -> AsyncIterator[AsyncOpenAI]:
    async with open_client(API_KEY, server.base_url, PATIENT) as client:
        yield client


@pytest.fixture
async def connect(server: OpenAIServer, reasoner: ModelInfo) -> AsyncIterator[Connect]:
    """Makes models that talk to the scripted server."""
    clients: list[AsyncOpenAI] = []

    def connect(
        key: str = API_KEY,
        base_url: str = server.base_url,
        patience: Patience = PATIENT,
        retries: RetryPolicy = HURRY,
        image_tool: bool = True,
    ) -> OpenAIModel:
        clients.append(open_client(key, base_url, patience))
        described = replace(reasoner, image_tool=image_tool)
        return OpenAIModel(clients[-1], lambda name: replace(described, name=name), patience, retries)

    yield connect
    for client in clients:
        await client.close()
