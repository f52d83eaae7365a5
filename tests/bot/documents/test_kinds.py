"""Files are recognised by what is in them."""

import struct
import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.documents import kinds
from bot.documents.kinds import Kind, recognise
from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw
from tests.bot.documents.pdf_files import pdf, words

HEADERS = b"Received: by x\nFrom: a@example.com\nSubject: Hi\n\nBody"


def zip_of(**members: bytes) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def ole_of(*names: str, inner: str = "") -> bytes:
    """An OLE2 file of three sectors: its table of sectors and its directory; `inner` stands in a storage."""

    def entry(name: str, kind: int, right: int = 0xFFFFFFFF, child: int = 0xFFFFFFFF) -> bytes:
        encoded = (name + "\0").encode("utf-16-le")
        links = struct.pack("<HBBIII", len(encoded), kind, 1, 0xFFFFFFFF, right, child)
        return (encoded.ljust(64, b"\0") + links).ljust(128, b"\0")

    entries = [entry("Root Entry", 5, child=1)]
    entries += [entry(name, 2, right=index + 2) for index, name in enumerate(names)]
    entries += [entry("ObjectPool", 1, child=len(entries) + 1), entry(inner, 2)]
    directory = b"".join(entries).ljust(512 * 4, b"\0")
    fat = struct.pack("<6I", 0xFFFFFFFD, 2, 3, 4, 0xFFFFFFFE, 0xFFFFFFFF).ljust(512, b"\xff")
    header = bytearray(b"\xff" * 512)
    header[:8] = bytes.fromhex("d0cf11e0a1b11ae1")
    struct.pack_into("<H", header, 30, 9)
    struct.pack_into("<I", header, 48, 1)
    struct.pack_into("<I", header, 76, 0)
    return bytes(header) + fat + directory


def flaw_of(name: str, content: bytes) -> Flaw:
    with pytest.raises(FileUnusable) as caught:
        recognise(name, content)
    return caught.value.flaw


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (pdf([words("x")]), kinds.PDF),
        (b"junk before it\n" + pdf([words("x")]), kinds.PDF),
        (b"\x89PNG\r\n\x1a\n", kinds.PICTURE),
        (b"\xff\xd8\xff\xe0", kinds.PICTURE),
        (b"GIF89a", kinds.PICTURE),
        (b"RIFF\0\0\0\0WEBPVP8 ", kinds.PICTURE),
        (b"\0\0\0\x18ftypheic\0\0\0\0", kinds.PICTURE),
        (b"\0\0\0\x18ftypavif\0\0\0\0", kinds.PICTURE),
        (b"{\\rtf1 x}", kinds.RTF),
        (zip_of(**{"[Content_Types].xml": b"", "word/document.xml": b""}), kinds.WORD),
        (zip_of(**{"ppt/presentation.xml": b""}), kinds.SLIDES),
        (zip_of(**{"xl/workbook.xml": b""}), kinds.SHEETS),
        (zip_of(**{"xl/workbook.bin": b""}), kinds.OLD_SHEETS),
        (zip_of(mimetype=b"application/vnd.oasis.opendocument.text"), kinds.ODT),
        (zip_of(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), kinds.OLD_SHEETS),
        (zip_of(mimetype=b"application/vnd.oasis.opendocument.presentation"), kinds.ODP),
        (zip_of(mimetype=b"application/epub+zip"), kinds.EPUB),
        (zip_of(**{"readme.txt": b"x"}), kinds.ARCHIVE),
        (ole_of("1Table", "WordDocument", inner="Workbook"), kinds.OLD_WORD),
        (ole_of("Workbook", inner="WordDocument"), kinds.OLD_SHEETS),
        (ole_of("PowerPoint Document"), kinds.OLD_SLIDES),
        (ole_of("__properties_version1.0"), kinds.MSG),
    ],
)
@pytest.mark.parametrize("name", ["file", "wrong.txt", "wrong.docx", "wrong.png"])
def test_the_content_decides_and_not_the_name(content: bytes, kind: Kind, name: str) -> None:
    assert recognise(name, content) == kind


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.md", b"# x", kinds.MARKDOWN),
        ("a.csv", b"a,b\n", kinds.CSV),
        ("a.TSV", b"a\tb\n", kinds.TSV),
        ("a.json", b"{}", kinds.JSON),
        ("a.svg", b"<svg/>", Kind("text", "read_fenced", "svg")),
        ("a.py", b"<!DOCTYPE html>", Kind("text", "read_fenced", "py")),
        ("Dockerfile", b"FROM scratch", Kind("text", "read_fenced", "dockerfile")),
        ("a.eml", b"Subject: x\n\n", kinds.MAIL),
        ("a.ipynb", b"{}", kinds.NOTEBOOK),
        ("a.html", b"hello", kinds.HTML),
        ("a.txt", b"hello", kinds.PLAIN),
        ("a.txt", b"\xff\xfe" + "hello".encode("utf-16-le"), kinds.PLAIN),
        ("a", b"<?xml version='1.0'?>\n<!-- x --><html>", kinds.HTML),
        ("a", b"<?xml version='1.0'?><note/>", kinds.XML),
        ("a", HEADERS, kinds.MAIL),
        ("a", b'{"cells": [{"cell_type": "code"}], "nbformat": 4}', kinds.NOTEBOOK),
        ("a", b'[{"a": 1}]', kinds.JSON),
        ("a", b"[not json]", kinds.PLAIN),
        ("a.docx", b"plain words", kinds.PLAIN),
        ("a.xls", b"<table><tr>", kinds.HTML),
        ("a.xls", b"a\tb\n1\t2\n", kinds.TSV),
        ("a.xlsx", b"a,b\n1,2\n", kinds.CSV),
    ],
)
def test_the_name_tells_texts_apart(name: str, content: bytes, kind: Kind) -> None:
    assert recognise(name, content) == kind


