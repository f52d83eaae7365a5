"""How findings are told and counted."""

import pytest

from bot.domain.findings import Finding, Verdict, count, note, ok, problem, warning


@pytest.mark.parametrize(
    ("finding", "line"),
    [
        (ok("It works."), "ok       It works."),
        (note("By the way.", ""), "note     By the way."),
        (warning("Odd.", "Look."), "warning  Odd. Look."),
        (problem("Several\nlines.", "Do it."), "problem  Several lines. Do it."),
    ],
)
def test_a_finding_is_one_line(finding: Finding, line: str) -> None:
    assert str(finding) == line


def test_findings_are_counted_by_verdict() -> None:
    found = [ok("a"), problem("b"), problem("c")]
    assert [count(found, verdict) for verdict in Verdict] == [1, 0, 0, 2]
