"""Word documents are read as people see them."""

import pytest

from bot.documents import word
from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw, Unit
from tests.bot.documents import office_files as made
from tests.bot.documents.office_files import paragraph, texts


def text_of(body: str, parts: dict[str, str] | None = None, targets: tuple[str, ...] = ()) -> str:
    (text,) = texts(word.read(made.word(body, parts, targets)))
    return text


def test_a_table_stands_where_it_stood() -> None:
    row = "<w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr>"
    table = row.format(paragraph("Name"), paragraph("a|b")) + row.format(
        paragraph("x"), paragraph("1") + paragraph("2")
    )
    text = text_of(paragraph("before") + f"<w:tbl>{table}</w:tbl>" + paragraph("after"))
    assert text == "before\n\n| Name | a\\|b |\n| --- | --- |\n| x | 1<br>2 |\n\nafter"


def test_cells_over_several_columns_and_rows_are_shown_once() -> None:
    wide = f'<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{paragraph("wide")}</w:tc>'
    below = f"<w:tc><w:tcPr><w:vMerge/></w:tcPr>{paragraph('again')}</w:tc><w:tc>{paragraph('right')}</w:tc>"
    text = text_of(f"<w:tbl><w:tr>{wide}</w:tr><w:tr>{below}</w:tr></w:tbl>")
    assert text == "| wide |  |\n| --- | --- |\n|  | right |"


def test_a_table_in_a_cell_becomes_lines_of_that_cell() -> None:
    inner = f"<w:tbl><w:tr><w:tc>{paragraph('a')}</w:tc><w:tc>{paragraph('b')}</w:tc></w:tr></w:tbl>"
    text = text_of(f"<w:tbl><w:tr><w:tc>{paragraph('outer')}{inner}</w:tc></w:tr></w:tbl>")
    assert text == "| outer<br>a – b |\n| --- |"


def test_headings_are_found_by_name_by_base_and_by_level() -> None:
    styles = (
        '<w:styles><w:style w:styleId="H2"><w:name w:val="heading 2"/></w:style>'
        '<w:style w:styleId="Ours"><w:name w:val="Ours"/><w:basedOn w:val="H2"/></w:style></w:styles>'
    )
    body = (
        paragraph("Named", '<w:pStyle w:val="H2"/>')
        + paragraph("Based", '<w:pStyle w:val="Ours"/>')
        + paragraph("Levelled", '<w:outlineLvl w:val="0"/>')
    )
    text = text_of(body, {"word/styles.xml": styles}, ("styles styles.xml",))
    assert text == "## Named\n\n## Based\n\n# Levelled"


