"""What every kind of document is read into."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.domain.files import Section, Unit


@dataclass(frozen=True, slots=True)
class Reading:
    """A document that is being read; its `sections` are made one after the other, so that a cut keeps those before it.

    `kind` names the file for people, as in "Word document". `total` counts the units that the file has; `cut` says why
    not all of them are read, and is empty when all are.
    """

    kind: str
    unit: Unit
    total: int
    sections: Iterable[Section]
    cut: str = ""


Read = Callable[[bytes], Reading]
"""Reads one kind of document. Raises FileUnusable, here or while the sections are made."""
