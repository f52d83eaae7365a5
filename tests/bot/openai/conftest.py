"""What the tests of this folder share."""

import pytest

from bot.domain.models import ModelInfo, Prompt, PromptMessage, Role, TemperatureRule
from bot.domain.settings import Effort, Settings


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
