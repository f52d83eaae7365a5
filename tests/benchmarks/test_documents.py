"""The documents that are measured can be read, and memory is taken from the right line."""

import pytest

from benchmarks import document_files, documents
from bot.documents.kinds import reader_of


def test_the_peak_of_memory_is_what_linux_calls_the_high_water_mark() -> None:
    assert documents.peak_memory("Name:\tpython\nVmPeak:\t 9999 kB\nVmHWM:\t   20480 kB\nVmRSS:\t 1 kB\n") == 20.0


@pytest.mark.parametrize(
    ("name", "unit"),
    [("text.pdf", "PAGES"), ("tables.pdf", "TABLE_PAGES"), ("long.pptx", "SLIDES")],
)
def test_files_have_as_many_pages_as_they_are_measured_by(
    name: str, unit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document_files, unit, 3)
    content = document_files.FILES[name]()
    reading = reader_of(name, content)(content)
    assert reading.total == len(list(reading.sections)) == 3


@pytest.mark.parametrize(
    ("name", "unit", "sign"),
    [
        ("long.docx", "PARAGRAPHS", "2 The quick"),
        ("long.xlsx", "ROWS", "Rows 1–3, columns A–J"),
        ("long.html", "ARTICLES", "here"),
    ],
)
def test_files_without_pages_hold_what_they_are_measured_by(
    name: str, unit: str, sign: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document_files, unit, 3)
    content = document_files.FILES[name]()
    assert sign in "".join(section.text for section in reader_of(name, content)(content).sections)
