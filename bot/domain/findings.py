"""What a check of the whole bot has found, for the operator."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How bad a finding is: PROBLEM keeps the bot, or a promised part of it, from working; NOTE is good to know."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: what was found, and what to do about it, each in whole sentences.

    Neither holds a secret, nor text that people wrote.
    """

    verdict: Verdict
    found: str
    remedy: str = ""

    def __str__(self) -> str:
        """One line for a terminal."""
        return f"{self.verdict:<9}{' '.join(f'{self.found} {self.remedy}'.split())}"


def ok(found: str) -> Finding:
    return Finding(Verdict.OK, found)


def note(found: str, remedy: str = "") -> Finding:
    return Finding(Verdict.NOTE, found, remedy)


def warning(found: str, remedy: str = "") -> Finding:
    return Finding(Verdict.WARNING, found, remedy)


def problem(found: str, remedy: str = "") -> Finding:
    return Finding(Verdict.PROBLEM, found, remedy)


def count(findings: Iterable[Finding], verdict: Verdict) -> int:
    """How many of the findings are of this kind."""
    return sum(finding.verdict is verdict for finding in findings)
