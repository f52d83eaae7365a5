"""Older and other workbooks are read as tables."""

import pytest

from bot.documents import old_sheets
from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw, Unit
from tests.bot.documents import ole_files
from tests.bot.documents.office_files import texts, zipped

_ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
)


def ods(*rows: str) -> bytes:
    lines = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    sheet = f'<table:table table:name="Plan">{lines}</table:table>'
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f"<office:document-content {_ODF}><office:body><office:spreadsheet>{sheet}"
            "</office:spreadsheet></office:body></office:document-content>",
            "META-INF/manifest.xml": "<manifest/>",
        }
    )


def text_cell(text: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def test_a_sheet_of_libreoffice_is_a_table() -> None:
    number = '<table:table-cell office:value-type="float" office:value="{}"/>'
    day = '<table:table-cell office:value-type="date" office:date-value="2026-11-25"/>'
    reading = old_sheets.read(ods(text_cell("Item") + text_cell("When"), number.format("0.5") + day))
    (section,) = reading.sections
    assert (reading.unit, reading.total, section.title) == (Unit.SHEET, 1, "Plan")
    assert section.text.startswith("Rows 1–2, columns A–B\n\n| Item | When |\n| --- | --- |\n| 0.5 | 2026-11-25")


def test_the_real_number_of_rows_is_stated_when_they_are_cut() -> None:
    (text,) = texts(old_sheets.read(ods(*(text_cell(f"row {number}") for number in range(1, 2_501)))))
    assert text.startswith("Rows 1–2,000 of 2,500, column A\n")
    assert "row 2000 |" in text
    assert "row 2001" not in text


def test_a_workbook_of_excel_97_keeps_its_cells_in_their_columns() -> None:
    (text,) = texts(old_sheets.read(ole_files.workbook("nonce")))
    assert text == "Row 3, column B\n\n| nonce |\n| --- |"


@pytest.mark.parametrize(
    ("content", "flaw"),
    [
        (ole_files.workbook("x", encrypted=True), Flaw.ENCRYPTED),
        (ods(text_cell("x"))[:-50], Flaw.BROKEN),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and no more", Flaw.BROKEN),
    ],
)
def test_a_workbook_that_cannot_be_read_says_why(content: bytes, flaw: Flaw) -> None:
    with pytest.raises(FileUnusable) as caught:
        list(old_sheets.read(content).sections)
    assert caught.value.flaw is flaw
