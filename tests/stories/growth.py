"""What a daemon holds while it ages, and whether that levels off (pure)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from statistics import median
from types import MappingProxyType

QUARTERS = 4


@dataclass(frozen=True, slots=True)
class Sample:
    """What a daemon that rests holds after so many turns: memory and files in kB, the rest are numbers of things.

    `children` are the processes that read documents, `log` is the database's WAL.
    """

    turns: int
    memory: int
    open_files: int
    threads: int
    children: int
    tasks: int
    lanes: int
    rows: int
    database: int
    log: int
    backups: int


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much of itself, and how much besides, something may gain between the second quarter and the last."""

    share: float = 0.0
    besides: int = 0


LEVEL = MappingProxyType(
    {
        "memory": Allowance(0.05, 2_000),
        "open_files": Allowance(besides=10),  # connections that are kept for a while, and the pipes of a child
        "threads": Allowance(besides=2),
        "children": Allowance(besides=1),
        "tasks": Allowance(besides=3),
        "lanes": Allowance(),
        "rows": Allowance(0.1),
        "database": Allowance(0.1),
        "log": Allowance(0.1, 1_000),
        "backups": Allowance(),
    }
)


def growing(samples: Sequence[Sample], names: Sequence[str] = tuple(LEVEL)) -> list[str]:
    """Of these figures those whose median in the last quarter is more than allowed above that in the second."""
    found = []
    for name in names:
        second, last = medians(samples, name)
        if last > second * (1 + LEVEL[name].share) + LEVEL[name].besides:
            found.append(f"{name} has grown from {second:g} to {last:g}")
    return found


def medians(samples: Sequence[Sample], name: str) -> tuple[float, float]:
    """The median of this figure in the second and in the last quarter of the samples, of which there are 4 at least."""
    quarter = len(samples) // QUARTERS
    values = [getattr(sample, name) for sample in samples]
    return median(values[quarter : 2 * quarter]), median(values[-quarter:])


def table(samples: Sequence[Sample]) -> str:
    """All samples, and below them the medians that are compared."""
    names = [field.name for field in fields(Sample)]
    lines = [names, *([str(value) for value in asdict(sample).values()] for sample in samples)]
    for row, quarter in enumerate(("second", "last")):
        lines.append([quarter, *(f"{medians(samples, name)[row]:g}" for name in names[1:])])
    widths = [max(10, len(name)) for name in names]
    return "\n".join("  ".join(map(str.rjust, line, widths)) for line in lines)
