"""What a workspace has used in a month or a week, summed up."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.records import Totals, Use

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Span:
    """From a time until before another, in seconds since the epoch, and what people call it. Days are those of UTC."""

    name: str
    since: float
    until: float


@dataclass(frozen=True, slots=True)
class Report:
    """What was used in a span."""

    span: Span
    uses: tuple[Use, ...]

    @property
    def whole(self) -> Totals:
        """All of it."""
        return sum((use.totals for use in self.uses), Totals())

    def by(self, what: Callable[[Use], str]) -> list[tuple[str, Totals]]:
        """The totals by person, channel or model; the most expensive first."""
        totals: dict[str, Totals] = {}
        for use in self.uses:
            totals[what(use)] = totals.get(what(use), Totals()) + use.totals
        return sorted(totals.items(), key=lambda item: (-item[1].dollars, -item[1].tokens, item[0]))


def month_at(now: float) -> Span:
    """The month in which this time lies."""
    return _month(datetime.fromtimestamp(now, UTC))


def month_named(text: str) -> Span | None:
    """The month that is written like 2026-11; None for anything else."""
    found = _MONTH.fullmatch(text)
    return _month(datetime(int(found[1]), int(found[2]), 1, tzinfo=UTC)) if found else None


def week_before(now: float) -> Span:
    """The seven days, from Monday on, before the week in which this time lies."""
    today = datetime.fromtimestamp(now, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    until = today - timedelta(days=today.weekday())
    since = until - _WEEK
    name = f"{since:%Y-%m-%d} – {until - timedelta(days=1):%Y-%m-%d}"
    return Span(name, since.timestamp(), until.timestamp())


def month_before(now: float) -> Span:
    """The month before the one in which this time lies."""
    return month_at(month_at(now).since - 1)


def _month(day: datetime) -> Span:
    since = day.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    until = (since + timedelta(days=31)).replace(day=1)
    return Span(f"{since:%Y-%m}", since.timestamp(), until.timestamp())
