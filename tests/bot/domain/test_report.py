"""Months, weeks, and what was used in them."""

from datetime import UTC, datetime

import pytest

from bot.domain.records import Totals, Use
from bot.domain.report import Report, Span, month_at, month_before, month_named, week_before

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC).timestamp()


def days(span: Span) -> tuple[str, str, str]:
    first, after = (datetime.fromtimestamp(at, UTC) for at in (span.since, span.until))
    assert (first.hour, first.minute, first.second, after.hour) == (0, 0, 0, 0)
    return span.name, f"{first:%Y-%m-%d}", f"{after:%Y-%m-%d}"


def test_a_month_is_that_of_utc() -> None:
    assert days(month_at(NOON)) == ("2026-11", "2026-11-01", "2026-12-01")
    assert days(month_at(datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp())) == (
        "2026-12",
        "2026-12-01",
        "2027-01-01",
    )


def test_the_month_before_may_be_in_the_year_before() -> None:
    assert month_before(NOON).name == "2026-10"
    assert month_before(datetime(2026, 1, 1, tzinfo=UTC).timestamp()).name == "2025-12"


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-00", "26-11", "2026", "november", "2026-11-01", "1999-11", "", "२०२६-११"]
)
def test_what_is_no_month_is_none(text: str) -> None:
    assert month_named(text) is None


def test_a_month_that_is_named_is_that_month() -> None:
    assert month_named("2026-11") == month_at(NOON)
    assert days(month_named("2028-02") or month_at(0)) == ("2028-02", "2028-02-01", "2028-03-01")


@pytest.mark.parametrize("today", [datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 29, 23, 59, tzinfo=UTC)])
def test_the_week_before_ends_before_monday(today: datetime) -> None:
    assert days(week_before(today.timestamp())) == ("2026-11-16 – 2026-11-22", "2026-11-16", "2026-11-23")


def test_uses_are_summed_up_and_the_most_expensive_comes_first() -> None:
    uses = (
        Use("U1", "C1", "gpt", Totals(1, 0, 100, 0.1)),
        Use("U1", "C2", "painter", Totals(0, 2, 440, 0.2)),
        Use("U2", "C1", "gpt", Totals(3, 0, 300, 0.4)),
    )
    report = Report(month_at(NOON), uses)
    assert report.whole.answers == 4
    assert report.whole.dollars == pytest.approx(0.7)
    assert [user for user, _ in report.by(lambda use: use.user)] == ["U2", "U1"]
    assert report.by(lambda use: use.channel)[0][1].tokens == 400
    assert Report(month_at(NOON), ()).whole == Totals()
