"""The numbers behind the charts in Office files, as Office keeps them beside each chart."""

from lxml import etree

from bot.documents import markdown
from bot.documents.package import Package

_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_SERIES = 20
_POINTS = 100


def chart(package: Package, name: str) -> str:
    """The title and the values of the chart in this part, at most 20 series of 100 points. Raises FileUnusable."""
    tree = package.xml(name)
    title = "".join(node.text or "" for node in tree.iterfind(f".//{_C}chart/{_C}title//{_A}t"))
    series = list(tree.iter(f"{_C}ser"))[:_SERIES]
    names = ["".join(values(one.find(f"{_C}tx"))) or f"series {place}" for place, one in enumerate(series, 1)]
    labels = values(series[0].find(f"{_C}cat")) or values(series[0].find(f"{_C}xVal")) if series else []
    columns = [values(one.find(f"{_C}val")) or values(one.find(f"{_C}yVal")) for one in series]
    height = max(map(len, [labels, *columns]))
    rows = [[column[row] if row < len(column) else "" for column in [labels, *columns]] for row in range(height)]
    return "\n\n".join(filter(None, [f"[chart: {title}]", markdown.table([["", *names], *rows])]))


def values(node: etree._Element | None) -> list[str]:
    """The cached points of one column of a chart, in their places."""
    points: dict[int, str] = {}
    for point in node.iter(f"{_C}pt") if node is not None else ():
        index = point.get("idx", "")
        if index.isascii() and index.isdigit() and len(index) < 5 and int(index) < _POINTS:
            points[int(index)] = point.findtext(f"{_C}v") or ""
    return [points.get(index, "") for index in range(max(points, default=-1) + 1)]
