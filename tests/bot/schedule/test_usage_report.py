"""A report comes once for each span, and is made up for when it could not be posted."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from bot.domain.errors import PlatformUnavailable
from bot.domain.report import Report, month_before
from bot.schedule.usage_report import UsageReports
from tests.doubles.records import MemoryNotices, MemoryUsage


@dataclass
class Office:
    posted: list[str] = field(default_factory=list)
    broken: bool = False
    now: float = 0.0

    def __post_init__(self) -> None:
        self.reports = UsageReports(
            "T1", "C1", MemoryUsage(), month_before, MemoryNotices(), self.post, lambda: self.now
        )

    async def post(self, report: Report, before: Report) -> None:
        if self.broken:
            raise PlatformUnavailable
        self.posted += [report.span.name, before.span.name]

    async def day(self, month: int, day: int) -> None:
        self.now = datetime(2026, month, day, 14, tzinfo=UTC).timestamp()
        await self.reports.send()


async def test_each_month_is_reported_once() -> None:
    office = Office()
    for month, day in ((11, 1), (11, 2), (11, 3), (12, 1), (12, 2)):
        await office.day(month, day)
    assert office.posted == ["2026-10", "2026-09", "2026-11", "2026-10"]


async def test_a_report_that_could_not_be_posted_comes_on_the_next_day() -> None:
    office = Office(broken=True)
    with pytest.raises(PlatformUnavailable):
        await office.day(11, 1)
    office.broken = False
    for day in (2, 3):
        await office.day(11, day)
    assert office.posted == ["2026-10", "2026-09"]
