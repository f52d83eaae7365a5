"""What the bot knows of a model, and what it asks one."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.settings import Effort, Settings


class TemperatureRule(StrEnum):
    """When a model accepts `temperature` and `top_p`."""

    NEVER = "never"
    EFFORT_NONE = "effort_none"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens."""

    input: float
    cached: float
    output: float


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model's abilities and limits; the defaults are what is safe to assume of a model that nobody described.

    `context_window` and `max_output` are in tokens; `efforts` is empty for a model that does not reason; `shutdown` is
    the day from which its provider no longer serves it.
    """

    name: str
    efforts: tuple[Effort, ...] = ()
    temperature: TemperatureRule = TemperatureRule.NEVER
    verbosity: bool = False
    vision: bool = False
    files: bool = False
    web_search: bool = False
    image_tool: bool = False
    structured: bool = False
    context_window: int = 128_000
    max_output: int = 16_384
    price: Price | None = None
    shutdown: date | None = None


class Role(StrEnum):
    """Who speaks in a prompt."""

    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class PromptMessage:
    """One message of a prompt."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is asked: instructions that we wrote, then messages that people and the bot wrote.

    `cache_key` is the same for all prompts that share a prefix; `asker` names the person for the provider's abuse
    checks. Both are plain here and hashed before they leave.
    """

    settings: Settings
    instructions: str
    messages: tuple[PromptMessage, ...]
    cache_key: str
    asker: str
