"""Admins hear in time, and once, of models that will be shut down."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.errors import PlatformUnavailable
from bot.domain.models import ModelInfo
from bot.domain.settings import Holder, Scope
from bot.schedule.shutdowns import TRIES, ShutdownWarnings, days_ahead, warning_of
from tests.doubles.records import MemoryNotices, MemorySettings

LAST = date(2026, 12, 11)
MODELS = {
    "old": ModelInfo("old", shutdown=LAST, successor="young"),
    "older": ModelInfo("older", shutdown=LAST - timedelta(days=100)),
    "chosen": ModelInfo("chosen", shutdown=LAST),
}


@dataclass
class Office:
    """Two admins, who get letters, and a model that somebody has chosen."""

    admins: frozenset[str] = frozenset({"U1", "U2"})
    letters: list[tuple[str, str]] = field(default_factory=list)
    broken: bool = False
    now: float = 0.0

    def __post_init__(self) -> None:
        settings = MemorySettings({Holder(Scope.CHANNEL, "T1", "C1"): {"model": "chosen", "verbosity": "low"}})
        configured = {"old": ("GPT_MODEL", "UTILITY_MODEL"), "young": ("GPT_IMAGE_MODEL",)}
        self.warnings = ShutdownWarnings(
            "T1",
            configured,
            settings,
            lambda name: MODELS.get(name, ModelInfo(name)),
            self.admins,
            MemoryNotices(),
            self.tell,
            lambda: self.now,
        )

    async def tell(self, user: str, text: str) -> None:
        if self.broken:
            raise PlatformUnavailable
        self.letters.append((user, text))

    async def day(self, days: int) -> list[tuple[str, str]]:
        """What the admins get so many days before the last: whom, and of which model."""
        self.letters.clear()
        self.now = datetime(LAST.year, LAST.month, LAST.day, 9, tzinfo=UTC).timestamp() - days * 86_400
        await self.warnings.give()
        return [(user, text.split()[2]) for user, text in self.letters]


@pytest.mark.parametrize(
    ("days", "ahead"),
    [(61, None), (60, 60), (15, 60), (14, 14), (2, 14), (1, 1), (0, 1), (-400, 1)],
)
def test_there_are_three_times_to_warn(days: int, ahead: int | None) -> None:
    assert days_ahead(LAST, LAST - timedelta(days=days)) == ahead
    assert days_ahead(None, LAST) is None


async def test_each_admin_is_told_of_each_model_once_at_each_of_the_times() -> None:
    office, all_of_it = Office(), [("U1", "chosen"), ("U2", "chosen"), ("U1", "old"), ("U2", "old")]
    told = {days: await office.day(days) for days in range(70, -10, -1)}
    assert {days: letters for days, letters in told.items() if letters} == {60: all_of_it, 14: all_of_it, 1: all_of_it}


async def test_a_warning_says_where_the_model_is_chosen_and_what_comes_after_it() -> None:
    office = Office(frozenset({"U1"}))
    await office.day(14)
    chosen, old = (text for _, text in office.letters)
    assert old == (
        "The model old will not be served any more from 2026-12-11 (14 days left). It is chosen in GPT_MODEL, "
        "UTILITY_MODEL: please choose another one. Its provider recommends young."
    )
    assert "settings of channels or people" in chosen
    assert "recommends" not in chosen


def test_what_is_over_is_said_to_be_over() -> None:
    assert "is not served any more since 2026-09-02." in warning_of(MODELS["older"], ("GPT_MODEL",), LAST)
    assert "(1 day left)" in warning_of(MODELS["old"], ("GPT_MODEL",), LAST - timedelta(days=1))


async def test_without_admins_the_log_says_it_once(caplog: pytest.LogCaptureFixture) -> None:
    office = Office(frozenset())
    for days in (14, 13):
        await office.day(days)
    assert [record.getMessage().split()[2] for record in caplog.records] == ["chosen", "old"]


async def test_an_admin_who_cannot_be_reached_keeps_nobody_from_being_told(caplog: pytest.LogCaptureFixture) -> None:
    office = Office(broken=True)
    await office.day(14)
    assert caplog.text.count("an admin was not told") == 4
    assert "The model old" in caplog.text


async def test_a_warning_that_did_not_arrive_is_given_on_the_next_day_and_then_no_more() -> None:
    office = Office(broken=True)
    await office.day(14)
    office.broken = False
    assert len(await office.day(13)) == 4
    assert await office.day(12) == []


async def test_who_can_never_be_reached_is_given_up(caplog: pytest.LogCaptureFixture) -> None:
    office = Office(frozenset({"U1"}), broken=True)
    for day in range(13, 2, -1):
        await office.day(day)
    assert caplog.text.count("The model old") == TRIES
