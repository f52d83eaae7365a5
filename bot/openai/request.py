"""Puts a prompt into the terms of `POST /v1/responses`."""

import hashlib
from typing import Any

from bot.domain.models import ModelInfo, Prompt, PromptMessage, Role, TemperatureRule
from bot.domain.settings import Effort

Parameters = dict[str, Any]
"""The keyword arguments of `responses.create`, apart from `stream=True`."""


def request_parameters(prompt: Prompt, model: ModelInfo) -> Parameters:
    """What asks this model for a streamed answer to this prompt.

    `store=False` because Slack is the transcript. `truncation` is left at its default, an error: our own budget trims
    where people can see it. Obfuscation pads each event against listeners on an encrypted line and costs bandwidth.
    """
    settings = prompt.settings
    effort = nearest_effort(settings.reasoning_effort, model.efforts)
    samples = takes_temperature(model, effort)
    optional = {
        "reasoning": {"effort": str(effort)} if effort else None,
        "text": {"verbosity": str(settings.verbosity)} if settings.verbosity and model.verbosity else None,
        "temperature": settings.temperature if samples else None,
        "top_p": settings.top_p if samples else None,
        "max_output_tokens": min(settings.max_output_tokens, model.max_output) if settings.max_output_tokens else None,
        "store": False,
        "stream_options": {"include_obfuscation": False},
        "prompt_cache_key": fingerprint("prompt", prompt.cache_key),
        "safety_identifier": fingerprint("person", prompt.asker),
    }
    return {
        "model": model.name,
        "instructions": prompt.instructions,
        "input": [input_item(message) for message in prompt.messages],
        **{name: value for name, value in optional.items() if value is not None},
    }


def input_item(message: PromptMessage) -> dict[str, Any]:
    """One message as an input item. What people wrote is a list of parts, to which files can be added."""
    match message.role:
        case Role.USER:
            return {"role": "user", "content": [{"type": "input_text", "text": message.text}]}
        case Role.ASSISTANT:
            return {"role": "assistant", "content": message.text}


def nearest_effort(wanted: Effort | None, offered: tuple[Effort, ...]) -> Effort | None:
    """The effort on offer that is closest to the wanted one, the greater of two; None leaves it to the model."""
    if wanted is None or not offered:
        return None
    scale = list(Effort)
    place = scale.index(wanted)
    return min(reversed(offered), key=lambda effort: abs(scale.index(effort) - place))


def takes_temperature(model: ModelInfo, effort: Effort | None) -> bool:
    """Whether the model accepts `temperature` and `top_p` at this effort (deployment checklist of the API's guides)."""
    match model.temperature:
        case TemperatureRule.ALWAYS:
            return True
        case TemperatureRule.EFFORT_NONE:
            return effort is Effort.NONE
        case TemperatureRule.NEVER:
            return False


def fingerprint(kind: str, text: str) -> str:
    """A name that is the same for the same text and tells nothing about it; 64 characters, as long as is allowed."""
    return hashlib.sha256(f"{kind}:{text}".encode()).hexdigest()
