"""The table of what can be read: a file is recognised by its content; its name only tells texts apart."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import PurePath
from typing import cast

from bot.documents.peek import OLE, ole_names, zip_names, zip_start
from bot.documents.reading import Read, Reading
from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw, Picture, picture_type


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: the module of this folder that reads it, and the function there.

    The module is loaded when the first such file comes. `language` is for texts that are shown as they are.
    """

    module: str
    function: str = "read"
    language: str | None = None

    def open(self, content: bytes) -> Picture | Reading:
        """Read a file of this kind. Raises FileUnusable."""
        return self._function()(content)

    def _function(self) -> Callable[[bytes], Picture | Reading]:
        function = getattr(import_module(f"bot.documents.{self.module}"), self.function)
        if self.language is not None:
            function = partial(function, language=self.language)
        return cast("Callable[[bytes], Picture | Reading]", function)


PDF = Kind("pdf")
PICTURE = Kind("picture")
WORD, SLIDES, SHEETS, OLD_SHEETS = Kind("word"), Kind("slides"), Kind("sheets"), Kind("old_sheets")
OLD_WORD, OLD_SLIDES = Kind("office", "read_doc"), Kind("office", "read_ppt")
ODT, ODP = Kind("opendocument", "read_text"), Kind("opendocument", "read_slides")
RTF, EPUB, MSG = Kind("office", "read_rtf"), Kind("office", "read_epub"), Kind("office", "read_msg")
MAIL, HTML, ARCHIVE, NOTEBOOK = Kind("mail"), Kind("html"), Kind("archive"), Kind("notebook")
CSV, TSV = Kind("tables", "read_csv"), Kind("tables", "read_tsv")
MARKDOWN, PLAIN = Kind("text", "read_markdown"), Kind("text", "read_fenced", "")
JSON, XML = Kind("text", "read_fenced", "json"), Kind("text", "read_fenced", "xml")

_SIGNATURES = (
    (b"%PDF-", PDF),
    (b"II*\0", PICTURE),
    (b"MM\0*", PICTURE),
    (b"{\\rtf", RTF),
)
_BITMAP = re.compile(rb"BM.{4}\0{4}.{4}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0", re.DOTALL)
_ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_AVIF = frozenset({b"ftypavif", b"ftypavis"})

_OLE_STREAMS = (
    ("WordDocument", OLD_WORD),
    ("PowerPoint Document", OLD_SLIDES),
    ("Workbook", OLD_SHEETS),
    ("Book", OLD_SHEETS),
    ("__properties_version1.0", MSG),
)
_PACKAGES = (
    ("word/document", WORD),
    ("ppt/presentation", SLIDES),
    ("xl/workbook.bin", OLD_SHEETS),
    ("xl/workbook", SHEETS),
)
_MEDIA_TYPES = (
    (b"application/vnd.oasis.opendocument.text", ODT),
    (b"application/vnd.oasis.opendocument.presentation", ODP),
    (b"application/vnd.oasis.opendocument.spreadsheet", OLD_SHEETS),
    (b"application/epub+zip", EPUB),
)

_AS_THEY_ARE = (
    "adoc bash bat bib c cc cfg cjs clj cmake cmd conf cpp cs css cxx dart diff dockerfile env erl ex exs fish fs "
    "geojson go gradle graphql groovy h har hcl hpp hs ics ini java jl js json jsonl jsx kt kts less lisp log lua m "
    "mjs mk mm ndjson org patch php pl plist pm properties proto ps1 py pyi r rb rs rst scala scss sh sql srt svelte "
    "svg swift tex tf toml ts tsx vb vcf vtt vue xml xsd xsl yaml yml zsh"
)
"""Endings of texts that are shown as they are, whatever they look like; the ending names the language."""

