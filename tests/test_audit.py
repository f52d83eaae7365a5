"""What the audit takes offence at."""

import pytest

from tests.audit import is_permissive, problems, unpinned


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
