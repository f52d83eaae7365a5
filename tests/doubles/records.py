"""Settings, usage, feedback and notices in memory: the second implementations of these stores."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.domain.errors import BotError
from bot.domain.records import Expense, Feedback, Spending, Totals, Use
from bot.domain.settings import Holder


@dataclass(slots=True)
class MemorySettings:
    """`broken` is raised instead of an answer."""

    values: dict[Holder, dict[str, str]] = field(default_factory=dict)
    broken: BotError | None = None

    async def overrides(self, holders: tuple[Holder, ...]) -> Mapping[Holder, Mapping[str, str]]:
        if self.broken:
            raise self.broken
        return {holder: dict(self.values.get(holder, {})) for holder in holders}

    async def chosen(self, workspace: str, names: tuple[str, ...]) -> frozenset[str]:
        return frozenset(
            value
            for holder, values in self.values.items()
            for name, value in values.items()
            if holder.workspace == workspace and name in names
        )

    async def override(self, holder: Holder, changes: Mapping[str, str | None], by: str, at: float) -> None:
        if self.broken:
            raise self.broken
        merged = {**self.values.get(holder, {}), **changes}
        self.values[holder] = {name: value for name, value in merged.items() if value is not None}

    async def clear(self, holder: Holder) -> None:
        self.values.pop(holder, None)


@dataclass(slots=True)
class MemoryUsage:
    """`broken` is raised instead of a note being kept."""

    expenses: list[Expense] = field(default_factory=list)
    broken: Exception | None = None

    async def note(self, *expenses: Expense) -> None:
        if self.broken:
            raise self.broken
        self.expenses += expenses

    async def totals(self, workspace: str, user: str, since: float) -> Totals:
        spent = [
            each for each in self.expenses if (each.workspace, each.user) == (workspace, user) and each.at >= since
        ]
        return _total(spent)

    async def uses(self, workspace: str, since: float, until: float) -> tuple[Use, ...]:
        uses: dict[tuple[str, str, str], list[Expense]] = {}
        for each in self.expenses:
            if each.workspace == workspace and since <= each.at < until:
                uses.setdefault((each.user, each.channel, each.model), []).append(each)
        found = [Use(*what, _total(spent)) for what, spent in uses.items()]
        return tuple(sorted(found, key=lambda use: (-use.totals.dollars, -use.totals.tokens, use.user, use.channel)))

    async def spending(self, workspace: str, channel: str, user: str, now: float) -> Spending:
        if self.broken:
            raise self.broken
        midnight = datetime.fromtimestamp(now, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        first, tomorrow = midnight.replace(day=1).timestamp(), midnight.timestamp() + 86_400
        spent = [each for each in self.expenses if each.workspace == workspace and first <= each.at < tomorrow]
        mine = [each for each in spent if each.user == user]
        return Spending(
            person=sum(each.dollars for each in mine),
            channel=sum(each.dollars for each in spent if each.channel == channel),
            everybody=sum(each.dollars for each in spent),
            pictures=sum(each.pictures for each in mine if each.at >= midnight.timestamp()),
        )

    async def forget(self, before: float) -> int:
        kept = [each for each in self.expenses if each.at >= before]
        gone, self.expenses = len(self.expenses) - len(kept), kept
        return gone


def _total(spent: list[Expense]) -> Totals:
    return Totals(
        answers=sum(each.answers for each in spent),
        pictures=sum(each.pictures for each in spent),
        tokens=sum(each.usage.input_tokens + each.usage.output_tokens for each in spent),
        dollars=sum(each.dollars for each in spent),
        searches=sum(each.usage.searches for each in spent),
    )


@dataclass(slots=True)
class MemoryFeedback:
    verdicts: dict[tuple[str, str, str, str], Feedback] = field(default_factory=dict)

    async def keep(self, feedback: Feedback) -> None:
        name = (feedback.workspace, feedback.channel, feedback.answer, feedback.user)
        earlier = self.verdicts.get(name)
        comment = earlier.comment if feedback.comment is None and earlier else feedback.comment
        self.verdicts[name] = replace(feedback, comment=comment)


@dataclass(slots=True)
class MemoryNotices:
    """`broken` is raised instead of an answer."""

    told: set[tuple[str, str, str]] = field(default_factory=set)
    broken: BotError | None = None

    async def is_first(self, workspace: str, user: str, notice: str, at: float) -> bool:
        if self.broken:
            raise self.broken
        name = (workspace, user, notice)
        is_first = name not in self.told
        self.told.add(name)
        return is_first

    async def take_back(self, workspace: str, user: str, notice: str) -> None:
        self.told.discard((workspace, user, notice))


@dataclass(slots=True)
class MemoryPeople:
    """`broken` is raised instead of somebody being forgotten."""

    forgotten: list[tuple[str, str]] = field(default_factory=list)
    broken: BotError | None = None

    async def forget(self, workspace: str, user: str) -> None:
        if self.broken:
            raise self.broken
        self.forgotten.append((workspace, user))
