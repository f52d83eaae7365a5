"""Excel workbooks are read as far as people can use them, and never further."""

import tracemalloc
from io import BytesIO

import pytest
from openpyxl import Workbook

from bot.documents import sheets
from bot.documents.grid import CELL
from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw, Unit
from tests.bot.documents import office_files as made
from tests.bot.documents.office_files import texts


def cell(place: str, value: object, more: str = "") -> str:
    return f'<c r="{place}" {more}><v>{value}</v></c>'


def row(number: int, *cells: str) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def text_of(*rows: str, texts_of_book: str = "", formats: str = "", base: str = "") -> str:
    (text,) = texts(sheets.read(made.workbook("".join(rows), texts=texts_of_book, formats=formats, base=base)))
    return text


def test_a_workbook_of_another_writer_is_read_with_its_formats() -> None:
    book = Workbook()
    sheet = book.create_sheet("Figures", 0)
    sheet.append(["Item", "Share", "Sum"])
    sheet.append(["nonce", 0.125, "=1+1"])
    sheet["B2"].number_format = "0.0%"
    buffer = BytesIO()
    book.save(buffer)
    reading = sheets.read(buffer.getvalue())
    first, second = reading.sections
    assert (reading.unit, reading.total) == (Unit.SHEET, 2)
    assert (first.number, first.title) == (1, "Figures")
    assert (
        first.text == "Rows 1–2, columns A–C\n\n| Item | Share | Sum |\n| --- | --- | --- |\n| nonce | 12.5% | =1+1 |"
    )
    assert second.text == "(empty)"


def test_dates_count_from_the_workbooks_own_beginning() -> None:
    formats = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    place = cell("A1", 45000, 's="1"')
    assert "2023-03-15" in text_of(row(1, place), formats=formats)
    assert "2027-03-16" in text_of(row(1, place), formats=formats, base='date1904="1"')


def test_all_types_of_cells_are_shown() -> None:
    shared = "<si><t>shared</t><rPh><t>sound</t></rPh></si><si><r><t>ri</t></r><r><t>ch</t></r></si>"
    cells = [
        cell("A1", 0, 't="s"'),
        cell("B1", 1, 't="s"'),
        '<c r="C1" t="inlineStr"><is><t>inline</t></is></c>',
        cell("D1", 1, 't="b"'),
        cell("E1", "#DIV/0!", 't="e"'),
        cell("F1", "0.30000000000000004"),
        cell("G1", 99, 't="s"'),
        cell("H1", "end", 't="str"'),
    ]
    assert "| shared | rich | inline | TRUE | #DIV/0! | 0.3 |  | end |" in text_of(row(1, *cells), texts_of_book=shared)


def test_the_real_number_of_rows_is_stated_when_they_are_cut() -> None:
    text = text_of(*(row(number, cell(f"A{number}", number)) for number in range(1, 30_001)))
    assert text.startswith("Rows 1–2,000 of 30,000, column A\n")
    assert text.endswith("| 2000 |")


def test_rows_are_counted_whatever_the_file_calls_its_namespace() -> None:
    parts = made.unzipped(made.workbook("".join(row(number, cell(f"A{number}", 1)) for number in range(1, 30_001))))
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b"</", b"</x:").replace(b"<", b"<x:").replace(b"<x:/x:", b"</x:")
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(b"xmlns=", b"xmlns:x=")
    (text,) = texts(sheets.read(made.zipped(parts)))
    assert text.startswith("Rows 1–2,000 of 30,000, column A\n")


def test_columns_far_to_the_right_are_counted_and_left_out() -> None:
    text = text_of(row(1, cell("A1", 1), cell("XFD1", 2)))
    assert text == "Row 1, column A of A–XFD\n\n| 1 |\n| --- |"


def test_two_cells_in_far_corners_cost_next_to_nothing() -> None:
    content = made.workbook(row(1, cell("A1", "corner", 't="str"')) + row(1_048_576, cell("XFD1048576", 2)))
    tracemalloc.start()
    try:
        (text,) = texts(sheets.read(content))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "| corner |" in text
    assert peak < 4_000_000


def test_one_long_text_that_many_cells_share_is_cut() -> None:
    long = f"<si><t>{'x' * 1_000_000}</t></si>"
    text = text_of(*(row(n, cell(f"A{n}", 0, 't="s"')) for n in range(1, 101)), texts_of_book=long)
    assert len(text) < 101 * (CELL + 20)
    assert "x" * CELL + "…" in text


def test_a_row_without_numbers_follows_the_one_before() -> None:
    assert text_of("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>") == (
        "Rows 1–2, columns A–B\n\n| 1 | 2 |\n| --- | --- |\n| 3 |  |"
    )


def test_hidden_sheets_are_marked() -> None:
    first, second = texts(sheets.read(made.workbook(row(1, cell("A1", 1)), row(1, cell("A1", 2)), state="veryHidden")))
    assert not first.startswith("(")
    assert second.startswith("(This sheet is hidden.)\n\nRow 1, column A")


def test_sheets_after_the_limits_are_named_or_counted() -> None:
    wide = "".join(row(n, *(f"<c><v>{n}</v></c>" for _ in range(100))) for n in range(1, 2_001))
    reading = sheets.read(made.workbook(wide, wide, wide, row(1, cell("A1", 1))))
    assert texts(reading)[2:] == ["(not read: there is too much in this workbook)"] * 2
    many = sheets.read(made.workbook(*[""] * 51))
    assert (many.total, len(texts(many)), many.cut) == (51, 50, "only the first 50 of 51 sheets were read")


@pytest.mark.parametrize(
    ("content", "flaw"),
    [
        (made.workbook(), Flaw.EMPTY),
        (made.ENCRYPTED, Flaw.ENCRYPTED),
        (made.workbook("<row><c>"), Flaw.BROKEN),
        (made.workbook(row(1, cell("A1", 1)))[:-30], Flaw.BROKEN),
    ],
)
def test_a_workbook_that_cannot_be_read_says_why(content: bytes, flaw: Flaw) -> None:
    with pytest.raises(FileUnusable) as caught:
        list(sheets.read(content).sections)
    assert caught.value.flaw is flaw


def test_entities_in_a_sheet_are_refused() -> None:
    parts = dict(made.unzipped(made.workbook("")))
    parts["xl/worksheets/sheet1.xml"] = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    with pytest.raises(FileUnusable) as caught:
        list(sheets.read(made.zipped(parts)).sections)
    assert caught.value.flaw is Flaw.BROKEN
