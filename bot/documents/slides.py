"""Reads presentations (.pptx): one section a slide, with tables, charts, speaker notes and comments."""

from collections.abc import Iterator

from lxml import etree

from bot.documents import charts, markdown
from bot.documents.package import Package, Relationship, open_package
from bot.documents.reading import Reading
from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw, Section, Unit

_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart"
_SMART_ART = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_COMMENTS = (f"{_P}cm", "{http://schemas.microsoft.com/office/powerpoint/2018/8/main}cm")
_TITLES = ("title", "ctrTitle")
_FURNITURE = ("sldNum", "dt", "ftr", "hdr", "sldImg")
"""Placeholders that say the same on each slide, and the small picture of the slide above its notes."""


def read(content: bytes) -> Reading:
    """The slides in the order of the presentation, hidden ones marked. Raises FileUnusable."""
    package = open_package(content)
    main = package.main()
    links = package.relationships(main)
    ids = [node.get(f"{_R}id", "") for node in package.xml(main).iterfind(f"{_P}sldIdLst/{_P}sldId")]
    names = [links[each].target for each in ids if each in links and links[each].target in package.names]
    if not names:
        raise FileUnusable(Flaw.EMPTY)
    sections = (_slide(package, number, name) for number, name in enumerate(names, 1))
    return Reading("PowerPoint presentation", Unit.SLIDE, len(names), sections)


def _slide(package: Package, number: int, name: str) -> Section:
    tree = package.xml(name)
    shapes = list(_shapes(tree))
    title = next((" ".join(_paragraphs(shape)) for shape in shapes if _placeholder(shape) in _TITLES), "")
    links = package.relationships(name)
    blocks = [f"# {title}"] if title.strip() else []
    blocks += ["(This slide is hidden.)"] if tree.get("show") in ("0", "false") else []
    for shape in shapes:
        if _placeholder(shape) not in (*_TITLES, *_FURNITURE):
            blocks.extend(_shape(package, links, shape))
    for notes in package.linked(name, "notesSlide"):
        body = "\n".join(_notes(package.xml(notes)))
        blocks += [f"Speaker notes:\n{body}"] if body.strip() else []
    for comments in package.linked(name, "comments"):
        for comment in package.xml(comments).iter(*_COMMENTS):
            text = comment.findtext(f"{_P}text") or " ".join(_paragraphs(comment))
            blocks += [f"Comment: {text}"] if text.strip() else []
    return Section(number, "\n\n".join(filter(str.strip, blocks)), title.strip())


def _shapes(node: etree._Element) -> Iterator[etree._Element]:
    """What stands on a slide, also in groups, from back to front, which is mostly the order in which it is read."""
    for child in node:
        if child.tag in (f"{_P}sp", f"{_P}graphicFrame", f"{_P}pic"):
            yield child
        elif child.tag != _FALLBACK:
            yield from _shapes(child)


def _shape(package: Package, links: dict[str, Relationship], shape: etree._Element) -> Iterator[str]:
    if shape.tag == f"{_P}pic":
        named = shape.find(f"{_P}nvPicPr/{_P}cNvPr")
        description = (named.get("descr") or "").strip() if named is not None else ""
        yield f"[picture: {description}]" if description else ""
    for table in shape.iter(f"{_A}tbl"):
        yield markdown.table([["\n".join(_paragraphs(cell)) for cell in row] for row in table.iter(f"{_A}tr")])
    for node in shape.iter(_CHART, _SMART_ART):
        link = links.get(node.get(f"{_R}id") or node.get(f"{_R}dm") or "")
        if link is not None and link.target in package.names:
            is_chart = node.tag == _CHART
            yield charts.chart(package, link.target) if is_chart else "\n".join(_paragraphs(package.xml(link.target)))
    if shape.tag == f"{_P}sp":
        yield "\n".join(_paragraphs(shape, bullets=True))


def _notes(tree: etree._Element) -> Iterator[str]:
    for shape in _shapes(tree):
        if _placeholder(shape) not in _FURNITURE:
            yield from _paragraphs(shape)


def _placeholder(shape: etree._Element) -> str:
    """Which of the layout's places a shape fills; empty for a shape of its own."""
    node = shape.find(f"{_P}nvSpPr/{_P}nvPr/{_P}ph")
    return node.get("type", "body") if node is not None else ""


def _paragraphs(node: etree._Element, bullets: bool = False) -> Iterator[str]:
    """The paragraphs that are not empty; with `bullets`, those of a lower level as items of a list."""
    for paragraph in node.iter(f"{_A}p"):
        words = (word.text or "" if word.tag == f"{_A}t" else "\n" for word in paragraph.iter(f"{_A}t", f"{_A}br"))
        text = "".join(words).strip()
        formats = paragraph.find(f"{_A}pPr")
        level = formats.get("lvl", "0") if formats is not None else "0"
        if text:
            yield f"{'  ' * (int(level) - 1)}- {text}" if bullets and level in "12345678" else text
