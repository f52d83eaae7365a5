"""The number of the version stands in one place."""

import re
from pathlib import Path

from config.version import version

CHANGELOG = (Path(__file__).parents[2] / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_changelog_begins_with_this_version() -> None:
    newest = re.search(r"^## (\S+?)(?:,| |$)", CHANGELOG, re.MULTILINE)
    assert newest
    assert newest[1] == version()
