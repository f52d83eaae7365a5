"""Puts together what the model may use for one answer: by where it is asked, and by whom."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from bot.domain.conversation import Message, Turn
from bot.domain.tools import Function, Offer, Toolbox, ToolCall

FunctionFor = Callable[[Turn], Function]
"""A function of our own, made for one turn."""

Ask = Callable[[Message, ToolCall], Awaitable[bool]]
"""Asks the author of a message whether a call may be made for them."""


@dataclass(frozen=True, slots=True)
class Tools:
    """All that the operator has asked for, as `bot.ports.ToolsFor`."""

    functions: tuple[FunctionFor, ...]
    offers: tuple[Offer, ...]
    ask: Ask

    def __call__(self, turn: Turn) -> Toolbox:
        """What there is for this turn, always in the same order, for the provider's prompt cache."""
        message = turn.message
        here = [each for each in self.offers if each.reaches(message.thread.channel, message.author.id)]
        return Toolbox(
            functions=tuple(make(turn) for make in self.functions),
            servers=tuple(server for each in here for server in each.servers),
            stores=tuple(dict.fromkeys(store for each in here for store in each.stores)),
            code=any(each.code for each in here),
            approve=partial(self.ask, message),
        )
