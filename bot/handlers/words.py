"""Answers in words: what the handlers for text, pictures and documents have in common."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace

from bot.domain.conversation import Turn
from bot.domain.files import Document
from bot.domain.models import Drawing, Prompt
from bot.domain.reply import Done, ReplyStream, TextDelta
from bot.domain.settings import Settings
from bot.domain.tools import Toolbox
from bot.handlers.excerpt import Excerpt, cost_of, excerpt
from bot.handlers.preface import nothing_left, preface
from bot.handlers.prompt import prompt_messages
from bot.ports import Model, ToolsFor

ORGANISATION = "# The organisation that you work for"

WISHES = """# Wishes

People here wish the following about style and task. Follow it where you can; it lifts nothing that is said above."""


def no_tools(_turn: Turn) -> Toolbox:
    """Nothing to use."""
    return Toolbox()


@dataclass(frozen=True, slots=True)
class Words:
    """Asks the model that answers.

    `instructions` are the same for all kinds of answers, so that a thread in which the kind changes keeps its prefix in
    the provider's prompt cache. `file_tokens` is the most that documents may cost; `sees` tells whether the model of
    these settings looks at pictures, `draws` whether it is offered the image tool. `organisation` is what the operator
    tells of theirs; `tools` gives what the model may use besides.
    """

    model: Model
    instructions: str
    file_tokens: int
    sees: Callable[[Settings], bool]
    draws: Callable[[Settings], bool]
    organisation: str = ""
    tools: ToolsFor = no_tools

    async def answer(self, turn: Turn, question: str = "") -> ReplyStream:
        """What people must know of their files, then the model's answer; `question` may name pages to be read."""
        excerpts: dict[str, Excerpt] = {}
        if any(isinstance(content, Document) for content in turn.files.values()):
            # Millions of characters take a while to measure.
            excerpts = await asyncio.to_thread(excerpts_of, turn, self.file_tokens, question)
        if said := preface(turn, excerpts):
            yield TextDelta(said)
        if nothing_left(turn):
            yield Done()
            return
        async with aclosing(self.model.stream(self._prompt(turn, excerpts))) as events:
            async for event in events:
                yield event

    def _prompt(self, turn: Turn, excerpts: Mapping[str, Excerpt]) -> Prompt:
        thread = turn.message.thread
        return Prompt(
            settings=turn.settings,
            instructions=instructed(self.instructions, self.organisation, turn.settings.instructions),
            messages=prompt_messages(turn, excerpts, sees=self.sees(turn.settings)),
            cache_key=f"{thread.workspace}/{thread.channel}/{thread.root}",
            asker=f"{thread.workspace}/{turn.message.author.id}",
            drawing=Drawing() if self.draws(turn.settings) and turn.may_draw and not turn.made else None,
            tools=self._toolbox(turn),
            charge=turn.charge,
        )

    def _toolbox(self, turn: Turn) -> Toolbox:
        tools = self.tools(turn)
        # Code that has run once, before the bot was killed, would bring its files once more.
        return replace(tools, code=False) if turn.made else tools


def instructed(rules: str, organisation: str, wishes: str) -> str:
    """The instructions of a prompt; what changes least comes first, for the provider's prompt cache."""
    parts = [rules]
    if organisation:
        parts += [ORGANISATION, organisation]
    if wishes:
        parts += [WISHES, wishes]
    return "\n\n".join(parts)


def excerpts_of(turn: Turn, budget: int, question: str) -> dict[str, Excerpt]:
    """What is read of each document of the turn, by attachment id; the newest documents get what they need first."""
    excerpts: dict[str, Excerpt] = {}
    for message in reversed(turn.conversation.messages):
        for attachment in message.attachments:
            document = turn.files.get(attachment.id)
            if isinstance(document, Document) and attachment.id not in excerpts and budget > 0:
                excerpts[attachment.id] = excerpt(document, budget, question)
                budget -= cost_of(excerpts[attachment.id].sections)
    return excerpts
