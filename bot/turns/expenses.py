"""Writes down what answers cost."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.conversation import Message
from bot.domain.errors import BotError
from bot.domain.models import ModelInfo, Price
from bot.domain.records import Expense
from bot.domain.reply import Done, ImageReady, ReplyEvent, Usage
from bot.ports import Now, UsageStore

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Bill:
    """What one answer has cost so far; `done` is its end, once the model has come to it."""

    pictures: int = 0
    done: Done | None = None

    def take(self, event: ReplyEvent) -> None:
        """Count what this event tells of the price."""
        if isinstance(event, ImageReady):
            self.pictures += 1
        elif isinstance(event, Done):
            self.done = event

    @property
    def usage(self) -> Usage:
        return self.done.usage if self.done else Usage()


@dataclass(frozen=True, slots=True)
class Expenses:
    """The book of expenses. Nothing that goes wrong here is anybody's trouble but the log's."""

    store: UsageStore
    describe: Callable[[str], ModelInfo]
    now: Now

    async def note(self, message: Message, bill: Bill) -> None:
        """Write down what the answer to this message cost; nothing, where nothing was paid for.

        An answer that was stopped or failed costs its pictures, and its tokens where the model has told them.
        """
        if bill.usage == Usage() and not bill.pictures:
            return
        model = bill.done.model if bill.done else ""
        expense = Expense(
            workspace=message.thread.workspace,
            channel=message.thread.channel,
            user=message.author.id,
            model=model,
            usage=bill.usage,
            pictures=bill.pictures,
            dollars=dollars(self.describe(model).price, bill.usage),
            at=self.now(),
        )
        try:
            await self.store.note(expense)
        except BotError as error:
            log.warning("an expense was not noted: %s: %s", type(error).__name__, error)
        except Exception:
            log.exception("an expense was not noted")


def dollars(price: Price | None, usage: Usage) -> float:
    """What these tokens cost in US dollars; 0 where the price is not known."""
    if price is None:
        return 0.0
    fresh = max(0, usage.input_tokens - usage.cached_tokens)
    return (fresh * price.input + usage.cached_tokens * price.cached + usage.output_tokens * price.output) / 1_000_000
