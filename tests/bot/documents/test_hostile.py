"""Hostile and damaged files, through real workers: each ends in the right words, and the next file is read."""

import zipfile
import zlib
from collections.abc import AsyncIterator
from io import BytesIO

import psutil
import pytest

from bot.documents.reader import Bounds, WorkerReader
from bot.domain.errors import FileUnusable
from bot.domain.files import Document, Flaw, Section
from tests.bot.documents.pdf_files import pdf, words
from tests.bot.documents.test_kinds import ole_of
from tests.bot.documents.test_picture import giant_png

LINE = "A line that is long enough to be the text of a page."
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "%s">%s]><a>&j;</a>' % (
    b"ha" * 50,
    b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 50) for n in range(9)),
)
_RELATIONSHIPS = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MEMORY_OF_A_READ = 64 * 2**20


@pytest.fixture
async def reader() -> AsyncIterator[WorkerReader]:
    opened = WorkerReader(Bounds(deadline=60.0))
    yield opened
    await opened.close()


def package(**parts: bytes) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def word_file(document: bytes) -> bytes:
    link = b'<Relationship Id="a" Target="word/document.xml" Type="%s/officeDocument"/>' % _RELATIONSHIPS
    links = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>'
    return package(**{"_rels/.rels": links % link, "word/document.xml": document})


def flate_bomb(megabytes: int) -> bytes:
    """A page whose content unpacks to spaces without end."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 2**20) for _ in range(megabytes)) + packer.flush()
    plain = pdf([b"x" * 100])
    start, end = plain.rindex(b"<<  /Length 100 >>"), plain.index(b"\nendstream", plain.rindex(b"<<  /Length 100 >>"))
    return plain[:start] + b"<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed) + packed + plain[end:]


HOSTILE = {
    "encrypted.pdf": (pdf([words(LINE)], user=b"secret"), {Flaw.ENCRYPTED}),
    "encrypted.docx": (ole_of("EncryptionInfo", "EncryptedPackage"), {Flaw.ENCRYPTED}),
    "truncated.pdf": (pdf([words(LINE)] * 20)[:700], {Flaw.BROKEN}),
    "truncated.docx": (word_file(b"<a/>")[:80], {Flaw.BROKEN}),
    "truncated.png": (giant_png(1_000, 1_000)[:200], {Flaw.BROKEN}),
    "bomb.png": (giant_png(60_000, 60_000), {Flaw.TOO_LARGE}),
    "bomb.docx": (word_file(b"<a>" + b" " * 200_000_000 + b"</a>"), {Flaw.TOO_COMPLEX, Flaw.TOO_LARGE}),
    "entities.docx": (word_file(ENTITIES), {Flaw.BROKEN, Flaw.TOO_COMPLEX}),
    "nothing": (b"", {Flaw.EMPTY}),
    "blank.txt": (b"\n\n", {Flaw.EMPTY}),
    "program.pdf": (b"\x7fELF" + bytes(2_000), {Flaw.UNKNOWN_KIND}),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_it_is_refused_for_the_right_reason_and_the_next_file_is_read(reader: WorkerReader, name: str) -> None:
    content, flaws = HOSTILE[name]
    with pytest.raises(FileUnusable) as caught:
        await reader.read(name, content)
    assert caught.value.flaw in flaws
    document = await reader.read("next.pdf", pdf([words(LINE)]))
    assert isinstance(document, Document)
    assert document.sections == (Section(1, LINE),)


async def test_entities_are_shown_and_never_unfolded(reader: WorkerReader) -> None:
    document = await reader.read("entities.xml", ENTITIES)
    assert isinstance(document, Document)
    assert len(document.sections[0].text) < len(ENTITIES) + 20


async def test_a_bomb_of_packed_pages_harms_nobody(reader: WorkerReader) -> None:
    before = psutil.Process().memory_info().rss
    try:
        await reader.read("bomb.pdf", flate_bomb(300))
    except FileUnusable as error:
        assert error.flaw in {Flaw.TOO_COMPLEX, Flaw.TOO_SLOW, Flaw.EMPTY}
    assert psutil.Process().memory_info().rss - before < MEMORY_OF_A_READ


async def test_a_thousand_pages_are_read_in_order(reader: WorkerReader) -> None:
    before = psutil.Process().memory_info().rss
    document = await reader.read("long.pdf", pdf([words(f"{LINE} {n}") for n in range(1_000)]))
    assert isinstance(document, Document)
    assert [section.text for section in document.sections] == [f"{LINE} {n}" for n in range(1_000)]
    assert (document.total, document.cut) == (1_000, "")
    assert psutil.Process().memory_info().rss - before < MEMORY_OF_A_READ
