"""Files for stories: one of each kind that can be read, with a word hidden in it, and what becomes of them."""

import json
import struct
from collections.abc import Callable, Mapping
from contextlib import suppress

from playground.slack.directory import Json
from tests.bot.documents import office_files as office
from tests.bot.documents import ole_files
from tests.bot.documents.pdf_files import PICTURE, pdf, words
from tests.bot.documents.test_mail import letter
from tests.bot.documents.test_notebook import made as notebook
from tests.bot.documents.test_office import book
from tests.bot.documents.test_old_sheets import ods, text_cell
from tests.bot.documents.test_opendocument import open_document
from tests.stories.stage import PATIENCE, Stage

LINE = "It was a dark and stormy night; the rain fell in torrents on the roofs."

Make = Callable[[str], bytes]
"""Makes a file in which this word is hidden."""


def page(word: str) -> bytes:
    """The content of a page of a PDF file, with enough words to be taken for text."""
    return words(f"On this page there is the word {word}.")


def scanned(*pages: str) -> bytes:
    """A PDF file in which a page without a word is nothing but a picture."""
    return pdf([page(word) if word else PICTURE for word in pages])


def long_pdf(count: int) -> bytes:
    """A book that is too long to be read at once; on page 7 there is the word nonce-7."""
    rest = b"".join(words(LINE, y=700 - 20 * line) for line in range(12))
    return pdf([page(f"nonce-{number}") + rest for number in range(1, count + 1)])


def sheet(*rows: str) -> bytes:
    """An Excel workbook of these rows of one cell."""
    cells = (f'<c r="A{number}" t="inlineStr"><is><t>{text}</t></is></c>' for number, text in enumerate(rows, 1))
    return office.workbook("".join(f'<row r="{number}">{cell}</row>' for number, cell in enumerate(cells, 1)))


def mail(word: str) -> bytes:
    """A letter in which the word stands in the file that hangs on it."""
    message = letter("See what hangs on this.")
    message.add_attachment(office.word(office.paragraph(word)), maintype="application", subtype="x", filename="a.docx")
    return message.as_bytes()


def old_word(text: str) -> bytes:
    """A document of Word 97: the file information block, the text, and the table of its one piece (MS-DOC 2.4)."""
    content = text.encode("cp1252") + b"\r"
    block = bytearray(0x400)
    struct.pack_into("<HH", block, 0x00, 0xA5EC, 0xC1)
    struct.pack_into("<H", block, 0x0A, 0x0200)  # the table is in the stream 1Table
    struct.pack_into("<H", block, 0x20, 14)
    struct.pack_into("<H", block, 0x3E, 22)
    struct.pack_into("<i", block, 0x4C, len(content))
    struct.pack_into("<H", block, 0x98, 0x5D)
    pieces = struct.pack("<II", 0, len(content)) + struct.pack("<HIH", 0, 0x40000000 | 2 * len(block), 0)
    table = b"\x02" + struct.pack("<I", len(pieces)) + pieces
    struct.pack_into("<II", block, 0x1A2, 0, len(table))
    return ole_files.container({"WordDocument": (bytes(block) + content).ljust(4096, b"\0"), "1Table": table})


def old_slides(text: str) -> bytes:
    """A presentation of PowerPoint 97 with one slide (MS-PPT 2.4)."""

    def record(kind: int, content: bytes) -> bytes:
        return struct.pack("<HHI", 0, kind, len(content)) + content

    def group(kind: int, *records: bytes) -> bytes:
        content = b"".join(records)
        return struct.pack("<HHI", 0xF, kind, len(content)) + content

    text_of_slide = record(0x0F9F, struct.pack("<I", 1)) + record(0x0FA8, text.encode("latin-1"))
    slide = group(0x03EE, group(0x040C, group(0xF002, group(0xF00D, text_of_slide))))
    user = struct.pack("<HHIIIIHHBBH", 0, 0x0FF6, 24, 20, 0xE391C05F, 0, 4, 0x03F4, 3, 0, 0) + b"user"
    return ole_files.container({"PowerPoint Document": slide.ljust(4096, b"\0"), "Current User": user})


