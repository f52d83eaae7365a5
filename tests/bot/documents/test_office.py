"""Old Office's documents, RTF, Outlook messages and e-books are read."""

import pytest

from bot.documents import office
from bot.documents.reading import Read
from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw, Unit
from tests.bot.documents import ole_files
from tests.bot.documents.office_files import texts, zipped


def book(*chapters: str, more: dict[str, str] | None = None) -> bytes:
    items = "".join(f'<item id="c{n}" href="text/{n}.xhtml#top"/>' for n in range(len(chapters)))
    spine = "".join(f'<itemref idref="c{n}"/>' for n in reversed(range(len(chapters))))
    return zipped(
        {
            "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
            "OEBPS/book.opf": f'<package xmlns="http://www.idpf.org/2007/opf"><manifest>{items}</manifest>'
            f"<spine>{spine}</spine></package>",
            **{f"OEBPS/text/{n}.xhtml": f"<html><body>{text}</body></html>" for n, text in enumerate(chapters)},
            **(more or {}),
        }
    )


def test_rich_text_is_read_in_its_own_encodings() -> None:
    (text,) = texts(office.read_rtf(rb"{\rtf1\ansi\ansicpg1252 caf\'e9 \u8364? nonce\par}"))
    assert "café €" in text
    assert "nonce" in text


def test_a_book_is_read_chapter_by_chapter_in_its_own_order() -> None:
    reading = office.read_epub(book("<p>the end</p>", "<h1>First</h1><p>it began</p>"))
    sections = list(reading.sections)
    assert (reading.unit, reading.total) == (Unit.CHAPTER, 2)
    assert [(section.title, section.text) for section in sections] == [
        ("First", "# First\n\nit began"),
        ("", "the end"),
    ]


def test_an_outlook_message_shows_subject_and_text() -> None:
    (text,) = texts(office.read_msg(ole_files.message("Quarter figures", "nonce in the body")))
    assert "Quarter figures" in text
    assert "nonce in the body" in text


_FLAGGED = bytearray(b"\xec\xa5\xc1\0".ljust(4096, b"\0"))
_FLAGGED[11] = 1
_USER = bytes.fromhex("0000f60f 1c000000 14000000 dfc4d1f3").ljust(40, b"\0")


@pytest.mark.parametrize(
    ("read", "content"),
    [
        (office.read_doc, ole_files.container({"WordDocument": bytes(_FLAGGED)})),
        (office.read_ppt, ole_files.container({"Current User": _USER, "PowerPoint Document": bytes(5000)})),
        (office.read_epub, book("<p/>", more={"META-INF/encryption.xml": "<e/>", "META-INF/rights.xml": "<r/>"})),
    ],
)
def test_a_file_under_a_password_says_so(read: Read, content: bytes) -> None:
    with pytest.raises(FileUnusable) as caught:
        read(content)
    assert caught.value.flaw is Flaw.ENCRYPTED


@pytest.mark.parametrize(
    ("read", "content"),
    [
        (office.read_doc, ole_files.message("x", "y")[:700]),
        (office.read_ppt, b"no presentation"),
        (office.read_msg, ole_files.message("x", "y")[:700]),
        (office.read_epub, zipped({"mimetype": "application/epub+zip"})),
    ],
)
def test_a_damaged_file_says_so(read: Read, content: bytes) -> None:
    with pytest.raises(FileUnusable) as caught:
        list(read(content).sections)
    assert caught.value.flaw is Flaw.BROKEN
