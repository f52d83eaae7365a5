"""Cron lines, understood as in every crontab."""

import re

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger

_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


def cron(text: str) -> BaseTrigger:
    """The trigger for the five fields of a crontab line, in local time. Raises ValueError.

    Weekdays count as in every crontab, from Sunday = 0; APScheduler 3 by itself counts from Monday = 0 (its
    documentation of `CronTrigger.from_crontab`).
    """
    *fields, weekdays = text.split()
    return CronTrigger.from_crontab(" ".join((*fields, ",".join(map(_named, weekdays.split(","))))))


def _named(weekdays: str) -> str:
    numbers = re.fullmatch(r"([0-7])(?:-([0-7]))?(?:/([1-9]))?", weekdays)
    if numbers is None:
        return weekdays
    first, last, step = int(numbers[1]), int(numbers[2] or numbers[1]), int(numbers[3] or 1)
    return ",".join(_WEEKDAYS[day % 7] for day in range(first, last + 1, step))
