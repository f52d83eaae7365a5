"""What is written down about answers: who was answered, at what price, and what they thought of it; never a text."""

from dataclasses import dataclass, fields
from enum import StrEnum

from bot.domain.usage import Usage


@dataclass(frozen=True, slots=True)
class Expense:
    """What one model cost for an answer; `dollars` is an estimate from the catalogue's prices, 0 where it has none.

    `answers` is 1 for the model that has answered, and 0 for others that had a share in it.
    """

    workspace: str
    channel: str
    user: str
    model: str
    usage: Usage
    pictures: int
    dollars: float
    at: float
    answers: int = 1


@dataclass(frozen=True, slots=True)
class Totals:
    """What somebody has used in a span of time; tokens of questions and answers together."""

    answers: int = 0
    pictures: int = 0
    tokens: int = 0
    dollars: float = 0.0
    searches: int = 0

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


@dataclass(frozen=True, slots=True)
class Use:
    """What one person has used of one model in one channel, in a span of time."""

    user: str
    channel: str
    model: str
    totals: Totals


@dataclass(frozen=True, slots=True)
class Spending:
    """What counts against limits: dollars of this month, by whom they were spent, and a person's pictures of today."""

    person: float = 0.0
    channel: float = 0.0
    everybody: float = 0.0
    pictures: int = 0

    def __add__(self, other: "Spending") -> "Spending":
        return Spending(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


@dataclass(frozen=True, slots=True)
class Backlog:
    """Which messages wait for their answers: how many, and when the oldest was sent, if any waits."""

    messages: int = 0
    oldest: float | None = None


class Verdict(StrEnum):
    """What a person thinks of an answer."""

    GOOD = "good"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Feedback:
    """A person's verdict on an answer, which is named by the id of a message of it; the latest one counts.

    `comment` is what they chose to add; None leaves an earlier comment as it is.
    """

    workspace: str
    channel: str
    answer: str
    user: str
    verdict: Verdict
    at: float
    comment: str | None = None