def test_clauses_carry_the_numbers_that_people_cite() -> None:
    def item(text: str, level: int) -> str:
        return paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="7"/></w:numPr>')

    numbering = (
        '<w:numbering><w:abstractNum w:abstractNumId="1">'
        '<w:lvl w:ilvl="0"><w:start w:val="4"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="7"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    )
    body = item("Term", 0) + item("start", 1) + item("end", 1) + item("Law", 0) + item("place", 1)
    text = text_of(body, {"word/numbering.xml": numbering}, ("numbering numbering.xml",))
    assert text.split("\n\n") == ["4. Term", "  4.a start", "  4.b end", "5. Law", "  5.a place"]


def test_notes_comments_headers_and_footers_are_kept() -> None:
    body = (
        '<w:p><w:r><w:t>claim</w:t><w:footnoteReference w:id="2"/></w:r><w:r><w:commentReference w:id="5"/></w:r></w:p>'
    )
    parts = {
        "word/header1.xml": f"<w:hdr>{paragraph('Secret')}</w:hdr>",
        "word/footer1.xml": f"<w:ftr>{paragraph('Page of')}</w:ftr>",
        "word/footnotes.xml": f'<w:footnotes><w:footnote w:type="separator" w:id="0">{paragraph("-")}</w:footnote>'
        f'<w:footnote w:id="2">{paragraph("source")}</w:footnote></w:footnotes>',
        "word/comments.xml": '<w:comments><w:comment w:id="5" w:author="Ada">'
        f"{paragraph('why?')}</w:comment></w:comments>",
    }
    targets = ("header header1.xml", "footer footer1.xml", "footnotes footnotes.xml", "comments comments.xml")
    assert text_of(body, parts, targets).split("\n\n") == [
        "Header: Secret",
        "claim[^f2] [comment by Ada: why?]",
        "[^f2]: source",
        "Footer: Page of",
    ]


def test_deleted_words_and_field_codes_are_left_out_and_inserted_words_kept() -> None:
    body = (
        "<w:p><w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:ins><w:r><w:t>new</w:t></w:r></w:ins>"
        "<w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
    )
    assert text_of(body) == "new"


def test_a_text_box_follows_its_paragraph_once() -> None:
    box = f"<w:txbxContent>{paragraph('in the box')}</w:txbxContent>"
    compatible = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    both = f'<m:A xmlns:m="{compatible}"><m:Choice>{box}</m:Choice><m:Fallback>{box}</m:Fallback></m:A>'
    assert text_of(f"<w:p><w:r><w:t>words</w:t>{both}</w:r></w:p>") == "words\n\nin the box"


def test_links_show_where_they_lead() -> None:
    body = '<w:p><w:hyperlink r:id="r1"><w:r><w:t>here</w:t></w:r></w:hyperlink></w:p>'
    assert text_of(body, targets=("hyperlink https://example.org/",)) == "[here](https://example.org/)"


def test_the_numbers_of_a_chart_are_shown() -> None:
    chart = (
        "<c:chartSpace><c:chart><c:title><a:t>Sales</a:t></c:title>"
        "<c:ser><c:tx><c:pt idx='0'><c:v>North</c:v></c:pt></c:tx>"
        "<c:cat><c:pt idx='0'><c:v>May</c:v></c:pt></c:cat><c:val><c:pt idx='0'><c:v>7.5</c:v></c:pt></c:val>"
        "</c:ser></c:chart></c:chartSpace>"
    )
    text = text_of('<w:p><w:r><c:chart r:id="r1"/></w:r></w:p>', {"word/charts/c.xml": chart}, ("chart charts/c.xml",))
    assert text == "[chart: Sales]\n\n|  | North |\n| --- | --- |\n| May | 7.5 |"


def test_a_strict_document_is_read_like_any_other() -> None:
    usual = made.word(paragraph("ISO"))
    parts = {
        "_rels/.rels": made.links("officeDocument word/document.xml"),
        "word/document.xml": '<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body>'
        f"{paragraph('ISO')}</w:body></w:document>",
    }
    assert texts(word.read(made.zipped(parts))) == texts(word.read(usual)) == ["ISO"]


def test_a_long_document_comes_in_parts_with_titles() -> None:
    body = paragraph("Start", '<w:outlineLvl w:val="0"/>') + "".join(
        paragraph(f"{n} " + "word " * 200) for n in range(40)
    )
    reading = word.read(made.word(body))
    sections = list(reading.sections)
    assert reading.unit is Unit.PART
    assert reading.total == len(sections) > 3
    assert {section.title for section in sections} == {"Start"}
    assert [section.number for section in sections] == list(range(1, len(sections) + 1))


@pytest.mark.parametrize(
    ("content", "flaw"),
    [
        (b"", Flaw.EMPTY),
        (made.ENCRYPTED, Flaw.ENCRYPTED),
        (made.word(paragraph("x"))[:-40], Flaw.BROKEN),
        (made.zipped({"word/document.xml": "<w/>"}), Flaw.BROKEN),
    ],
)
def test_a_document_that_cannot_be_read_says_why(content: bytes, flaw: Flaw) -> None:
    with pytest.raises(FileUnusable) as caught:
        word.read(content)
    assert caught.value.flaw is flaw
