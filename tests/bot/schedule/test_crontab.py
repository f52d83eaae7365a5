"""What cron lines mean."""

from datetime import datetime

import pytest

from bot.schedule.crontab import cron


@pytest.mark.parametrize(
    ("text", "next_times"),
    [
        ("0 0 * * *", ["Thu 1 00:00", "Fri 2 00:00"]),
        ("30 */12 * * *", ["Thu 1 00:30", "Thu 1 12:30"]),
        ("0 3 * * 0", ["Sun 4 03:00", "Sun 11 03:00"]),
        ("0 3 * * 7", ["Sun 4 03:00", "Sun 11 03:00"]),
        ("0 3 * * 1", ["Mon 5 03:00", "Mon 12 03:00"]),
        ("0 3 * * 5-7/2", ["Fri 2 03:00", "Sun 4 03:00"]),
        ("0 3 * * 6,1", ["Sat 3 03:00", "Mon 5 03:00"]),
        ("0 3 * * sat", ["Sat 3 03:00", "Sat 10 03:00"]),
    ],
)
def test_a_crontab_line_means_what_it_always_means(text: str, next_times: list[str]) -> None:
    trigger = cron(text)
    first = trigger.get_next_fire_time(None, datetime(2026, 1, 1, tzinfo=trigger.timezone))
    second = trigger.get_next_fire_time(first, first)

    assert [f"{time:%a} {time.day} {time:%H:%M}" for time in (first, second)] == next_times


@pytest.mark.parametrize("text", ["", "0 0 * *", "0 0 * * * *", "61 0 * * *", "0 0 * * 8", "0 0 * * 5-2", "daily"])
def test_what_is_no_crontab_line_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        cron(text)
