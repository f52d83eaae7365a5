"""The page about reliability names tests that there are."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/reliability.md").read_text(encoding="utf-8")
PROMISES = [
    line
    for line in PAGE.partition("Figures of")[0].splitlines()
    if line.startswith("| ") and not line.startswith(("| promise", "| ---"))
]
PROOF = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


@pytest.mark.parametrize("promise", PROMISES)
def test_every_promise_is_proved_by_a_test_that_there_is(promise: str) -> None:
    named = PROOF.findall(promise)
    assert named
    for file, name in named:
        assert re.search(rf"^(async def|def|class) {name}\b", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)


def test_its_commands_are_those_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "make soak SEEDS=" in PAGE
    assert "tests.stories.chaos --seeds $(SEEDS) $(ARGUMENTS)" in makefile
