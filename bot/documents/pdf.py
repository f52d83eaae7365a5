"""PDF files, page by page: their text, or the page as a picture where it is one."""

from collections.abc import Iterator
from itertools import islice

import pypdfium2
from pypdfium2 import raw

from bot.documents.ocr import Tesseract, tesseract
from bot.documents.page_text import is_garbage, page_text, visible
from bot.documents.picture import jpeg
from bot.documents.reading import Reading
from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw, Section, Unit

_MOST_PAGES = 3_000
_MOST_SCANS = 20
"""Pages that one request may show to a model as pictures."""

_LONG_EDGE = 1_568
"""Pixels, above which vision models scale down; a page at this size is readable and has about 200 kB."""

_LARGEST_SCALE = 4.0
_QUALITY = 75
_OCR_EDGE = 2_400
"""Pixels: about 200 dots an inch on paper, which Tesseract wants."""

_LEAST_VISIBLE = 16
"""Characters; a page with fewer may still have a number or a stamp beside its picture."""

_MOST_OBJECTS = 2_000
_MANY_PATHS = 50
"""Lines and shapes that make a drawing rather than a frame."""

_LOCKED = (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)


def read(content: bytes) -> Reading:
    """A PDF file; one that only its owner's password protects can be read. Raises FileUnusable."""
    try:
        pdf = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise FileUnusable(Flaw.ENCRYPTED if error.err_code in _LOCKED else Flaw.BROKEN) from None
    total = len(pdf)
    if not total:
        raise FileUnusable(Flaw.BROKEN)
    cut = f"only its first {_MOST_PAGES:,} pages were read" if total > _MOST_PAGES else ""
    return Reading("PDF", Unit.PAGE, total, _sections(pdf, min(total, _MOST_PAGES)), cut)


def _sections(pdf: pypdfium2.PdfDocument, count: int) -> Iterator[Section]:
    scans = _Scans()
    for index in range(count):
        number = index + 1
        try:
            page = pdf[index]
            text = page_text(page)
        except pypdfium2.PdfiumError:
            yield Section(number, f"[page {number} is damaged]")
            continue
        yield scans.section(number, page, text) if _is_scan(page, text) else Section(number, text)
        page.close()


class _Scans:
    """The pages of one file that are pictures: read here where Tesseract is wanted, else shown to the model."""

    def __init__(self) -> None:
        self._shown = 0
        self._seen = 0
        self._tesseract: Tesseract | None = None

    def section(self, number: int, page: pypdfium2.PdfPage, text: str) -> Section:
        """The page as words, or as a picture, or, when there were too many of those, as a note."""
        if not self._seen:
            self._tesseract = tesseract()
        self._seen += 1
        if self._tesseract and (words := self._tesseract.read(_picture(page, _OCR_EDGE))):
            return Section(number, words)
        if self._shown < _MOST_SCANS:
            self._shown += 1
            return Section(number, "" if is_garbage(text) else text, scan=_picture(page, _LONG_EDGE))
        return Section(number, f"[page {number} is a picture that was not read]")


def _is_scan(page: pypdfium2.PdfPage, text: str) -> bool:
    """Whether the page says what it says in a picture, or in letters that stand for nothing."""
    if is_garbage(text):
        return True
    if visible(text) >= _LEAST_VISIBLE:
        return False
    paths = 0
    for thing in islice(page.get_objects(max_depth=4), _MOST_OBJECTS):
        paths += thing.type == raw.FPDF_PAGEOBJ_PATH
        if thing.type == raw.FPDF_PAGEOBJ_IMAGE or paths >= _MANY_PATHS:
            return True
    return False


def _picture(page: pypdfium2.PdfPage, long_edge: int) -> bytes:
    """The page in grey, limited by pixels and not by dots an inch: a page may claim to be as large as a house."""
    scale = min(long_edge / max(1.0, *page.get_size()), _LARGEST_SCALE)
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        return jpeg(bitmap.to_pil(), _QUALITY)
    finally:
        bitmap.close()
