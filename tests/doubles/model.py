"""Scripted siblings of what asks OpenAI: the second implementations of the Model and ImageBackend ports."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

from bot.domain.models import Decision, Order, Prompt, Question
from bot.domain.reply import Done, ImageReady, ReplyEvent, ReplyStream, StatusChange, TextDelta
from bot.domain.usage import Charge, Unfinished, Usage

Script = Sequence[ReplyEvent | Usage | Unfinished | Exception | None]
"""Events of a reply; an exception among them is raised, None waits for ever, and what was used is charged to `gpt`."""

PICTURE = ImageReady(b"\x89PNG\r\n\x1a\nscripted", "image/png", "a lighthouse at dusk")


@dataclass(slots=True)
class ScriptedModel:
    """Answers each prompt with the same events, and each question with the same choice.

    Without a `choice`, the first word of each list is chosen; an exception is raised, None waits for ever.
    """

    script: Script = (TextDelta("Hello"), Done())
    choice: Mapping[str, str] | Exception | None = field(default_factory=dict)
    prompts: list[Prompt] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    waits: asyncio.Event = field(default_factory=asyncio.Event)
    hung_up: int = 0

    async def stream(self, prompt: Prompt) -> ReplyStream:
        self.prompts.append(prompt)
        try:
            async with aclosing(_play(self.script, self.waits, prompt.charge)) as events:
                async for event in events:
                    yield event
        finally:
            self.hung_up += 1

    async def choose(self, question: Question) -> Decision:
        self.questions.append(question)
        try:
            if self.choice is None:
                self.waits.set()
                await asyncio.Event().wait()
            if isinstance(self.choice, Exception):
                raise self.choice
            chosen = self.choice or {}
            words = {name: chosen.get(name, words[0]) for name, words in question.choices.items()}
            return Decision(words, Usage(20, 0, 5))
        finally:
            self.hung_up += 1


@dataclass(slots=True)
class ScriptedDrawer:
    """Answers each order for a picture with the same events."""

    script: Script = (StatusChange("drawing"), PICTURE, Done())
    orders: list[Order] = field(default_factory=list)
    waits: asyncio.Event = field(default_factory=asyncio.Event)
    hung_up: int = 0

    async def draw(self, order: Order) -> ReplyStream:
        self.orders.append(order)
        try:
            async with aclosing(_play(self.script, self.waits, order.prompt.charge)) as events:
                async for event in events:
                    yield event
        finally:
            self.hung_up += 1


async def _play(script: Script, waits: asyncio.Event, charge: Charge) -> ReplyStream:
    for event in script:
        if event is None:
            waits.set()
            await asyncio.Event().wait()
        elif isinstance(event, Exception):
            raise event
        elif isinstance(event, Usage | Unfinished):
            charge("gpt", event)
        else:
            yield event
