"""Checks what is installed: every requirement pinned, every licence permissive, no known vulnerability.

Run as `python -m tests.audit`; with the path of a pip-audit, that is asked about vulnerabilities. It lives in an
environment of its own, so that what it needs is not taken for something that the bot needs.
"""

import importlib.metadata
import json
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution
from pathlib import Path

ROOT = Path(__file__).parent.parent
REQUIREMENTS = ("requirements.txt", "requirements-telemetry.txt", "playground/requirements.txt", "requirements-dev.txt")

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
    """What a package says of its licence, in the newest of the ways to say it (core metadata specification).

    Where its metadata says nothing, the first words of its licence's text do.
    """
    known = package.metadata
    classifiers = [each.rpartition("::")[2].strip() for each in known.get_all("Classifier", ()) if "License ::" in each]
    expression, words = ("".join(known.get_all(name, ())) for name in ("License-Expression", "License"))
    texts = (package.read_text(f"licenses/{file}") or "" for file in known.get_all("License-File", ()))
    return expression or "; ".join(classifiers) or words[:200] or next(texts, "").partition("\n")[0].strip()


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


def vulnerabilities(report: str) -> Iterator[str]:
    """What pip-audit's JSON report says against packages, a sentence each; not having looked is no acquittal."""
    for package in json.loads(report)["dependencies"]:
        if reason := package.get("skip_reason"):
            yield f"{package['name']} was not looked up: {reason}"
        for known in package.get("vulns", ()):
            mended = f"mended in {', '.join(known['fix_versions'])}" if known["fix_versions"] else "not mended yet"
            yield f"{package['name']} {package['version']}: {known['id']}, {mended}"


def report_of(pip_audit: str) -> str:
    """pip-audit's report on all that is installed beside this Python, dependencies of dependencies included."""
    command = [pip_audit, "--format", "json", "--progress-spinner", "off", "--path", sysconfig.get_path("purelib")]
    # It ends with 1 where it has found something; the report says what.
    return subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True).stdout


def main(arguments: list[str]) -> int:
    """Say what is wrong; returns the exit code."""
    found = sorted(set(problems()))
    for pip_audit in arguments:
        try:
            found += vulnerabilities(report_of(pip_audit))
        except (OSError, ValueError):
            found.append("pip-audit gave no report: known vulnerabilities were not looked up")
    sys.stdout.write("".join(f"{problem}\n" for problem in found))
    sys.stdout.write("".join(f"{name}: {licence}, which was accepted\n" for name, licence in ACCEPTED.items()))
    sys.stdout.write(
        "Something is to be mended.\n" if found else "All requirements are pinned, all other licences permissive.\n"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
