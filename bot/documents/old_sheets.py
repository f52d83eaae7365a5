"""Reads the other workbooks: Excel's older ones (.xls), its binary ones (.xlsb), and LibreOffice's (.ods)."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from bot.documents.grid import COLUMNS, ROWS, Grid, clipped, trimmed
from bot.documents.reading import Reading
from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw, Section, Unit

_SHEETS = 50
_UNDER_A_PASSWORD = re.compile(rb"\x09\x08\x10\0.{16}(?:\x86\0\0\0)?\x2f\0", re.DOTALL)
"""The first records of an encrypted workbook (MS-XLS 2.4.117); the library misses the oldest way of encryption."""


def read(content: bytes) -> Reading:
    """One section a sheet: its first 2,000 rows and 100 columns, at most 50 sheets. Raises FileUnusable.

    The library holds a whole sheet while it reads it; the worker's memory is the limit of what it can take.
    """
    if _UNDER_A_PASSWORD.search(content):
        raise FileUnusable(Flaw.ENCRYPTED)
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(content))
    except PasswordError:
        raise FileUnusable(Flaw.ENCRYPTED) from None
    except (CalamineError, OSError, ValueError):
        raise FileUnusable(Flaw.BROKEN) from None
    sheets = workbook.sheets_metadata
    if not sheets:
        raise FileUnusable(Flaw.EMPTY)
    cut = f"only the first {_SHEETS} of {len(sheets)} sheets were read" if len(sheets) > _SHEETS else ""
    return Reading("workbook", Unit.SHEET, len(sheets), _sections(workbook), cut)


def _sections(workbook: CalamineWorkbook) -> Iterator[Section]:
    for number, sheet in enumerate(workbook.sheets_metadata[:_SHEETS], 1):
        hidden = "" if sheet.visible == SheetVisibleEnum.Visible else "(This sheet is hidden.)\n\n"
        grid = _grid(workbook, sheet.name)
        yield Section(number, hidden + grid.text(), sheet.name, part=grid.part)


def _grid(workbook: CalamineWorkbook, name: str) -> Grid:
    try:
        sheet = workbook.get_sheet_by_name(name)
        top, left = sheet.start or (0, 0)
        rows: dict[int, list[str]] = {}
        for number, values in enumerate(sheet.iter_rows(), 1):
            row = trimmed([_shown(value) for value in values[: COLUMNS - left]]) if left < COLUMNS else []
            if row:
                rows[number] = [""] * left + row  # the library leaves out the empty columns on the left
            if len(rows) == ROWS:
                break
    except (CalamineError, OSError, ValueError):
        raise FileUnusable(Flaw.BROKEN) from None
    return Grid(rows, top + sheet.height, left + sheet.width)


def _shown(value: int | float | str | bool | date | time | datetime | timedelta) -> str:
    match value:
        case bool():
            return str(value).upper()
        case float():
            return format(value, ".15g")
        case datetime():
            return value.isoformat(" ")
        case date() | time():
            return value.isoformat()
        case _:
            return clipped(str(value))