_TEXTS = {
    **{f".{ending}": Kind("text", "read_fenced", ending) for ending in _AS_THEY_ARE.split()},
    **dict.fromkeys((".md", ".markdown", ".mdown", ".mkd"), MARKDOWN),
    **dict.fromkeys((".html", ".htm", ".xhtml"), HTML),
    **dict.fromkeys((".eml", ".mht", ".mhtml"), MAIL),
    **dict.fromkeys((".tsv", ".tab"), TSV),
    ".csv": CSV,
    ".ipynb": NOTEBOOK,
}
_WHOLE_NAMES = {name: Kind("text", "read_fenced", name.lower()) for name in ("Dockerfile", "Makefile")}
_SHEET_NAMES = frozenset({".xls", ".xlsx", ".xlsb", ".ods"})
"""Programs like to export tables as text or web pages under these names."""

_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html|head|body|table)\b",
    re.IGNORECASE | re.DOTALL,
)
_HEADERS = re.compile(
    r"(?:Return-Path|Received|Delivered-To|Message-ID|MIME-Version|X-[\w-]+|DKIM-Signature|From):[^\n]*\n"
    r"(?:[\w-]+:[^\n]*\n|[ \t][^\n]*\n)*?(?:From|Date|Subject|To|Content-Type|MIME-Version):",
    re.IGNORECASE,
)
_JSON = re.compile(r'[{\[]\s*["{\[\]}\d]')
_SAMPLE = 2**16


def recognise(name: str, content: bytes) -> Kind:
    """What kind of file this is. Raises FileUnusable when it is none that can be read."""
    if not content:
        raise FileUnusable(Flaw.EMPTY)
    kind = _by_signature(content) or _text(name, content)
    if kind is None:
        raise FileUnusable(Flaw.UNKNOWN_KIND)
    return kind


def reader_of(name: str, content: bytes) -> Read:
    """What reads this file as text, for one that lies in another. Raises FileUnusable, as it does for pictures."""
    kind = recognise(name, content)
    if kind == PICTURE:
        raise FileUnusable(Flaw.UNKNOWN_KIND)
    return cast("Read", kind.open)


def _by_signature(content: bytes) -> Kind | None:
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            return kind
    if content.startswith(_ZIP_MAGIC):
        return _zip(content)
    if content.startswith(OLE):
        return _ole(content)
    if picture_type(content) or content[4:12] in _AVIF or _BITMAP.match(content):
        return PICTURE
    # Readers look for the mark of a PDF in the first kilobyte, and some programs write something before it.
    return PDF if b"%PDF-" in content[:1024] else None


def _zip(content: bytes) -> Kind:
    names = zip_names(content)
    if not names:
        raise FileUnusable(Flaw.EMPTY if content.startswith(b"PK\x05\x06") else Flaw.BROKEN)
    if "mimetype" in names:
        media_type = zip_start(content, "mimetype", 100)
        for known, kind in _MEDIA_TYPES:
            if media_type.startswith(known):
                return kind
    for part, kind in _PACKAGES:
        if any(name.startswith(part) for name in names):
            return kind
    return ARCHIVE


def _ole(content: bytes) -> Kind:
    streams = ole_names(content)
    if "EncryptedPackage" in streams:
        raise FileUnusable(Flaw.ENCRYPTED)
    for stream, kind in _OLE_STREAMS:
        if stream in streams:
            return kind
    raise FileUnusable(Flaw.UNKNOWN_KIND if streams else Flaw.BROKEN)


def _text(name: str, content: bytes) -> Kind | None:
    from bot.documents.text import decode  # noqa: PLC0415 - brings a library that most files do not need

    sample = decode(content[:_SAMPLE])
    if sample is None:
        return None
    ending = PurePath(name.lower()).suffix
    return _TEXTS.get(ending) or _WHOLE_NAMES.get(PurePath(name).name) or _guess(ending, sample)


def _guess(ending: str, sample: str) -> Kind:
    """A text whose name tells nothing, or tells of something that it is not."""
    start = sample.lstrip()
    if _PAGE.match(sample):
        return HTML
    if _HEADERS.match(sample):
        return MAIL
    if start.startswith("{") and '"nbformat"' in sample and '"cell_type"' in sample:
        return NOTEBOOK
    if start.startswith(("<?xml", "<svg")):
        return XML
    if ending in _SHEET_NAMES:
        return TSV if sample.count("\t") >= sample.count(",") else CSV
    return JSON if _JSON.match(start) else PLAIN
