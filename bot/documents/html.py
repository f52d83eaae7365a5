"""Reads web pages (.html): headings, lists, tables and links; scripts and what is hidden stay out."""

import html
import re
from collections.abc import Iterable, Iterator

from lxml import etree

from bot.documents import markdown
from bot.documents.reading import Reading

LIMIT = 10_000_000
"""As many bytes of a page are read; the rest is hardly ever what people see."""

_UNSEEN = {"script", "style", "template", "noscript", "head", "svg", "math", "object", "embed", "iframe", "datalist"}
_INLINE = {
    *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "button", "cite", "code", "data", "del", "dfn", "em"),
    *("font", "i", "img", "ins", "kbd", "label", "mark", "nobr", "output", "q", "s", "samp", "small", "span"),
    *("strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"),
}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_SPACE = re.compile(r"[ \t\r\n\f\xa0]+")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9._-]{2,40})", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


def read(content: bytes) -> Reading:
    """The page as one text."""
    cut = "only the first 10 MB of the page were read" if len(content) > LIMIT else ""
    return markdown.reading("Web page", [to_markdown(content)], cut)


def to_markdown(content: bytes) -> str:
    """The page as Markdown, its first 10 MB. A page that is nested too deeply for the parser loses its structure."""
    page, encoding = content[:LIMIT], _encoding(content)
    parser = etree.HTMLParser(
        encoding=encoding, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        tree = etree.fromstring(page, parser)
    except (etree.XMLSyntaxError, ValueError):
        tree = None
    text = _joined(_page(tree)) if tree is not None else ""
    return text if re.search(r"\w", text) else _stripped(page.decode(encoding, "replace"))


def _encoding(content: bytes) -> str:
    """What the page says of itself, as far as Python knows it, or UTF-8, or what old pages in the West are in."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    declared = _CHARSET.search(content, 0, 4096)
    try:
        if declared and not content.startswith(b"\xef\xbb\xbf"):
            name = declared[1].decode()
            "".encode(name)
            return name if name.lower() not in ("utf-16", "utf-16le", "utf-16be", "utf-7") else "utf-8"
        content[:LIMIT].decode()
    except LookupError:
        return "utf-8"
    except UnicodeDecodeError as error:
        return "utf-8" if error.start > LIMIT - 4 else "cp1252"
    return "utf-8"


def _page(tree: etree._Element) -> Iterator[str]:
    title = _SPACE.sub(" ", tree.findtext(".//title") or "").strip()
    if title and tree.find(".//h1") is None:
        yield f"# {title}"
    yield from _blocks(tree)


def _joined(blocks: Iterable[str]) -> str:
    return "\n\n".join(filter(str.strip, blocks))


def _blocks(node: etree._Element) -> Iterator[str]:
    """The blocks in an element, the loose words between them as paragraphs."""
    words = [_collapsed(node.text)]
    for child in node:
        if _is_seen(child):
            if child.tag in _INLINE:
                words.append(_inline(child))
            else:
                yield _tidy(words)
                words.clear()
                yield from _block(child)
        words.append(_collapsed(child.tail))
    yield _tidy(words)


def _block(node: etree._Element) -> Iterator[str]:
    tag = node.tag
    if tag in _HEADINGS:
        text = _tidy([_inline(node)]).replace("\n", " ")
        yield f"{'#' * _HEADINGS[tag]} {text}" if text else ""
    elif tag in ("ul", "ol", "menu"):
        yield "\n".join(_items(node))
    elif tag == "pre":
        yield markdown.fence("".join(_raw(node)))
    elif tag == "blockquote":
        yield "\n".join(f"> {line}".rstrip() for line in _joined(_blocks(node)).splitlines())
    elif tag == "table" and node.find(".//table") is None:
        rows = [[_joined(_blocks(cell)) for cell in row if cell.tag in ("td", "th")] for row in node.iter("tr")]
        caption = node.find("caption")
        yield _tidy([_inline(caption)]) if caption is not None else ""
        # A table of one column is there for the looks of the page.
        yield markdown.table(rows) if max(map(len, rows), default=0) > 1 else _joined(row[0] for row in rows if row)
    else:
        yield from _blocks(node)


def _items(node: etree._Element) -> Iterator[str]:
    numbered = node.tag == "ol"
    for number, item in enumerate((child for child in node if _is_seen(child)), 1):
        mark = f"{number}. " if numbered else "- "
        first, *more = _joined(_blocks(item)).split("\n") or [""]
        yield mark + first
        yield from (" " * len(mark) + line for line in more if line)


def _inline(node: etree._Element) -> str:
    """The words of an element on one line, but for the breaks that the page asks for."""
    if node.tag == "br":
        return "\n"
    if node.tag == "img":
        alternative = _collapsed(node.get("alt"))
        return f"[picture: {alternative}]" if alternative.strip() else ""
    words = [_collapsed(node.text)]
    for child in node:
        if _is_seen(child):
            words.append(_inline(child) if child.tag in _INLINE else f"\n{_inline(child)}\n")
        words.append(_collapsed(child.tail))
    text = "".join(words)
    target = node.get("href", "") if node.tag == "a" else ""
    if text.strip() and target.startswith(("http://", "https://", "mailto:")):
        return f"[{text.strip()}]({target})"
    return text


def _raw(node: etree._Element) -> Iterator[str]:
    for text in node.itertext():
        yield str(text)


def _is_seen(node: etree._Element) -> bool:
    return node.tag not in _UNSEEN and node.get("hidden") is None and not _HIDDEN.search(node.get("style", ""))


def _collapsed(text: str | None) -> str:
    return _SPACE.sub(" ", text) if text else ""


def _tidy(words: list[str]) -> str:
    lines = (_SPACE.sub(" ", line).strip() for line in "".join(words).split("\n"))
    return "\n".join(filter(None, lines))


def _stripped(page: str) -> str:
    """The words of a page without any structure, in one pass however broken it is."""
    kept, place, lower = [], 0, page.lower()
    for tag in re.finditer(r"<(script|style)\b", lower):
        if tag.start() >= place:
            kept.append(page[place : tag.start()])
            end = lower.find(f"</{tag[1]}", tag.end())
            place = len(page) if end < 0 else end
    kept.append(page[place:])
    return _SPACE.sub(" ", html.unescape(_TAG.sub(" ", "".join(kept)))).strip()
