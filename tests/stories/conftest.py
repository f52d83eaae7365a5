"""Fixtures of the stories."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stories.stage import Stage, open_stage


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """The local Slack and the scripted OpenAI; the story starts the daemon itself."""
    async with open_stage(tmp_path) as stage:
        yield stage
