"""Reads the words on pictures of pages with Tesseract, where it is installed and wanted."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

PROGRAM = "tesseract"

SECONDS = "OCR_SECONDS"
"""The variable in a worker's environment that says how long one file may take here; without it nothing is done."""

MOST_PAGES = 30
_PAGE_SECONDS = 10.0
_MOST_LANGUAGES = 3
_MOST_CHARACTERS = 100_000
_FORMULAS = "equ"
_DETECTS_LAYOUT = "osd"
"""Not a language: what Tesseract needs to see how a page lies."""


@dataclass(slots=True)
class Tesseract:
    """Reads the pages of one file; it gives up when `seconds` or `pages` are used up."""

    program: str
    languages: str
    mode: str
    seconds: float
    pages: int = MOST_PAGES
    _started: float = field(default_factory=time.monotonic)

    def read(self, picture: bytes) -> str:
        """The words on a picture; none where it finds none, or has no time left."""
        left = min(self.seconds - (time.monotonic() - self._started), _PAGE_SECONDS)
        if self.pages <= 0 or left <= 0:
            return ""
        self.pages -= 1
        return _run(
            self.program, "stdin", "stdout", "-l", self.languages, "--psm", self.mode, given=picture, within=left
        )


def tesseract() -> Tesseract | None:
    """Tesseract for one more file, or None where it is not wanted or not there."""
    seconds, program = os.environ.get(SECONDS), shutil.which(PROGRAM)
    if not seconds or not program:
        return None
    installed = installed_data(program)
    known = languages(installed)
    if not known:
        return None
    mode = "1" if _DETECTS_LAYOUT in installed else "3"
    return Tesseract(program, "+".join(known[:_MOST_LANGUAGES]), mode, float(seconds))


def installed_data(program: str) -> list[str]:
    """What this Tesseract has been given to read by: languages, and some that are none."""
    return [
        each for each in map(str.strip, _run(program, "--list-langs", within=_PAGE_SECONDS).split("\n")[1:]) if each
    ]


def languages(installed: Iterable[str]) -> list[str]:
    """The languages among it, English first: it is the one that most other texts have words of."""
    return sorted(set(installed) - {_DETECTS_LAYOUT, _FORMULAS}, key=lambda language: (language != "eng", language))


def _run(program: str, *arguments: str, within: float, given: bytes = b"") -> str:
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    try:
        done = subprocess.run(  # noqa: S603 - found on PATH, and no argument comes from a file
            [program, *arguments], input=given, capture_output=True, timeout=within, env=environment, check=True
        )
    except (subprocess.SubprocessError, OSError):
        return ""
    return done.stdout.decode("utf-8", "replace")[:_MOST_CHARACTERS].strip()
