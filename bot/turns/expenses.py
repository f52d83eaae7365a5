"""Writes down what answers cost."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bot.domain.conversation import ThreadKey
from bot.domain.errors import BotError
from bot.domain.models import ModelInfo, Price
from bot.domain.records import Expense
from bot.domain.reply import Done, ImageReady, ReplyEvent, Usage
from bot.domain.settings import ImageQuality, Settings
from bot.ports import Now, UsageStore
from bot.turns.underway import Underway

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Share:
    """What one model has done for an answer."""

    usage: Usage = Usage()
    pictures: int = 0


@dataclass(slots=True)
class Bill:
    """What one answer has cost so far, by the names of models; `done` is its end, once the model has come to it.

    `settings` say how pictures are drawn.
    """

    settings: Settings = field(default_factory=Settings)
    done: Done | None = None
    shares: dict[str, Share] = field(default_factory=dict)
    _painter: str = ""

    def take(self, event: ReplyEvent) -> None:
        """Count what this event tells of the price."""
        if isinstance(event, ImageReady):
            self._painter = event.model
            self._share(event.model).pictures += 1
        elif isinstance(event, Done):
            self.done = event
            self.ask(event.model, event.usage.written)
            self.ask(self._painter or self.settings.image_model, event.usage.drawn)

    def ask(self, model: str, usage: Usage) -> None:
        """Count what this model was asked besides."""
        self._share(model).usage += usage

    @property
    def answered_by(self) -> str | None:
        """The model whose share counts as the answer; None where nobody has answered."""
        shown = [self.done.model] if self.done else []
        return next((model for model in (*shown, self._painter) if self.shares.get(model, Share()) != Share()), None)

    def _share(self, model: str) -> Share:
        return self.shares.setdefault(model, Share())


@dataclass(frozen=True, slots=True)
class Expenses:
    """The book of expenses. Nothing that goes wrong here is anybody's trouble but the log's."""

    store: UsageStore
    describe: Callable[[str], ModelInfo]
    now: Now
    underway: Underway = field(default_factory=Underway)

    async def note(self, thread: ThreadKey, user: str, bill: Bill) -> None:
        """Write down what an answer to this person cost; nothing, where nothing was paid for.

        An answer that was stopped or failed costs its pictures, and its tokens where the model has told them.
        """
        expenses = tuple(self._expenses(thread, user, bill))
        if not expenses:
            return
        self.underway.learn(sum(expense.dollars for expense in expenses))
        try:
            await self.store.note(*expenses)
        except BotError as error:
            log.warning("an expense was not noted: %s: %s", type(error).__name__, error)
        except Exception:
            log.exception("an expense was not noted")

    def _expenses(self, thread: ThreadKey, user: str, bill: Bill) -> Iterator[Expense]:
        for model, share in bill.shares.items():
            if share != Share():
                price = self.describe(model).price
                yield Expense(
                    workspace=thread.workspace,
                    channel=thread.channel,
                    user=user,
                    model=model,
                    usage=share.usage,
                    pictures=share.pictures,
                    dollars=dollars(price, share.usage) or share.pictures * picture_dollars(price, bill.settings),
                    at=self.now(),
                    answers=int(model == bill.answered_by),
                )


def dollars(price: Price | None, usage: Usage) -> float:
    """What these tokens and searches cost in US dollars, without what was drawn; 0 where the price is not known."""
    if price is None:
        return 0.0
    fresh = max(0, usage.input_tokens - usage.cached_tokens)
    tokens = fresh * price.input + usage.cached_tokens * price.cached + usage.output_tokens * price.output
    return tokens / 1_000_000 + usage.searches * price.search


def picture_dollars(price: Price | None, settings: Settings) -> float:
    """What a picture by these settings costs about, where nobody has told its tokens; 0 where that is not known.

    A size that is left to the model counts as 1,024 times 1,024, a quality as medium.
    """
    if price is None:
        return 0.0
    quality = ImageQuality.MEDIUM if settings.image_quality is ImageQuality.AUTO else settings.image_quality
    width, _, height = settings.image_size.partition("x")
    area = int(width) * int(height) / 1024**2 if height else 1.0
    return price.pictures.get(quality, 0.0) * area
