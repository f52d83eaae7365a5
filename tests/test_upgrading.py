"""The page about upgrading speaks of what there is."""

import re
from pathlib import Path

import pytest

from bot.store.migrations import migrations
from config.environment import variables
from config.version import version
from slackbot import main

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/upgrading.md").read_text(encoding="utf-8")


def test_it_says_of_every_schema_what_it_changed() -> None:
    assert re.findall(r"^\| `(\d{3}_\w+\.sql)` \| \w", PAGE, re.MULTILINE) == [each.name for each in migrations()]


def test_the_commands_and_files_that_it_names_exist(capsys: pytest.CaptureFixture[str]) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"`make (\w+)`", PAGE))
    assert named >= {"install"}
    assert [name for name in named if f"\n{name}:" not in makefile] == []

    with pytest.raises(SystemExit):
        main(["--help"])
    options = set(re.findall(r"slackbot\.py (--[\w-]+)", PAGE))
    assert options >= {"--migrate-only", "--version"}
    assert options <= set(re.findall(r"--[\w-]+", capsys.readouterr().out))

    files = set(re.findall(r"`((?:docs/)?[\w.]+\.(?:md|example))`", PAGE))
    assert [file for file in files if not (ROOT / file).exists()] == []


def test_the_variables_that_it_names_exist() -> None:
    named = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)[=`]", PAGE))
    assert named
    assert named <= set(variables())


def test_every_version_in_the_changelog_has_a_number_and_the_newest_is_this_one() -> None:
    headings = re.findall(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    numbers = [re.fullmatch(r"(\d+)\.(\d+)\.(\d+), (?:\d{4}-\d\d-\d\d|not released yet)", each) for each in headings]
    assert all(numbers), headings
    ordered = [tuple(map(int, number.groups())) for number in numbers if number]
    assert ordered == sorted(ordered, reverse=True)
    assert ".".join(map(str, ordered[0])) == version()
