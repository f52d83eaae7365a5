"""The office that most tests of the local Slack work in."""

from collections.abc import AsyncIterator

import pytest

from tests.playground.slack.scene import Scene, open_scene


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_scene() as scene:
        yield scene
