"""Writes down what answers cost."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from bot.domain.conversation import ThreadKey
from bot.domain.errors import BotError
from bot.domain.models import ModelInfo, Price
from bot.domain.records import Expense
from bot.domain.reply import Done, ImageReady, ReplyEvent
from bot.domain.settings import ImageQuality, Settings
from bot.domain.tokens import estimate
from bot.domain.usage import Unfinished, Usage
from bot.ports import Now, UsageStore
from bot.turns.underway import Underway

log = logging.getLogger(__name__)

PICTURE = 3_000
"""Tokens of a picture that a model looks at closely, at most: 2,500 patches at 1.2 (guide of images and vision)."""


@dataclass(slots=True)
class Share:
    """What one model has done for an answer, request by request: a long one may have another price."""

    requests: list[Usage] = field(default_factory=list)
    pictures: int = 0


@dataclass(slots=True)
class Bill:
    """What one answer has cost so far, by the names of models; `done` is its end, once the model has come to it.

    `settings` say how pictures are drawn; `unfinished` are the requests whose tokens nobody has told, `lost` is what an
    earlier process had written of this answer when it died.
    """

    settings: Settings = field(default_factory=Settings)
    lost: str = ""
    done: Done | None = None
    shares: dict[str, Share] = field(default_factory=dict)
    unfinished: list[tuple[str, Unfinished]] = field(default_factory=list)
    _painter: str = ""

    def take(self, event: ReplyEvent) -> None:
        """Count what this event tells of the price."""
        if isinstance(event, ImageReady):
            self._painter = event.model
            self._share(event.model).pictures += 1
        elif isinstance(event, Done):
            self.done = event

    def charge(self, model: str, usage: Usage | Unfinished) -> None:
        """Count a request, as `bot.domain.usage.Charge` describes it."""
        if isinstance(usage, Unfinished):
            self.unfinished.append((model, usage))
        elif usage != Usage():
            self._share(model).requests.append(usage)

    @property
    def answered_by(self) -> str | None:
        """The model whose share counts as the answer; None where nobody has answered."""
        shown = [self.done.model] if self.done else []
        return next((model for model in (*shown, self._painter) if model in self.shares), None)

    @property
    def first_request(self) -> Usage | None:
        """What the answer's model was asked first; None where it has not been."""
        share = self.shares.get(self.answered_by or self.settings.model, Share())
        return next(iter(share.requests), None)

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

        An answer that was stopped or failed costs its pictures and its tokens, estimated where nobody has told them.
        """
        for model, unfinished in bill.unfinished:
            bill.charge(model, await asyncio.to_thread(estimated, unfinished))
        bill.unfinished.clear()
        if bill.lost and (first := bill.first_request):
            # It was asked the same as now. This is an estimate, too, and made of what it had shown.
            lost = Usage(first.input_tokens, output_tokens=await asyncio.to_thread(estimate, bill.lost))
            bill.charge(bill.answered_by or bill.settings.model, lost)
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
            price = self.describe(model).price
            told = sum(dollars(price, request) for request in share.requests)
            yield Expense(
                workspace=thread.workspace,
                channel=thread.channel,
                user=user,
                model=model,
                usage=sum(share.requests, Usage()),
                pictures=share.pictures,
                dollars=told or share.pictures * picture_dollars(price, bill.settings),
                at=self.now(),
                answers=int(model == bill.answered_by),
            )


def estimated(unfinished: Unfinished) -> Usage:
    """About what a request has used that was not finished; it takes a while for long texts.

    This is an estimate: nobody tells what the model has thought, which is left out, nor what of the input was cached,
    which counts in full.
    """
    asked = sum(map(estimate, unfinished.asked)) + PICTURE * unfinished.pictures
    return replace(unfinished.used, input_tokens=asked, output_tokens=estimate(unfinished.written))


def dollars(price: Price | None, usage: Usage) -> float:
    """What one request costs in US dollars; 0 where the price is not known."""
    if price is None:
        return 0.0
    is_long = price.long is not None and usage.input_tokens > price.long.after
    more_in, more_out = (price.long.input, price.long.output) if price.long and is_long else (1.0, 1.0)
    written = price.input if price.written is None else price.written
    fresh = max(0, usage.input_tokens - usage.cached_tokens - usage.written_tokens)
    read = fresh * price.input + usage.cached_tokens * price.cached + usage.written_tokens * written
    tools = usage.searches * price.search + usage.file_searches * price.file_search
    return (
        (more_in * read + more_out * usage.output_tokens * price.output) / 1_000_000
        + tools
        + usage.containers * price.container
        + usage.seconds / 60 * price.minute
    )


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