KINDS: Mapping[str, Make] = {
    "pages.pdf": lambda word: pdf([page("nothing"), page(word)]),
    "letter.docx": lambda word: office.word(office.paragraph("Dear all,") + office.paragraph(word)),
    "table.xlsx": lambda word: sheet("Item", word),
    "talk.pptx": lambda word: office.slides(office.shape("Title", place="title") + office.shape(word)),
    "letter.odt": lambda word: open_document("text", f"<text:p>{word}</text:p>"),
    "table.ods": lambda word: ods(text_cell("Item"), text_cell(word)),
    "talk.odp": lambda word: open_document(
        "presentation",
        f"<draw:page><draw:frame><draw:text-box><text:p>{word}</text:p></draw:text-box></draw:frame></draw:page>",
    ),
    "old.doc": old_word,
    "old.xls": ole_files.workbook,
    "old.ppt": old_slides,
    "letter.rtf": lambda word: rb"{\rtf1\ansi " + word.encode() + rb"\par}",
    "novel.epub": lambda word: office.zipped(
        {"mimetype": "application/epub+zip", **office.unzipped(book("<p>The end.</p>", f"<p>{word}</p>"))}
    ),
    "page.html": lambda word: f"<html><script>x</script><body><p>{word}</p></body></html>".encode(),
    "table.csv": lambda word: f"item;price\n{word};3\n".encode(),
    "table.tsv": lambda word: f"item\tprice\n{word}\t3\n".encode(),
    "data.json": lambda word: json.dumps({"key": word}).encode(),
    "data.yaml": lambda word: f"key: {word}\n".encode(),
    "data.xml": lambda word: f"<?xml version='1.0'?><note>{word}</note>".encode(),
    "notes.md": lambda word: f"# Notes\n\n{word}\n".encode(),
    "code.py": lambda word: f"print({word!r})\n".encode(),
    "mail.eml": mail,
    "mail.msg": lambda word: ole_files.message("Figures", f"As you asked: {word}."),
    "work.ipynb": lambda word: notebook({"cell_type": "code", "source": "1", "outputs": [{"text": word}]}),
    "several.zip": lambda word: office.zipped({"a.md": "nothing", "b/c.docx": office.word(office.paragraph(word))}),
    "windows.txt": lambda word: f"Grüße aus Köln, schöne Straße: {word}".encode("cp1252"),
    "wide.txt": lambda word: f"Grüße: {word}".encode("utf-16"),
    "japanese.txt": lambda word: f"これは日本語の文章です。合言葉は「{word}」です。よろしくお願いします。".encode(
        "shift-jis"
    ),
    "contract.docx": lambda word: pdf([page(word)]),
}
"""A maker for each kind, by a name such as people give it; the last one's is wrong."""


async def says(stage: Stage, question: Json, *expected: str) -> str:
    """The whole reply, once all of this stands in it and nothing more comes.

    Where many answers are written at once, some are edited instead of streamed, and one that pauses looks finished.
    """

    def text() -> str:
        return "\n".join(stage.texts(question))

    with suppress(TimeoutError):
        await stage.workspace.wait_for(lambda: all(each in text() for each in expected), PATIENCE)
        await stage.answered(question)
    assert [each for each in expected if each not in text()] == [], text()
    return text()


def leaves_no_trace(stage: Stage, *secrets: str) -> None:
    """Nothing of this is in the logs of the daemons or in their folder, and nothing surprised them."""
    logs = "".join(daemon.lines for daemon in stage.daemons)
    assert "Traceback" not in logs
    kept = [path.read_bytes() for path in stage.folder.rglob("*") if path.is_file()]
    assert [secret for secret in secrets if any(secret.encode() in each for each in kept)] == []
