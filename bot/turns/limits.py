"""How much people may ask of the bot: turns in a minute, pictures in a day, dollars in a month."""

import logging
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.domain.conversation import Message
from bot.domain.errors import BotError, BudgetSpent, TooManyTurns
from bot.domain.language import month_of
from bot.domain.records import Spending
from bot.ports import Now, UsageStore
from bot.turns.pace import Pace
from bot.turns.underway import Underway

log = logging.getLogger(__name__)

WARN_AT = 0.8
"""The share of a budget from which people are warned."""

SPENT = {
    "person": "You have used up your budget for this month, so I can answer again on {day}.",
    "channel": "This channel has used up its budget for this month, so I can answer again on {day}.",
    "everybody": "The budget that all of us share is used up for this month, so I can answer again on {day}.",
}
RESERVED = (
    "What is left of a budget for this month goes into answers that are being written just now. "
    "Please ask again in a minute."
)
NEARLY_SPENT = {
    "person": "You have used more than 80 % of your budget for this month. It starts afresh on {day}.",
    "channel": "This channel has used more than 80 % of its budget for this month. It starts afresh on {day}.",
    "everybody": "More than 80 % of the budget that all of us share is used for this month. It starts afresh on {day}.",
}


@dataclass(frozen=True, slots=True)
class Amounts:
    """What the operator grants; 0 is no limit. Days and months are those of UTC, as in the home tab."""

    turns_of_person: int = 0
    turns_in_channel: int = 0
    pictures_of_person: int = 0
    dollars_of_person: float = 0.0
    dollars_in_channel: float = 0.0
    dollars_of_everybody: float = 0.0

    def budgets(self, spending: Spending) -> Iterator[tuple[str, float]]:
        """Whose budgets there are, and which share of each is spent."""
        granted = {
            "everybody": (spending.everybody, self.dollars_of_everybody),
            "channel": (spending.channel, self.dollars_in_channel),
            "person": (spending.person, self.dollars_of_person),
        }
        return ((whose, spent / limit) for whose, (spent, limit) in granted.items() if limit)

    @property
    def has_budgets(self) -> bool:
        return bool(self.dollars_of_person or self.dollars_in_channel or self.dollars_of_everybody)


@dataclass(frozen=True, slots=True)
class Limits:
    """Holds turns against what is granted. Answers that are `underway` count against budgets by what they will cost.

    A store that cannot be read stops nobody: an answer too many costs less than all of them.
    """

    amounts: Amounts
    usage: UsageStore
    pace: Pace
    now: Now
    underway: Underway = field(default_factory=Underway)

    async def begin(self, message: Message) -> BotError | None:
        """Count the turn that answers this message; or say why there is none.

        Only if it is `underway` before anything else is awaited, the next one is held against it.
        """
        if spent := await self.spent(message):
            return spent
        # Nothing is awaited from here on, so that turns that begin together are all counted.
        paces = self._paces(message)
        for name, most in paces.items():
            if seconds := self.pace.wait(name, most):
                return TooManyTurns(most, math.ceil(seconds))
        for name, most in paces.items():
            self.pace.note(name, most)
        return None

    async def spent(self, message: Message) -> BudgetSpent | None:
        """The budget that leaves nothing for an answer to this message, if there is one."""
        if not self.amounts.has_budgets:
            return None
        spending = await self._spending(message)
        for whose, share in self.amounts.budgets(spending):
            if share >= 1:
                return BudgetSpent(SPENT[whose].format(day=next_month(self.now())))
        expected = spending + self.underway.spending(message)
        if any(share >= 1 for _, share in self.amounts.budgets(expected)):
            return BudgetSpent(RESERVED)
        return None

    async def may_draw(self, message: Message) -> bool:
        """Whether the author of this message may have another picture today."""
        most = self.amounts.pictures_of_person
        return not most or (await self._spending(message)).pictures < most

    async def warnings(self, message: Message) -> dict[str, str]:
        """What the author of this message should know of nearly spent budgets, by names that are new every month."""
        if not self.amounts.has_budgets:
            return {}
        spending, now = await self._spending(message), self.now()
        month = datetime.fromtimestamp(now, UTC).strftime("%Y-%m")
        return {
            _notice(whose, message, month): NEARLY_SPENT[whose].format(day=next_month(now))
            for whose, share in self.amounts.budgets(spending)
            if share >= WARN_AT
        }

    def _paces(self, message: Message) -> dict[str, int]:
        """Most turns in a minute, by whose they are."""
        granted = {
            message.author.id: self.amounts.turns_of_person,
            message.thread.channel: self.amounts.turns_in_channel,
        }
        return {f"{message.thread.workspace}/{whose}": most for whose, most in granted.items() if most}

    async def _spending(self, message: Message) -> Spending:
        thread = message.thread
        try:
            return await self.usage.spending(thread.workspace, thread.channel, message.author.id, self.now())
        except BotError as error:
            log.warning("limits are not known: %s: %s", type(error).__name__, error)
            return Spending()


def next_month(now: float) -> str:
    """The day on which budgets start afresh, in words: "the first of December"."""
    first = datetime.fromtimestamp(now, UTC).replace(day=1)
    return f"the first of {month_of(first + timedelta(days=31))}"


def _notice(whose: str, message: Message, month: str) -> str:
    place = f"/{message.thread.channel}" if whose == "channel" else ""
    return f"budget/{whose}{place}/{month}"
