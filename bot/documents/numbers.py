"""What Excel shows for a number: dates, times and percents are numbers under a format (ECMA-376 part 1, §18.8.30)."""

import re
from datetime import datetime, timedelta
from enum import StrEnum

_BUILT_IN_DATES = {*range(14, 18), *range(27, 37), *range(50, 59)}
_BUILT_IN_TIMES = {18, 19, 20, 21, 45, 47}
_ELAPSED = 46
_DATE_AND_TIME = 22
_BUILT_IN_PERCENTS = {9: 0, 10: 2}

_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_PERCENT = re.compile(r"(?:\.([0#?]+))?[0#? ]*%")


_DIGITS = 15
"""What Excel keeps of a number."""

_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - cells know no time zones
_EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
_END_OF_DATES = 2_958_466 - 1_462
"""The day after the last one of the year 9999, in both ways of counting."""


class Form(StrEnum):
    """How a number is meant."""

    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    MOMENT = "moment"
    ELAPSED = "elapsed"
    PERCENT = "percent"


Format = tuple[Form, int]
"""A form, and for percents the number of decimals."""

PLAIN: Format = (Form.NUMBER, 0)


def read_format(number: int, code: str = "") -> Format:
    """What a number format means, by its code, or by its number for those that every Excel knows."""
    if code:
        return _by_code(code)
    if number in _BUILT_IN_PERCENTS:
        return Form.PERCENT, _BUILT_IN_PERCENTS[number]
    if number in _BUILT_IN_DATES:
        return Form.DATE, 0
    if number in _BUILT_IN_TIMES:
        return Form.TIME, 0
    return {_DATE_AND_TIME: (Form.MOMENT, 0), _ELAPSED: (Form.ELAPSED, 0)}.get(number, PLAIN)


def _by_code(code: str) -> Format:
    shape = _LITERAL.sub("", code.partition(";")[0]).lower()
    if percent := _PERCENT.search(shape):
        return Form.PERCENT, len(percent[1] or "")
    if "[" in shape:
        return Form.ELAPSED, 0
    if "general" in shape:
        return PLAIN
    has_date, has_time = bool(re.search("[yd]", shape)), bool(re.search("[hs]", shape))
    if has_date or has_time or re.search("m", shape):
        return Form.MOMENT if has_date and has_time else Form.TIME if has_time else Form.DATE, 0
    return PLAIN


def shown(raw: str, form: Format, from_1904: bool = False) -> str:
    """The number as people know it; as it is where it is none, or no date that Excel knows."""
    kind, decimals = form
    is_whole = len(raw) <= _DIGITS and raw.isascii() and raw.removeprefix("-").isdigit()
    if kind is Form.NUMBER and is_whole:
        return raw
    try:
        value = float(raw)
    except ValueError:
        return raw
    if kind is Form.PERCENT and abs(value) < 1e9:
        return f"{value * 100:.{min(decimals, 10)}f}%"
    if kind in (Form.NUMBER, Form.PERCENT) or not 0 <= value < _END_OF_DATES:
        return raw if is_whole else format(value, f".{_DIGITS}g")
    seconds = round(value * 86_400)
    if kind is Form.ELAPSED:
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return _moment(kind, seconds, from_1904)


def _moment(kind: Form, seconds: int, from_1904: bool) -> str:
    # Day 60 is a 29 February 1900 that never was: the days before it count from one day later.
    epoch = _EPOCH_1904 if from_1904 else _EPOCH if seconds >= 60 * 86_400 else _EPOCH + timedelta(days=1)
    moment = epoch + timedelta(seconds=seconds)
    if kind is Form.TIME and seconds < 86_400:
        return moment.strftime("%H:%M:%S")
    if kind is Form.DATE and seconds % 86_400 == 0:
        return moment.date().isoformat()
    return moment.isoformat(" ")
