"""Puts a prompt into the terms of `POST /v1/responses`."""

import asyncio
import hashlib
from collections.abc import Iterator
from typing import Any

from bot.domain.models import (
    Action,
    Drawing,
    ModelInfo,
    Part,
    PicturePart,
    Prompt,
    PromptMessage,
    Role,
    TextPart,
    nearest_effort,
    takes_temperature,
)
from bot.domain.settings import Effort
from bot.domain.tools import Toolbox
from bot.openai.pictures import LARGE, data_url, picture_options
from bot.openai.searches import ANYWHERE, Search
from bot.openai.tools import MOST_CALLS, hosted_parameters, tool_parameters

Parameters = dict[str, Any]
"""The body of a request, apart from `"stream": true`."""


async def prepared(prompt: Prompt, model: ModelInfo, search: Search = ANYWHERE) -> Parameters:
    """`request_parameters`, worked out in a thread where large pictures would hold up everything else."""
    if sum(len(picture.data) for picture in _pictures_of(prompt)) > LARGE:
        return await asyncio.to_thread(request_parameters, prompt, model, search)
    return request_parameters(prompt, model, search)


def request_parameters(prompt: Prompt, model: ModelInfo, search: Search = ANYWHERE) -> Parameters:
    """What asks this model for a streamed answer to this prompt; `search` says where it may look things up.

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
        **_tool_parameters(prompt, model, effort, search),
    }


def _tool_parameters(prompt: Prompt, model: ModelInfo, effort: Effort | None, search: Search) -> Parameters:
    """What the model may use, always in the same order: another one would be another prefix for the prompt cache."""
    drawing = prompt.drawing if model.image_tool else None
    tools = [_image_tool(drawing, prompt)] if drawing else []
    # The search is refused at minimal effort (guide of the web search tool).
    if prompt.settings.web_search and model.web_search and effort is not Effort.MINIMAL and not prompt.must_draw:
        tools.append(search.tool)
    toolbox = Toolbox() if prompt.must_draw else prompt.tools
    own, hosted = tool_parameters(toolbox), hosted_parameters(toolbox)
    return {
        **({"tools": [*tools, *own, *hosted]} if tools or own or hosted else {}),
        **({"tool_choice": {"type": "image_generation"}, "max_tool_calls": 1} if drawing and prompt.must_draw else {}),
        **({"max_tool_calls": MOST_CALLS} if toolbox.servers or hosted else {}),
        # What the model thought goes with the next round, and nothing is stored that could be referred to.
        **({"include": ["reasoning.encrypted_content"]} if own and model.efforts else {}),
    }


def _image_tool(drawing: Drawing, prompt: Prompt) -> Parameters:
    """No previews are asked for: each is a large event, and costs tokens."""
    options = picture_options(prompt.settings, edits=_edits(drawing, prompt))
    return {"type": "image_generation", "action": str(drawing.action), **options}


def image_model_of(prompt: Prompt) -> str:
    """Who draws when the image tool is used; empty where the tool is not offered."""
    if prompt.drawing is None:
        return ""
    return prompt.settings.image_edit_model if _edits(prompt.drawing, prompt) else prompt.settings.image_model


def _edits(drawing: Drawing, prompt: Prompt) -> bool:
    return drawing.action is Action.EDIT or (drawing.action is Action.AUTO and any(_pictures_of(prompt)))


def input_item(message: PromptMessage) -> dict[str, Any]:
    """One message as an input item. What people wrote is a list of parts: the text, and what hangs on it."""
    match message.role:
        case Role.USER:
            text = (TextPart(message.text),) if message.text or not message.parts else ()
            return {"role": "user", "content": [input_part(part) for part in (*text, *message.parts)]}
        case Role.ASSISTANT:
            return {"role": "assistant", "content": message.text}


def input_part(part: Part) -> dict[str, str]:
    """One part of what a person wrote. `detail` is always said: "auto" means five times the tokens on some models."""
    match part:
        case TextPart():
            return {"type": "input_text", "text": part.text}
        case PicturePart():
            image_url = data_url(part.data, part.media_type)
            return {"type": "input_image", "detail": str(part.detail), "image_url": image_url}


def _pictures_of(prompt: Prompt) -> Iterator[PicturePart]:
    return (part for message in prompt.messages for part in message.parts if isinstance(part, PicturePart))


def fingerprint(kind: str, text: str) -> str:
    """A name that is the same for the same text and tells nothing about it; 64 characters, as long as is allowed."""
    return hashlib.sha256(f"{kind}:{text}".encode()).hexdigest()
