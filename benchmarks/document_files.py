"""Makes large documents of many kinds, to measure how they are read."""

import zipfile
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO

import docx
import pptx

PAGES, TABLE_PAGES, PARAGRAPHS, ROWS, SLIDES, ARTICLES = 1_000, 60, 10_000, 200_000, 200, 20_000
_COLUMNS = 10
_SENTENCE = "The quick brown fox jumps over the lazy dog and comes back for tea"
_S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def pdf_text() -> bytes:
    """Pages of forty lines."""
    lines = "".join(f"({_SENTENCE} {line}) Tj T*\n" for line in range(40))
    return _pdf([f"BT /F 11 Tf 14 TL 50 780 Td (Page {page}) Tj T*\n{lines}ET" for page in range(1, PAGES + 1)])


def pdf_tables() -> bytes:
    """Pages with a ruled table of thirty rows and six columns."""
    rules = "".join(f"50 {780 - 20 * row} m 530 {780 - 20 * row} l S\n" for row in range(31))
    rules += "".join(f"{50 + 80 * column} 780 m {50 + 80 * column} 180 l S\n" for column in range(7))
    cells = "".join(
        f"BT /F 9 Tf {54 + 80 * column} {766 - 20 * row} Td (cell {row}.{column}) Tj ET\n"
        for row in range(30)
        for column in range(6)
    )
    return _pdf([rules + cells] * TABLE_PAGES)


def _pdf(pages: list[str]) -> bytes:
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for page in pages:
        content = zlib.compress(page.encode())
        kids.append(f"{len(objects) + 1} 0 R")
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >> "
            b"/Contents %d 0 R >>" % (len(objects) + 2),
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(content), content),
        ]
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>".encode()
    written, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    trailer = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(written)}\n%%EOF"
    return bytes(written) + f"xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}".encode()


def word() -> bytes:
    """Paragraphs under headings, with a table after every hundred of them."""
    document = docx.Document()
    for number in range(PARAGRAPHS):
        if number % 100 == 0:
            document.add_heading(f"Chapter {number // 100}", 1)
            table = document.add_table(rows=5, cols=4)
            for row in table.rows:
                for cell in row.cells:
                    cell.text = "value"
        document.add_paragraph(f"{number} {_SENTENCE}")
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def slides() -> bytes:
    """Slides with a title, two lines and notes."""
    presentation = pptx.Presentation()
    for number in range(SLIDES):
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.shapes.title.text = f"Slide {number}"
        slide.placeholders[1].text = f"{_SENTENCE}\n{_SENTENCE}"
        slide.notes_slide.notes_text_frame.text = _SENTENCE
    buffer = BytesIO()
    presentation.save(buffer)
    return buffer.getvalue()


def sheets() -> bytes:
    """One sheet of two hundred thousand rows: numbers, and texts that the workbook's cells share."""
    rows = "".join(
        f'<row r="{row}">'
        + "".join(
            f'<c r="{letter}{row}" t="s"><v>{row % 1_000}</v></c>'
            if letter == "A"
            else f'<c r="{letter}{row}"><v>{row}.5</v></c>'
            for letter in "ABCDEFGHIJ"
        )
        + "</row>"
        for row in range(1, ROWS + 1)
    )
    texts = "".join(f"<si><t>text {number}</t></si>" for number in range(1_000))
    overrides = "".join(
        f'<Override PartName="/xl/{name}.xml" ContentType="{_TYPES}.{kind}+xml"/>'
        for name, kind in (("workbook", "sheet.main"), ("sheet1", "worksheet"), ("sharedStrings", "sharedStrings"))
    )
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{overrides}</Types>",
        "_rels/.rels": _links({"officeDocument": "xl/workbook.xml"}),
        "xl/workbook.xml": f'<workbook xmlns="{_S}" xmlns:r="{_R}"><sheets>'
        '<sheet name="Data" sheetId="1" r:id="worksheet"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _links({"worksheet": "sheet1.xml", "sharedStrings": "sharedStrings.xml"}),
        "xl/sharedStrings.xml": f'<sst xmlns="{_S}">{texts}</sst>',
        "xl/sheet1.xml": f'<worksheet xmlns="{_S}"><sheetData>{rows}</sheetData></worksheet>',
    }
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _links(targets: Mapping[str, str]) -> str:
    links = "".join(
        f'<Relationship Id="{kind}" Type="{_R}/{kind}" Target="{place}"/>' for kind, place in targets.items()
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{links}</Relationships>'
    )


def page() -> bytes:
    """A web page of 3.5 MB: headings, paragraphs with links, and tables."""
    article = (
        f"<div class='a'><h2>Title</h2><p>{_SENTENCE} <a href='https://example.org/'>here</a>.</p>"
        "<table><tr><td>1</td><td>2</td></tr></table></div>\n"
    )
    return f"<html><body>{article * ARTICLES}</body></html>".encode()


FILES: Mapping[str, Callable[[], bytes]] = {
    "text.pdf": pdf_text,
    "tables.pdf": pdf_tables,
    "long.docx": word,
    "long.xlsx": sheets,
    "long.pptx": slides,
    "long.html": page,
}
