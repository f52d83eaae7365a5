"""`make bench`: measures, and prints the figures as a table."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable, Mapping

from benchmarks.acks import measure_acks
from benchmarks.answers import measure_answers
from benchmarks.crowd import measure_crowd
from benchmarks.documents import measure_documents
from benchmarks.figures import Figure, table
from benchmarks.lag import measure_lag
from benchmarks.modal import measure_modal
from benchmarks.pauses import measure_pauses
from benchmarks.routing import measure_routing

_MEASUREMENTS: Mapping[str, Callable[[], Awaitable[list[Figure]]]] = {
    "answers": lambda: measure_answers(rounds=5, answers=5),
    "acks": lambda: measure_acks(rounds=3, seconds=10),
    "crowd": measure_crowd,
    "lag": measure_lag,
    "documents": measure_documents,
    "routing": measure_routing,
    "pauses": measure_pauses,
    "modal": measure_modal,
}


async def _measure(names: list[str]) -> None:
    figures: list[Figure] = []
    for name in names:
        print(f"measuring {name} …", flush=True)
        figures += await _MEASUREMENTS[name]()
    print(f"\n{table(figures)}")


def main() -> None:
    """Measure what the command line names, or everything, which takes about half an hour."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(_MEASUREMENTS)} (default: all)")
    names = parser.parse_args().names or list(_MEASUREMENTS)
    if unknown := sorted(set(names) - set(_MEASUREMENTS)):
        parser.error(f"unknown: {', '.join(unknown)}")
    asyncio.run(_measure(names))


if __name__ == "__main__":
    main()
