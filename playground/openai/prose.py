"""Long Markdown to order, numbered throughout, so that a lost, doubled or misplaced piece shows."""

from collections.abc import Callable, Iterator
from itertools import count, cycle

_WORDS = ("harbour", "lantern", "meadow", "copper", "window", "thunder", "orchard", "needle", "ribbon", "granite")


def prose(characters: int) -> str:
    """Exactly this many characters of paragraphs, lists, tables, quotes and fenced code, each with its own number."""
    numbers = count(1)
    written: list[str] = []
    left = characters
    for section in cycle(_SECTIONS):
        text = section(numbers)
        if len(text) >= left:
            break
        written.append(text)
        left -= len(text)
    return "".join(written) + _filling(left)


def _filling(characters: int) -> str:
    """This many characters of plain words; they end in a letter, as a final blank would not survive every client."""
    words = " ".join(_WORDS) + " "
    text = (words * (characters // len(words) + 1))[:characters]
    return text[:-1] + "." if text else ""


def _sentence(numbers: Iterator[int]) -> str:
    number = next(numbers)
    first, second, third = (_WORDS[(number * step) % len(_WORDS)] for step in (3, 7, 9))
    return f"Sentence {number} tells of the {first}, the *{second}* and the **{third}**."


def _heading(numbers: Iterator[int]) -> str:
    return f"## Part {next(numbers)}\n\n"


def _paragraph(numbers: Iterator[int]) -> str:
    return " ".join(_sentence(numbers) for _ in range(6)) + "\n\n"


def _list(numbers: Iterator[int]) -> str:
    lines: list[str] = []
    for _ in range(3):
        lines.append(f"- Item {next(numbers)}: {_sentence(numbers)}")
        lines.append(f"    - Detail {next(numbers)} with `code_{next(numbers)}`")
    return "\n".join(lines) + "\n\n"


def _table(numbers: Iterator[int]) -> str:
    rows = [f"| Row {next(numbers)} | {next(numbers) * 37 % 1_000} | yes |" for _ in range(8)]
    return "\n".join(("| Name | Amount | Open |", "|---|---:|:---:|", *rows)) + "\n\n"


def _fence(numbers: Iterator[int]) -> str:
    lines = [
        f"value_{number} = {number} * 2  # keep & < > as they are" for number in (next(numbers) for _ in range(20))
    ]
    return "\n".join(("```python", *lines, "```")) + "\n\n"


def _quote(numbers: Iterator[int]) -> str:
    return f"> {_sentence(numbers)}\n> {_sentence(numbers)}\n\n"


_SECTIONS: tuple[Callable[[Iterator[int]], str], ...] = (
    _heading,
    _paragraph,
    _list,
    _fence,
    _paragraph,
    _table,
    _quote,
)
