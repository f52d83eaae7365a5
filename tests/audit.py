"""Checks what is installed: every requirement pinned, every licence permissive, and known problems as far as possible.

Run as `python -m tests.audit`; it needs no network to pass. With pip-audit installed, that is asked as well.
"""

import importlib.metadata
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution
from pathlib import Path

ROOT = Path(__file__).parent.parent
REQUIREMENTS = ("requirements.txt", "playground/requirements.txt", "requirements-dev.txt")

ACCEPTED = {"pi_heif": "GNU Lesser General Public License v3 (LGPLv3)"}
"""Licences that are not permissive and were accepted, by package: a library that is installed as it is."""

_PINNED = re.compile(r"[A-Za-z0-9._-]+(?:\[[\w,-]+\])?==[A-Za-z0-9.+!]+")
_PERMISSIVE = re.compile(
    r"\b(?:MIT|BSD|0BSD|Apache|ISC|PSF|Python Software Foundation|Python-2\.0|Unlicense|Zlib|HPND|CNRI|MPL|Mozilla"
    r"|Public Domain|CC0)\b",
    re.IGNORECASE,
)
_COPYLEFT = re.compile(r"\b(?:A|L)?GPL|GNU|SSPL|BUSL|Commons Clause|EUPL", re.IGNORECASE)


def unpinned(lines: Iterable[str]) -> Iterator[str]:
    """The lines of a requirements file that leave the version open."""
    for line in lines:
        requirement = line.partition("#")[0].partition(";")[0].strip()
        if requirement and not requirement.startswith("-r ") and not _PINNED.fullmatch(requirement):
            yield requirement


def licence_of(package: Distribution) -> str:
    """What a package says of its licence, in the newest of the three ways to say it (core metadata specification)."""
    known = package.metadata
    classifiers = [each.rpartition("::")[2].strip() for each in known.get_all("Classifier", ()) if "License ::" in each]
    expression, words = ("".join(known.get_all(name, ())) for name in ("License-Expression", "License"))
    return expression or "; ".join(classifiers) or words[:200]


def is_permissive(licence: str) -> bool:
    """True when every alternative, or one of several, allows any use; MPL asks for changes of its own files alone."""
    alternatives = re.split(r"\bOR\b", licence)
    return any(_PERMISSIVE.search(each) and not _COPYLEFT.search(each) for each in alternatives)


def problems() -> Iterator[str]:
    """Everything that is wrong, a sentence each."""
    for name in REQUIREMENTS:
        for requirement in unpinned((ROOT / name).read_text(encoding="utf-8").splitlines()):
            yield f"{name}: {requirement} is not pinned with =="
    for package in importlib.metadata.distributions():
        licence = licence_of(package)
        if not is_permissive(licence) and ACCEPTED.get(package.name) != licence:
            yield f"{package.name} {package.version}: the licence is {licence or 'not stated'}"


def main() -> int:
    """Say what is wrong; returns the exit code."""
    found = sorted(set(problems()))
    sys.stdout.write("".join(f"{problem}\n" for problem in found))
    sys.stdout.write("".join(f"{name}: {licence}, which was accepted\n" for name, licence in ACCEPTED.items()))
    code = 1 if found else 0
    if pip_audit := shutil.which("pip-audit"):
        files = [argument for name in REQUIREMENTS for argument in ("-r", str(ROOT / name))]
        code |= subprocess.run([pip_audit, *files], check=False).returncode
    else:
        sys.stdout.write("pip-audit is not installed: known problems of the packages were not looked up\n")
    sys.stdout.write(
        "Something is to be mended.\n" if code else "All requirements are pinned, all other licences permissive.\n"
    )
    return code


if __name__ == "__main__":
    sys.exit(main())