@pytest.mark.parametrize(
    ("content", "flaw"),
    [
        (b"", Flaw.EMPTY),
        (bytes(100), Flaw.UNKNOWN_KIND),
        (b"\x7fELF\x02\x01\x01\0\0\0", Flaw.UNKNOWN_KIND),
        (b"7z\xbc\xaf\x27\x1c\0\x04\x01\x02\x03", Flaw.UNKNOWN_KIND),
        (ole_of("EncryptedPackage", "EncryptionInfo"), Flaw.ENCRYPTED),
        (ole_of("Something else"), Flaw.UNKNOWN_KIND),
        (bytes.fromhex("d0cf11e0a1b11ae1"), Flaw.BROKEN),
        (zip_of(**{"word/document.xml": b"x" * 50})[:60], Flaw.BROKEN),
        (zip_of(), Flaw.EMPTY),
    ],
    ids=["nothing", "zeros", "elf", "7z", "locked", "ole", "half an ole", "half a zip", "an empty zip"],
)
def test_what_cannot_be_read_says_why(content: bytes, flaw: Flaw) -> None:
    assert flaw_of("file.docx", content) is flaw


def test_a_picture_in_another_file_is_not_read_as_text() -> None:
    with pytest.raises(FileUnusable):
        kinds.reader_of("a.txt", b"\x89PNG\r\n\x1a\n")
    assert next(iter(kinds.reader_of("a.md", b"# x")(b"# x").sections)).text == "# x"


@pytest.mark.parametrize(
    "content", [b"<!---->" * 9_000, b"<!--" * 16_000, b"X-a: b\n" * 9_000, b"[" * 65_000, b" " * 65_000]
)
def test_no_text_takes_long_to_be_guessed(content: bytes) -> None:
    assert recognise("file", content).module == "text"


@given(
    st.sampled_from([b"", b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1"), b"RIFF", b"BM"]), st.binary(max_size=600)
)
def test_any_bytes_are_a_kind_or_unusable(start: bytes, rest: bytes) -> None:
    try:
        assert isinstance(recognise("file", start + rest), Kind)
    except FileUnusable as error:
        assert error.flaw in Flaw


@given(st.integers(8, 2_500), st.binary(min_size=1, max_size=8))
def test_damaged_directories_end(place: int, damage: bytes) -> None:
    good = ole_of("WordDocument", "1Table")
    content = good[:place] + damage + good[place + len(damage) :]
    try:
        recognise("file", content)
    except FileUnusable as error:
        assert error.flaw in {Flaw.UNKNOWN_KIND, Flaw.BROKEN, Flaw.ENCRYPTED}
