"""Reads Word documents (.docx): headings, lists, tables in their places, notes, headers and text boxes."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from bot.documents import charts, html, markdown
from bot.documents.numbering import Numbering, read_numbering
from bot.documents.package import Package, Relationship, open_package
from bot.documents.reading import Reading

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart"
_DELETED = {f"{W}{tag}" for tag in ("del", "moveFrom", "delText", "instrText", "pPr", "rPr", "tblPr", "sectPr", "rt")}
_UNSEEN = _DELETED | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
"""What is not part of the text: deleted words, field codes, formats, and second copies for old programs."""

_PLAIN = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}ptab": "\t"}


def read(content: bytes) -> Reading:
    """The document as one text, headers first, footers and notes last. Raises FileUnusable."""
    package = open_package(content)
    return markdown.reading("Word document", _document(package, package.main()))


def _document(package: Package, main: str) -> Iterator[str]:
    writer = _writer(package, main)
    headers = (_text(package, name) for name in package.linked(main, "header"))
    yield from (f"Header: {text}" for text in dict.fromkeys(headers) if text)
    yield from writer.blocks(package.xml(main))
    for kind in ("footnote", "endnote"):
        for name in package.linked(main, f"{kind}s"):
            notes = _writer(package, name)
            for note in package.xml(name).iter(f"{W}{kind}"):
                if note.get(f"{W}type", "normal") == "normal":  # the others are the lines above the notes
                    yield f"[^{kind[0]}{note.get(f'{W}id')}]: " + "\n\n".join(notes.blocks(note)).strip()
    footers = (_text(package, name) for name in package.linked(main, "footer"))
    yield from (f"Footer: {text}" for text in dict.fromkeys(footers) if text)


def _text(package: Package, name: str) -> str:
    return "\n".join(filter(str.strip, _writer(package, name).blocks(package.xml(name))))


def _writer(package: Package, name: str) -> "_Writer":
    comments = {
        comment.get(f"{W}id", ""): f"{comment.get(f'{W}author', '')}: {''.join(_words(comment))}"
        for part in package.linked(name, "comments")
        for comment in package.xml(part).iter(f"{W}comment")
    }
    return _Writer(package, package.relationships(name), read_numbering(package, name), comments)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the blocks of one part as Markdown; what it recognises nothing in, it looks into."""

    package: Package
    links: dict[str, Relationship]
    numbering: Numbering
    comments: dict[str, str]

    def blocks(self, node: etree._Element, in_cell: bool = False) -> Iterator[str]:
        """The blocks in a part of the document; in a cell, the rows of a table are lines with dashes between cells."""
        for child in node:
            match child.tag:
                case tag if tag in _UNSEEN:
                    continue
                case tag if tag == f"{W}p":
                    yield from self._paragraph(child)
                case tag if tag == f"{W}tbl":
                    rows = list(self._rows(child))
                    flat = (" – ".join(filter(None, row)) for row in rows)
                    yield "\n".join(filter(None, flat)) if in_cell else markdown.table(rows)
                case tag if tag == f"{W}altChunk":
                    yield from self._foreign(child.get(f"{_R}id", ""))
                case _:
                    yield from self.blocks(child, in_cell)

    def _paragraph(self, paragraph: etree._Element) -> Iterator[str]:
        later: list[str] = []
        text = "".join(self._inline(paragraph, later)).strip()
        if text:
            yield self.numbering.mark(paragraph) + text
        yield from later

    def _inline(self, node: etree._Element, later: list[str]) -> Iterator[str]:
        """The text in a paragraph; the text boxes and charts that hang on it are for `later`."""
        for child in node:
            match child.tag:
                case tag if tag in _UNSEEN:
                    continue
                case tag if tag == f"{W}t":
                    yield child.text or ""
                case tag if tag in _PLAIN:
                    yield _PLAIN[tag]
                case tag if tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
                    yield f"[^{tag[len(W)]}{child.get(f'{W}id')}]"
                case tag if tag == f"{W}commentReference":
                    yield f" [comment by {self.comments.get(child.get(f'{W}id', ''), '')}]"
                case tag if tag == f"{W}hyperlink":
                    text = "".join(self._inline(child, later))
                    link = self.links.get(child.get(f"{_R}id", ""))
                    yield f"[{text}]({link.target})" if link and link.external and text.strip() else text
                case tag if tag == f"{W}txbxContent":
                    later.extend(self.blocks(child))
                case tag if tag == _CHART:
                    link = self.links.get(child.get(f"{_R}id", ""))
                    if link and link.target in self.package.names:
                        later.append(charts.chart(self.package, link.target))
                case _:
                    yield from self._inline(child, later)

    def _rows(self, table: etree._Element) -> Iterator[list[str]]:
        """The rows of a table; a cell over several columns or rows stands in the first of them."""
        for row in _inside(table, f"{W}tr"):
            cells: list[str] = []
            for cell in _inside(row, f"{W}tc"):
                merged = cell.find(f"{W}tcPr/{W}vMerge")
                continues = merged is not None and merged.get(f"{W}val", "continue") == "continue"
                cells.append("" if continues else "\n".join(filter(None, self.blocks(cell, in_cell=True))))
                span = cell.find(f"{W}tcPr/{W}gridSpan")
                width = span.get(f"{W}val", "1") if span is not None else "1"
                cells.extend([""] * (min(int(width), 100) - 1 if width.isdecimal() and len(width) < 9 else 0))
            yield cells

    def _foreign(self, link_id: str) -> Iterator[str]:
        """A web page that was put into the document as it was."""
        link = self.links.get(link_id)
        if link and link.target in self.package.names and link.target.lower().endswith((".htm", ".html", ".xhtml")):
            yield html.to_markdown(self.package.read(link.target))


def _inside(node: etree._Element, tag: str) -> Iterator[etree._Element]:
    """The nearest elements of this kind, through content controls and the like, but not through tables in cells."""
    for child in node:
        if child.tag == tag:
            yield child
        elif child.tag not in _UNSEEN and child.tag not in (f"{W}tbl", f"{W}p"):
            yield from _inside(child, tag)


def _words(node: etree._Element) -> Iterator[str]:
    return (word.text or "" for word in node.iter(f"{W}t"))
