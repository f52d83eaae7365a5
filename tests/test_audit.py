"""What the audit takes offence at."""

import json
from pathlib import Path

import pytest

from tests.audit import is_permissive, main, problems, unpinned, vulnerabilities


def test_what_is_installed_passes() -> None:
    assert list(problems()) == []


def test_a_requirement_that_leaves_the_version_open_is_found() -> None:
    lines = ["# words", "", "-r other.txt", "a==1.0", "b[c]==2.0  # why", "d>=1", "e", "f==1.*", "git+https://x/y"]
    assert list(unpinned(lines)) == ["d>=1", "e", "f==1.*", "git+https://x/y"]


@pytest.mark.parametrize(
    ("licence", "fine"),
    [
        *(("MIT", True), ("BSD-3-Clause", True), ("Apache Software License", True), ("MIT AND BSD-2-Clause", True)),
        *(("GPL-3.0-only", False), ("AGPL-3.0", False), ("MIT AND GPL-2.0", False), ("MIT OR GPL-2.0", True)),
        *(("GNU Lesser General Public License", False), ("Elastic-2.0", False), ("", False)),
    ],
)
def test_only_licences_that_allow_any_use_are_permissive(licence: str, fine: bool) -> None:
    assert is_permissive(licence) is fine


def test_a_vulnerable_package_and_one_that_was_not_looked_up_are_named() -> None:
    report = {
        "dependencies": [
            {"name": "fine", "version": "1", "vulns": []},
            {"name": "open", "version": "2", "vulns": [{"id": "CVE-1", "fix_versions": []}]},
            {"name": "mended", "version": "3", "vulns": [{"id": "CVE-2", "fix_versions": ["3.1", "4"]}]},
            {"name": "unknown", "skip_reason": "not there"},
        ]
    }
    assert list(vulnerabilities(json.dumps(report))) == [
        "open 2: CVE-1, not mended yet",
        "mended 3: CVE-2, mended in 3.1, 4",
        "unknown was not looked up: not there",
    ]


def test_an_audit_without_a_report_does_not_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    silent = tmp_path / "pip-audit"
    silent.write_text("#!/bin/sh\nexit 0\n")
    silent.chmod(0o700)
    assert main([str(silent)]) == 1
    assert "were not looked up" in capsys.readouterr().out
