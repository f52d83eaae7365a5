"""What an operator reads of the reading of files before a start."""

import pytest

from bot.documents.inspection import inspect, inspect_worker, tesseract_finding
from bot.documents.reader import Bounds, WorkerReader
from bot.domain.findings import Verdict


async def test_a_worker_reads_a_text() -> None:
    (finding,) = await inspect(ocr=False)
    assert finding.verdict is Verdict.OK


async def test_a_worker_that_dies_is_a_problem() -> None:
    reader = WorkerReader(Bounds(workers=1), program="raise SystemExit(1)")
    assert (await inspect_worker(reader)).verdict is Verdict.PROBLEM


@pytest.mark.parametrize(
    ("path", "known", "verdict", "says"),
    [
        (None, [], Verdict.WARNING, "not installed"),
        ("/usr/bin/tesseract", [], Verdict.WARNING, "knows no language"),
        ("/usr/bin/tesseract", ["eng", "deu"], Verdict.OK, "eng, deu"),
    ],
)
def test_tesseract_is_looked_for(path: str | None, known: list[str], verdict: Verdict, says: str) -> None:
    finding = tesseract_finding(path, known)
    assert finding.verdict is verdict
    assert says in finding.found
