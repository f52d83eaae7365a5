"""Trims a conversation to what it may cost, in steps that keep the prompt prefix stable."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.conversation import Conversation, Message
from bot.ports import CountTokens

OVERHEAD = 12
"""Tokens that a message costs beyond its text: its frame, the writer's name. Generous."""

KEPT_AFTER_A_CUT = 0.6
"""Which share of the budget is left after old messages were dropped. The lower it is, the longer the prefix stays."""

GAP = "\n\n[… {} characters left out …]\n\n"


def trim(conversation: Conversation, budget: int, count: CountTokens) -> Conversation:
    """The conversation within `budget` tokens: the first message, then as many of the newest as fit.

    Old messages are dropped in large steps: the thread is replayed from its beginning, and each time it outgrows the
    budget it is cut down to a share of it. So one turn drops just what the turn before it dropped, until the next step,
    and the provider's prompt cache goes on working. A message that alone would take more than half of the budget loses
    its middle, visibly.
    """
    if fits(conversation, budget):
        return conversation
    messages = [shorten(message, budget // 2, count) for message in conversation.messages]
    costs = [count(message.text) + OVERHEAD for message in messages]
    dropped = _dropped(costs, budget)
    return replace(conversation, messages=(*messages[:1], *messages[1 + dropped :]))


def fits(conversation: Conversation, budget: int) -> bool:
    """True for what fits beyond doubt, because no token is shorter than a byte. Most threads need no counting."""
    return sum(len(message.text.encode(errors="replace")) + OVERHEAD for message in conversation.messages) <= budget


def _dropped(costs: Sequence[int], budget: int) -> int:
    """How many messages after the first one are dropped; the newest never is."""
    total = dropped = 0
    for newest, cost in enumerate(costs):
        total += cost
        if total > budget:
            while total > budget * KEPT_AFTER_A_CUT and dropped + 1 < newest:
                dropped += 1
                total -= costs[dropped]
    return dropped


def shorten(message: Message, budget: int, count: CountTokens) -> Message:
    """The message with its middle left out, as far as needed to cost at most `budget` tokens."""
    text = message.text
    cost = count(text)
    kept = len(text)
    while cost > budget and kept > 0:
        kept = min(kept - 1, kept * budget // cost)
        cost = count(_without_middle(text, kept))
    return message if kept == len(text) else replace(message, text=_without_middle(text, kept))


def _without_middle(text: str, kept: int) -> str:
    head = kept * 2 // 3
    return text[:head] + GAP.format(f"{len(text) - kept:,}") + text[len(text) - (kept - head) :]
