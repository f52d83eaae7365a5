"""What answers will cost that are being written: many at once must not pass a budget that has room for one."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.domain.conversation import Message
from bot.domain.records import Spending

_WEIGHT = 0.1
"""How much the newest answer counts in what the next one is expected to cost."""


@dataclass(slots=True)
class Underway:
    """Answers that are being written; each counts as what answers have cost lately, in dollars.

    `expected` is what an answer is thought to cost before there was any.
    """

    expected: float = 0.0
    _turns: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    @contextmanager
    def turn(self, message: Message) -> Iterator[None]:
        """The answer to this message is being written while the context is open."""
        whose = (message.thread.workspace, message.thread.channel, message.author.id)
        self._turns[whose] += 1
        try:
            yield
        finally:
            self._turns[whose] -= 1
            if not self._turns[whose]:
                del self._turns[whose]

    def learn(self, dollars: float) -> None:
        """An answer has cost so much."""
        self.expected += _WEIGHT * (dollars - self.expected)

    def spending(self, message: Message) -> Spending:
        """What the answers that are being written will cost, as they count for the author of this message."""
        workspace, channel, user = message.thread.workspace, message.thread.channel, message.author.id
        here = {whose: count for whose, count in self._turns.items() if whose[0] == workspace}
        return Spending(
            person=self.expected * sum(count for (_, _, who), count in here.items() if who == user),
            channel=self.expected * sum(count for (_, where, _), count in here.items() if where == channel),
            everybody=self.expected * sum(here.values()),
        )
