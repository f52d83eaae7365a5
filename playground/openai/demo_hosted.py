"""What the demo's responder does with the provider's own tools: a chart with figures, a look into the handbook."""

from dataclasses import dataclass

from playground.openai.hosted import CODE_TOOL, FILE_TOOL, CodeUse, FileUse
from playground.openai.pictures.canvas import Canvas, Colour
from playground.openai.pictures.formats import encode
from playground.openai.requests import Request

_MONTHS = (("Jan", 12), ("Feb", 18), ("Mar", 9), ("Apr", 24), ("May", 31), ("Jun", 27))
_WIDTH, _HEIGHT, _EDGE = 360, 220, 20
_PAPER: Colour = (250, 250, 252)
_BAR: Colour = (54, 120, 200)
_LINE: Colour = (70, 74, 82)

_CODE = 'table = read("figures")\ntable.to_csv("/mnt/data/figures.csv")\ndraw(table).save("/mnt/data/chart.png")'


@dataclass(frozen=True, slots=True)
class Hosted:
    """What is said, and what is used for it."""

    text: str
    use: CodeUse | FileUse


def hosted_in(request: Request, question: str) -> Hosted | None:
    """What the question wants of the provider's tools, if the request offers them."""
    offered = {tool["type"] for tool in request.tools} if request.may_use_tools else set()
    words = question.lower()
    if CODE_TOOL in offered and "chart" in words:
        files = {"chart.png": encode(_chart(), "png"), "figures.csv": _figures()}
        text = (
            "I ran some code over six months of invented figures; May was the best.\n\n"
            "![The chart](sandbox:/mnt/data/chart.png)\n\n[The figures](sandbox:/mnt/data/figures.csv)"
        )
        return Hosted(text, CodeUse(_CODE, files))
    if FILE_TOOL in offered and "handbook" in words:
        return Hosted(
            "The handbook says that tea is served at four【4:0†handbook.pdf】.", FileUse(words, ("handbook.pdf",))
        )
    return None


def _figures() -> bytes:
    return "\n".join(("month,visits", *(f"{month},{visits}" for month, visits in _MONTHS), "")).encode()


def _chart() -> Canvas:
    canvas = Canvas(_WIDTH, _HEIGHT)
    canvas.gradient(0, _HEIGHT, _PAPER, _PAPER)
    floor, step = _HEIGHT - _EDGE, (_WIDTH - 2 * _EDGE) / len(_MONTHS)
    for number, (_, visits) in enumerate(_MONTHS):
        left, top = _EDGE + step * number + step * 0.2, floor - visits * 5
        canvas.polygon((left, floor), (left + step * 0.6, floor), (left + step * 0.6, top), (left, top), colour=_BAR)
    canvas.polygon(
        (_EDGE, floor), (_WIDTH - _EDGE, floor), (_WIDTH - _EDGE, floor + 2), (_EDGE, floor + 2), colour=_LINE
    )
    return canvas
