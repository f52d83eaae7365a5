"""LibreOffice's texts and presentations are read."""

import pytest

from bot.documents import opendocument
from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw, Unit
from tests.bot.documents.office_files import texts, zipped

_ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"'
)


def open_document(kind: str, body: str, manifest: str = "<manifest/>") -> bytes:
    content = f"<office:document-content {_ODF}><office:body><office:{kind}>{body}</office:{kind}></office:body>"
    media_type = {"text": "text", "presentation": "presentation"}[kind]
    return zipped(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{media_type}",
            "content.xml": f"{content}</office:document-content>",
            "META-INF/manifest.xml": manifest,
        }
    )


def test_a_text_document_has_headings_and_tables_in_place() -> None:
    row = "<table:table-row>" + "<table:table-cell><text:p>{}</text:p></table:table-cell>" * 2 + "</table:table-row>"
    body = (
        '<text:h text:outline-level="2">Costs</text:h><text:p>before</text:p>'
        f"<table:table>{row.format('Item', 'Price')}{row.format('Tea', '3')}</table:table><text:p>after</text:p>"
    )
    (text,) = texts(opendocument.read_text(open_document("text", body)))
    assert text == "## Costs\n\nbefore\n\n| Item | Price |\n| --- | --- |\n| Tea | 3 |\n\nafter"


def test_a_presentation_has_one_section_a_slide() -> None:
    box = "<draw:frame><draw:text-box><text:p>{0}</text:p></draw:text-box></draw:frame>"
    page = f"<draw:page draw:name='{{0}}'>{box}</draw:page>"
    reading = opendocument.read_slides(
        open_document("presentation", page.format("nonce-one") + page.format("nonce-two"))
    )
    first, second = texts(reading)
    assert reading.unit is Unit.SLIDE
    assert "nonce-one" in first
    assert "nonce-two" not in first
    assert "nonce-two" in second


def test_notes_comments_links_spaces_and_boxes_are_read() -> None:
    body = (
        '<text:p>one<text:s text:c="3"/>two<text:note><text:note-citation>1</text:note-citation>'
        "<text:note-body><text:p>source</text:p></text:note-body></text:note>"
        '<text:a xlink:href="https://example.org/">here</text:a>'
        "<office:annotation><text:p>why?</text:p></office:annotation>"
        "<draw:frame><draw:text-box><text:p>boxed</text:p></draw:text-box></draw:frame></text:p>"
        "<text:list><text:list-item><text:p>a</text:p><text:list><text:list-item><text:p>b</text:p></text:list-item>"
        "</text:list></text:list-item></text:list>"
    )
    (text,) = texts(opendocument.read_text(open_document("text", body)))
    assert text.split("\n\n") == [
        "one   two[^1][here](https://example.org/) [comment: why?]",
        "[^1]: source",
        "boxed",
        "- a\n  - b",
    ]


def test_deleted_text_is_left_out() -> None:
    body = "<text:tracked-changes><text:p>old</text:p></text:tracked-changes><text:p>new</text:p>"
    assert texts(opendocument.read_text(open_document("text", body))) == ["new"]


def test_a_slide_has_its_title_and_its_notes() -> None:
    frame = '<draw:frame presentation:class="{}"><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame>'
    page = (
        f"<draw:page>{frame.format('outline', 'body')}{frame.format('title', 'Top')}{frame.format('footer', 'no')}"
        f"<presentation:notes>{frame.format('notes', 'say')}</presentation:notes></draw:page>"
    )
    (section,) = opendocument.read_slides(open_document("presentation", page)).sections
    assert (section.title, section.text) == ("Top", "# Top\n\nbody\n\nSpeaker notes:\nsay")


def test_repetitions_without_end_are_cut() -> None:
    cell = '<table:table-cell table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="99999999">{cell}</table:table-row>'
    space = '<text:p>a<text:s text:c="99999999"/>b</text:p>'
    content = open_document("text", f"{space}<table:table>{row}</table:table>")
    assert sum(map(len, texts(opendocument.read_text(content)))) < 60_000


@pytest.mark.parametrize(
    ("content", "flaw"),
    [
        (open_document("text", "", "<manifest><encryption-data/></manifest>"), Flaw.ENCRYPTED),
        (open_document("text", "<text:p>x</text:p>")[:-60], Flaw.BROKEN),
        (open_document("text", "<broken>"), Flaw.BROKEN),
        (open_document("presentation", ""), Flaw.BROKEN),
    ],
)
def test_a_text_that_cannot_be_read_says_why(content: bytes, flaw: Flaw) -> None:
    with pytest.raises(FileUnusable) as caught:
        opendocument.read_text(content)
    assert caught.value.flaw is flaw
