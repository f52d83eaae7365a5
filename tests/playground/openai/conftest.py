"""A scripted model, its server, and the real client that talks to it."""

from collections.abc import AsyncIterator

import pytest
from openai import AsyncOpenAI

from playground.openai.model import API_KEY, ScriptedModel
from playground.openai.server import OpenAIServer, serve_openai


@pytest.fixture
def model() -> ScriptedModel:
    return ScriptedModel()


@pytest.fixture
async def server(model: ScriptedModel) -> AsyncIterator[OpenAIServer]:
    async with serve_openai(model) as server:
        yield server


@pytest.fixture
async def client(server: OpenAIServer) -> AsyncIterator[AsyncOpenAI]:
    async with AsyncOpenAI(base_url=server.base_url, api_key=API_KEY, max_retries=0, timeout=10) as client:
        yield client
