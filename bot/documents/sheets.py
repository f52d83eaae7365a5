"""Reads Excel workbooks (.xlsx) as a stream: rows and columns are cut while they are read, and the real size stated."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from bot.documents.cells import CellCollector, Value
from bot.documents.grid import Grid, clipped, trimmed
from bot.documents.numbers import PLAIN, Format, read_format, shown
from bot.documents.package import Package, open_package
from bot.documents.reading import Reading
from bot.documents.shared_texts import SharedTexts
from bot.documents.xml_stream import XmlStream
from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw, Section, Unit

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_SHEETS = 50
_CELLS = 400_000
_COUNTED = 256 << 20
"""Bytes of a sheet that are looked through for its last row."""

_ROW = re.compile(rb'<(?:\w{1,20}:)?row\s(?:[^<>]{0,200}?\s)?r="(\d{1,7})"')
_LONGEST_ROW_TAG = 250
_LONGEST_PREFIX = 22
_TRUE = ("1", "true")


@dataclass(slots=True)
class _Workbook:
    """What the sheets of one workbook share."""

    package: Package
    formats: list[Format]
    from_1904: bool
    texts: SharedTexts
    cells_left: int = _CELLS


def read(content: bytes) -> Reading:
    """One section a sheet: its first 2,000 rows and 100 columns, at most 50 sheets. Raises FileUnusable."""
    package = open_package(content)
    main = package.main()
    tree = package.xml(main)
    sheets = list(tree.iter(f"{_S}sheet"))
    if not sheets:
        raise FileUnusable(Flaw.EMPTY)
    properties = tree.find(f"{_S}workbookPr")
    texts = package.linked(main, "sharedStrings")
    workbook = _Workbook(
        package,
        _formats(package, main),
        properties is not None and properties.get("date1904") in _TRUE,
        SharedTexts(package, texts[0] if texts else None),
    )
    cut = f"only the first {_SHEETS} of {len(sheets)} sheets were read" if len(sheets) > _SHEETS else ""
    return Reading("Excel workbook", Unit.SHEET, len(sheets), _sections(workbook, main, sheets[:_SHEETS]), cut)


def _sections(workbook: _Workbook, main: str, sheets: list[etree._Element]) -> Iterator[Section]:
    links = workbook.package.relationships(main)
    for number, sheet in enumerate(sheets, 1):
        link = links.get(sheet.get(f"{_R}id", ""))
        text = "(empty)"
        part = ""
        if link is not None and link.kind == "worksheet" and link.target in workbook.package.names:
            if workbook.cells_left > 0:
                grid = _sheet(workbook, link.target)
                text, part = grid.text(), grid.part
            else:
                text = "(not read: there is too much in this workbook)"
                part = "not read, because there is too much in it"
        hidden = "(This sheet is hidden.)\n\n" if sheet.get("state", "visible") != "visible" else ""
        yield Section(number, hidden + text, sheet.get("name", ""), part=part)


def _sheet(workbook: _Workbook, name: str) -> Grid:
    collector = CellCollector(workbook.cells_left)
    last, more = _collect(workbook.package, name, collector)
    workbook.cells_left -= collector.kept
    rows = {}
    for number, cells in collector.rows.items():
        row = [""] * (max(cells) + 1)
        for column, value in cells.items():
            row[column] = clipped(_shown(workbook, value))
        if kept := trimmed(row):
            rows[number] = kept
    return Grid(rows, max([last, *collector.rows]), collector.width, more)


def _collect(package: Package, name: str, collector: CellCollector) -> tuple[int, bool]:
    """Parse a sheet until enough is kept, then only look for the number of the last row.

    Returns that number, 0 when all was kept, and whether there may be still more rows. Raises FileUnusable.
    """
    with package.open(name) as part:
        stream, piece = XmlStream(part, collector), b""
        while not collector.full:
            piece = stream.parse()
            if not piece:
                return 0, False
        last = size = 0
        before = b""
        while piece and size < _COUNTED:
            last = _last_row(before + piece) or last
            before, size, piece = piece[-_LONGEST_ROW_TAG:], size + len(piece), stream.skip()
        return last, bool(piece)


def _last_row(xml: bytes) -> int:
    """The number of the last row that begins in this piece of a sheet; 0 when none does."""
    place = len(xml)
    while (place := xml.rfind(b"row ", 0, place)) >= 0:
        start = xml.rfind(b"<", max(0, place - _LONGEST_PREFIX), place)
        if start >= 0 and (row := _ROW.match(xml, start)):
            return int(row[1])
    return 0


def _shown(workbook: _Workbook, value: Value) -> str:
    match value.kind:
        case "s":
            return workbook.texts.at(int(value.text)) if re.fullmatch(r"\d{1,8}", value.text) else ""
        case "b":
            return "TRUE" if value.text.strip() in _TRUE else "FALSE"
        case "n":
            form = workbook.formats[value.style] if value.style < len(workbook.formats) else PLAIN
            return shown(value.text.strip(), form, workbook.from_1904)
        case _:
            return value.text


def _formats(package: Package, main: str) -> list[Format]:
    """The number format of each cell style (ECMA-376 part 1, §18.8.10)."""
    for name in package.linked(main, "styles"):
        tree = package.xml(name)
        codes = {node.get("numFmtId", ""): node.get("formatCode", "") for node in tree.iter(f"{_S}numFmt")}
        ids = [node.get("numFmtId", "0") for node in tree.iterfind(f"{_S}cellXfs/{_S}xf")]
        return [read_format(int(each) if re.fullmatch(r"\d{1,6}", each) else 0, codes.get(each, "")) for each in ids]
    return []
