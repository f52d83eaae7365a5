"""How a whole check is told."""

import pytest

from bot.app.inspection import summary
from bot.domain.findings import Finding, note, ok, problem, warning


@pytest.mark.parametrize(
    ("findings", "says"),
    [
        ([ok("a"), note("b")], "Problems: 0. Warnings: 0. The bot can be started."),
        ([ok("a"), warning("b")], "Problems: 0. Warnings: 1. The bot can be started."),
        ([problem("a"), warning("b")], "Problems: 1. Warnings: 1. The bot cannot do its work like this."),
    ],
)
def test_the_last_line_counts_and_concludes(findings: list[Finding], says: str) -> None:
    assert summary(findings) == says
