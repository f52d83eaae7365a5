"""Reads old Office's documents, RTF, saved Outlook messages, and e-books."""

import asyncio
import re
from collections.abc import Iterator

import xberg

from bot.documents import html, markdown
from bot.documents.package import Package, open_package
from bot.documents.peek import OLE
from bot.documents.reading import Reading
from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw, Section, Unit

_SLIDE = re.compile(r"^-----\n", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6} (.+)", re.MULTILINE)
_WORD_97 = b"\xec\xa5"
_USER_OF_ENCRYPTED = re.compile(rb"\0\0\xf6\x0f.{4}\x14\0\0\0\xdf\xc4\xd1\xf3", re.DOTALL)
"""The atom that tells who saved a presentation last, with the mark of an encrypted one (MS-PPT 2.3.2)."""

_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_OPF = "{http://www.idpf.org/2007/opf}"


def read_doc(content: bytes) -> Reading:
    """A document of Word 97 to 2003. Raises FileUnusable."""
    # The main stream begins at a sector, and a sector is a multiple of 512 bytes; the flags are in MS-DOC 2.5.2.
    starts = (place for place in range(512, len(content), 512) if content.startswith(_WORD_97, place))
    start = next(starts, None)
    if start is not None and content[start + 11 : start + 12] and content[start + 11] & 1:
        raise FileUnusable(Flaw.ENCRYPTED)
    return _text("Word document", _ole(content), "application/msword")


def read_ppt(content: bytes) -> Reading:
    """A presentation of PowerPoint 97 to 2003, one section a slide. Raises FileUnusable."""
    if _USER_OF_ENCRYPTED.search(content):
        raise FileUnusable(Flaw.ENCRYPTED)
    return _slides("PowerPoint presentation", _ole(content), "application/vnd.ms-powerpoint")


def read_rtf(content: bytes) -> Reading:
    """A document in Rich Text Format. Raises FileUnusable."""
    return _text("RTF document", content, "application/rtf")


def read_msg(content: bytes) -> Reading:
    """A message that Outlook saved. Raises FileUnusable."""
    return _text("Outlook message", _ole(content), "application/vnd.ms-outlook")


def read_epub(content: bytes) -> Reading:
    """An e-book, one section a chapter in the order of reading. Raises FileUnusable."""
    package = open_package(content)
    if "META-INF/encryption.xml" in package.names and "META-INF/rights.xml" in package.names:
        raise FileUnusable(Flaw.ENCRYPTED)  # encryption.xml alone may just hide fonts
    chapters = _spine(package)
    if not chapters:
        raise FileUnusable(Flaw.BROKEN)
    return Reading("e-book", Unit.CHAPTER, len(chapters), _chapters(package, chapters))


def _spine(package: Package) -> list[str]:
    """The parts of a book in the order of reading (EPUB 3.3, §5.6)."""
    root = package.xml("META-INF/container.xml").find(f".//{_CONTAINER}rootfile")
    book = root.get("full-path", "") if root is not None else ""
    tree = package.xml(book)
    places = {item.get("id"): package.beside(book, item.get("href", "")) for item in tree.iter(f"{_OPF}item")}
    names = [places.get(item.get("idref"), "") for item in tree.iter(f"{_OPF}itemref")]
    return [name for name in names if name in package.names]


def _chapters(package: Package, names: list[str]) -> Iterator[Section]:
    for number, name in enumerate(names, 1):
        text = html.to_markdown(package.read(name))
        title = _HEADING.search(text)
        yield Section(number, text, title[1] if title else "")


def _ole(content: bytes) -> bytes:
    if not content.startswith(OLE):
        raise FileUnusable(Flaw.BROKEN)
    return content


def _text(kind: str, content: bytes, media_type: str) -> Reading:
    return markdown.reading(kind, _markdown(content, media_type).split("\n\n"))


def _slides(kind: str, content: bytes, media_type: str) -> Reading:
    texts = [text.strip() for text in _SLIDE.split(_markdown(content, media_type)) if text.strip()]
    sections = []
    for number, text in enumerate(texts, 1):
        title = _HEADING.match(text)
        sections.append(Section(number, text, title[1] if title else ""))
    return Reading(kind, Unit.SLIDE, len(sections), sections)


def _markdown(content: bytes, media_type: str) -> str:
    """The document as the library xberg reads it: from memory, without its cache, its OCR and its models."""
    given = xberg.ExtractInput(kind="bytes", bytes=content, mime_type=media_type)
    config = xberg.ExtractionConfig(
        output_format="markdown", use_cache=False, disable_ocr=True, enable_quality_processing=False
    )
    try:
        result = asyncio.run(xberg.extract(given, config))
    except (RuntimeError, ValueError, xberg.XbergError):
        raise FileUnusable(Flaw.BROKEN) from None
    if not result.results:
        raise FileUnusable(Flaw.BROKEN)
    return result.results[0].content
