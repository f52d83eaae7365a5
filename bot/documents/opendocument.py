"""Reads LibreOffice's texts (.odt) and presentations (.odp): headings, lists, tables, notes and comments in place."""

from collections.abc import Iterable, Iterator

from lxml import etree

from bot.documents import markdown
from bot.documents.package import Package, open_package
from bot.documents.reading import Reading
from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw, Section, Unit

_ODF = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_OFFICE, _TEXT, _TABLE = _ODF % "office", _ODF % "text", _ODF % "table"
_DRAW, _STYLE, _PRESENTATION = _ODF % "drawing", _ODF % "style", _ODF % "presentation"
_LINK = "{http://www.w3.org/1999/xlink}href"
_CLASS = f"{_PRESENTATION}class"
_SVG_DESCRIPTION = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}desc"
_FURNITURE = ("date-time", "footer", "page-number", "header", "page")
_UNSEEN = {f"{_TEXT}tracked-changes", f"{_PRESENTATION}notes", f"{_OFFICE}forms", f"{_TABLE}shapes"}
_REPEATED = 100
"""As often at most is a cell or a row repeated, whatever the file says."""


def read_text(content: bytes) -> Reading:
    """A text with its page headers first and its footers last. Raises FileUnusable."""
    package = _open(content)
    return markdown.reading("OpenDocument text", _document(package, _body(package, "text")))


def read_slides(content: bytes) -> Reading:
    """A presentation, one section a slide. Raises FileUnusable."""
    pages = _body(_open(content), "presentation").findall(f"{_DRAW}page")
    if not pages:
        raise FileUnusable(Flaw.EMPTY)
    sections = (_slide(number, page) for number, page in enumerate(pages, 1))
    return Reading("OpenDocument presentation", Unit.SLIDE, len(pages), sections)


def _open(content: bytes) -> Package:
    package = open_package(content)
    if "META-INF/manifest.xml" in package.names and b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise FileUnusable(Flaw.ENCRYPTED)
    return package


def _body(package: Package, kind: str) -> etree._Element:
    body = package.xml("content.xml").find(f"{_OFFICE}body/{_OFFICE}{kind}")
    if body is None:
        raise FileUnusable(Flaw.BROKEN)
    return body


def _document(package: Package, body: etree._Element) -> Iterator[str]:
    styles = package.xml_if_there("styles.xml")
    yield from _edges(styles, "header")
    yield from _blocks(body)
    yield from _edges(styles, "footer")


def _edges(styles: etree._Element | None, edge: str) -> Iterator[str]:
    """What stands at this edge of all pages, each text once."""
    nodes: Iterable[etree._Element] = styles.iter(f"{_STYLE}{edge}") if styles is not None else ()
    texts = ("\n".join(filter(str.strip, _blocks(node))) for node in nodes)
    yield from (f"{edge.capitalize()}: {text}" for text in dict.fromkeys(texts) if text)


def _slide(number: int, page: etree._Element) -> Section:
    frames = [node for node in page if node.get(_CLASS) not in _FURNITURE]
    title = next((_plain(node) for node in frames if node.get(_CLASS) == "title"), "")
    blocks = [f"# {title}" if title else ""]
    for node in frames:
        if node.get(_CLASS) != "title" and node.tag not in _UNSEEN:
            blocks.extend(_block(node))
    for notes in page.iterfind(f"{_PRESENTATION}notes"):
        text = "\n".join(filter(None, (_plain(node) for node in notes if node.get(_CLASS) == "notes")))
        blocks.append(f"Speaker notes:\n{text}" if text else "")
    return Section(number, "\n\n".join(filter(str.strip, blocks)), title)


def _plain(node: etree._Element) -> str:
    return " ".join(" ".join(_blocks(node)).split())


def _blocks(node: etree._Element) -> Iterator[str]:
    for child in node:
        yield from _block(child)


def _block(node: etree._Element) -> Iterator[str]:
    tag = node.tag
    if tag in _UNSEEN:
        return
    if tag in (f"{_TEXT}p", f"{_TEXT}h"):
        later: list[str] = []
        text = "".join(_inline(node, later)).strip()
        level = min(_count(node, f"{_TEXT}outline-level"), 6) if tag == f"{_TEXT}h" else 0
        yield f"{'#' * level} {text}".strip() if text else ""
        yield from later
    elif tag == f"{_TEXT}list":
        yield "\n".join(_items(node))
    elif tag == f"{_TABLE}table":
        yield markdown.table(list(_rows(node)))
    elif tag == _SVG_DESCRIPTION:
        yield f"[picture: {node.text.strip()}]" if node.text and node.text.strip() else ""
    else:
        yield from _blocks(node)


def _inline(node: etree._Element, later: list[str]) -> Iterator[str]:
    """The text in a paragraph; what hangs on it, such as notes and text boxes, is for `later`."""
    yield node.text or ""
    for child in node:
        tag = child.tag
        if tag == f"{_TEXT}s":
            yield " " * min(_count(child, f"{_TEXT}c"), _REPEATED)
        elif tag == f"{_TEXT}tab":
            yield "\t"
        elif tag == f"{_TEXT}line-break":
            yield "\n"
        elif tag == f"{_TEXT}a":
            text, target = "".join(_inline(child, later)), child.get(_LINK, "")
            yield f"[{text}]({target})" if text.strip() and "://" in target else text
        elif tag == f"{_TEXT}note":
            mark = f"[^{child.findtext(f'{_TEXT}note-citation') or '*'}]"
            body = child.find(f"{_TEXT}note-body")
            later.append(f"{mark}: {_plain(body)}" if body is not None else "")
            yield mark
        elif tag == f"{_OFFICE}annotation":
            yield f" [comment: {_plain(child)}]"
        elif str(tag).startswith(_DRAW):
            later.extend(_block(child))
        elif tag not in _UNSEEN:
            yield from _inline(child, later)
        yield child.tail or ""


def _items(node: etree._Element) -> Iterator[str]:
    for item in node:
        first, *more = "\n".join(filter(str.strip, _blocks(item))).split("\n")
        if first:
            yield f"- {first}"
            yield from (f"  {line}" for line in more)


def _rows(table: etree._Element) -> Iterator[list[str]]:
    for row in _inside(table, f"{_TABLE}table-row"):
        cells: list[str] = []
        for cell in row.iterchildren(f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            text = "\n".join(filter(str.strip, _blocks(cell)))
            cells += [text] * min(_count(cell, f"{_TABLE}number-columns-repeated"), _REPEATED)
        yield from [cells] * min(_count(row, f"{_TABLE}number-rows-repeated"), _REPEATED)


def _inside(node: etree._Element, tag: str) -> Iterator[etree._Element]:
    """The nearest elements of this kind, through groups of rows and the like."""
    for child in node:
        if child.tag == tag:
            yield child
        else:
            yield from _inside(child, tag)


def _count(node: etree._Element, name: str) -> int:
    """How often, or on which level; 1 where the file does not say."""
    text = node.get(name, "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1
