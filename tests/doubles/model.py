"""A scripted model: the second implementation of the Model port."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.models import Prompt
from bot.domain.reply import Done, ReplyEvent, ReplyStream, TextDelta


@dataclass(slots=True)
class ScriptedModel:
    """Answers each prompt with the same events; an exception among them is raised, None waits for ever."""

    script: Sequence[ReplyEvent | Exception | None] = (TextDelta("Hello"), Done())
    prompts: list[Prompt] = field(default_factory=list)
    waits: asyncio.Event = field(default_factory=asyncio.Event)
    hung_up: int = 0

    async def stream(self, prompt: Prompt) -> ReplyStream:
        self.prompts.append(prompt)
        try:
            for event in self.script:
                if event is None:
                    self.waits.set()
                    await asyncio.Event().wait()
                elif isinstance(event, Exception):
                    raise event
                else:
                    yield event
        finally:
            self.hung_up += 1
