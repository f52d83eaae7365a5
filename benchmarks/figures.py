"""One line of the result: ours beside the minimal bot's, and whether the target is met (pure)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure should reach; `holds` gets ours and the minimal bot's."""

    text: str
    holds: Callable[[float, float | None], bool]


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured quantity of both bots; None where the minimal bot has no such thing or did not get there."""

    name: str
    unit: str
    ours: float
    minimal: float | None
    target: Target | None = None

    @property
    def ratio(self) -> float | None:
        return self.ours / self.minimal if self.minimal else None

    @property
    def is_met(self) -> bool | None:
        return self.target.holds(self.ours, self.minimal) if self.target else None


def at_most(limit: float, unit: str) -> Target:
    return Target(f"at most {limit:g} {unit}", lambda ours, _minimal: ours <= limit)


def at_least(limit: float, unit: str) -> Target:
    return Target(f"at least {limit:g} {unit}", lambda ours, _minimal: ours >= limit)


def times_the_minimal(factor: float) -> Target:
    return Target(
        f"at most {factor:g} x minimal", lambda ours, minimal: minimal is not None and ours <= factor * minimal
    )


def above_the_minimal(difference: float, unit: str) -> Target:
    text = f"at most minimal + {difference:g} {unit}"
    return Target(text, lambda ours, minimal: minimal is not None and ours - minimal <= difference)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of the values that at least this share (0 to 1) of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, int(share * len(ordered) + 0.999_999) - 1))]


def table(figures: Sequence[Figure]) -> str:
    """All figures as a Markdown table."""
    rows: list[tuple[str, ...]] = [("figure", "ours", "minimal", "ratio", "target", "")]
    rows.extend(_row(figure) for figure in figures)
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [_line(row, widths) for row in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def _row(figure: Figure) -> tuple[str, ...]:
    met = {True: "met", False: "MISSED", None: ""}[figure.is_met]
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
    target = figure.target.text if figure.target else ""
    name = f"{figure.name} ({figure.unit})"
    return (name, _shown(figure.ours), "-" if figure.minimal is None else _shown(figure.minimal), ratio, target, met)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "| " + " | ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) + " |"


def _shown(value: float) -> str:
    if isinstance(value, int):
        return str(value)
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}" if abs(value) < 1_000 else f"{value:.0f}"
