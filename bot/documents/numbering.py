"""What Word writes before a paragraph by itself: the level of a heading, the bullet or number of a list item."""

import re
from dataclasses import dataclass, field

from lxml import etree

from bot.documents.package import Package

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVELS = 9
"""Lists and headings have nine levels (ECMA-376 part 1, §17.9.6), Markdown headings six."""


@dataclass(frozen=True, slots=True)
class _Style:
    heading: int | None = None
    list_id: str | None = None
    list_level: int | None = None


@dataclass(frozen=True, slots=True)
class _Level:
    form: str = "decimal"
    text: str = ""
    start: int = 1


@dataclass(slots=True)
class Numbering:
    """Counts the lists of one document while its paragraphs pass by in order."""

    styles: dict[str, _Style]
    lists: dict[str, dict[int, _Level]]
    counts: dict[str, list[int | None]] = field(default_factory=dict)

    def mark(self, paragraph: etree._Element) -> str:
        """What stands before this paragraph, as Markdown; empty before a plain one."""
        formats = paragraph.find(f"{_W}pPr")
        if formats is None:
            return ""
        style = self.styles.get(_value(formats, "pStyle") or "", _Style())
        heading = _number(_value(formats, "outlineLvl"), style.heading)
        list_id = _value(formats, "numPr/numId") or style.list_id
        level = _number(_value(formats, "numPr/ilvl"), style.list_level) or 0
        number = self._next(list_id, min(level, _LEVELS - 1)) if list_id and list_id != "0" else ""
        if heading is not None and heading < _LEVELS:
            return "#" * min(heading + 1, 6) + " " + (f"{number} " if number not in ("", "-") else "")
        return f"{'  ' * level}{number} " if number else ""

    def _next(self, list_id: str, level: int) -> str:
        levels = self.lists.get(list_id, {})
        here = levels.get(level, _Level("bullet"))
        if here.form in ("bullet", "none"):
            return "-" if here.form == "bullet" else ""
        counts = self.counts.setdefault(list_id, [None] * _LEVELS)
        current = counts[level]
        counts[level] = here.start if current is None else current + 1
        counts[level + 1 :] = [None] * (_LEVELS - level - 1)

        def counted(place: re.Match[str]) -> str:
            wanted = levels.get(int(place[1]) - 1, _Level())
            count = counts[int(place[1]) - 1]
            return _written(wanted.start if count is None else count, wanted.form)

        return re.sub(r"%([1-9])", counted, here.text) or f"{counts[level]}."


def read_numbering(package: Package, name: str) -> Numbering:
    """The styles and lists that the document in this part uses. Raises FileUnusable."""
    styles: dict[str, _Style] = {}
    for part in package.linked(name, "styles"):
        nodes = {node.get(f"{_W}styleId", ""): node for node in package.xml(part).iter(f"{_W}style")}
        styles = {style_id: _style(style_id, nodes) for style_id in nodes}
    lists: dict[str, dict[int, _Level]] = {}
    for part in package.linked(name, "numbering"):
        tree = package.xml(part)
        kinds = {node.get(f"{_W}abstractNumId"): _levels(node) for node in tree.iter(f"{_W}abstractNum")}
        for node in tree.iter(f"{_W}num"):
            lists[node.get(f"{_W}numId", "")] = kinds.get(_value(node, "abstractNumId"), {})
    return Numbering(styles, lists)


def _style(style_id: str, nodes: dict[str, etree._Element]) -> _Style:
    """What a style says of its paragraphs, itself or through the styles that it is based on."""
    heading = list_level = None
    list_id = None
    for _ in range(_LEVELS):
        node = nodes.get(style_id)
        if node is None:
            break
        name = (_value(node, "name") or "").lower()
        named = re.fullmatch(r"heading ([1-9])", name)
        own = 0 if name == "title" else int(named[1]) - 1 if named else _number(_value(node, "pPr/outlineLvl"), None)
        heading = own if heading is None else heading
        list_id = _value(node, "pPr/numPr/numId") if list_id is None else list_id
        list_level = _number(_value(node, "pPr/numPr/ilvl"), None) if list_level is None else list_level
        style_id = _value(node, "basedOn") or ""
    return _Style(heading, list_id, list_level)


def _levels(node: etree._Element) -> dict[int, _Level]:
    return {
        _number(level.get(f"{_W}ilvl"), 0) or 0: _Level(
            form=_value(level, "numFmt") or "decimal",
            text=_value(level, "lvlText") or "",
            start=_number(_value(level, "start"), 1) or 0,
        )
        for level in node.iter(f"{_W}lvl")
    }


def _written(count: int, form: str) -> str:
    if form in ("lowerLetter", "upperLetter"):  # after z come aa, bb, …
        letter = chr(ord("a") + (count - 1) % 26) * min((count - 1) // 26 + 1, 5)
        return letter if form == "lowerLetter" else letter.upper()
    if form in ("lowerRoman", "upperRoman"):
        return _roman(count) if form == "upperRoman" else _roman(count).lower()
    return f"{count:02}" if form == "decimalZero" else str(count)


def _roman(count: int) -> str:
    values = (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1)
    letters = ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I")
    if count > 3999:
        return str(count)
    written = ""
    for value, letter in zip(values, letters, strict=True):
        written += letter * (count // value)
        count %= value
    return written


def _value(node: etree._Element, path: str) -> str | None:
    found = node.find("/".join(_W + step for step in path.split("/")))
    return found.get(f"{_W}val") if found is not None else None


def _number(text: str | None, default: int | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 6 else default
