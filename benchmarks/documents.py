"""How fast documents are read, and in how much memory, beside the libraries that Python programs usually take.

Each reader reads each file in a process of its own. The time is the best of a few rounds, without imports; the memory
is all that the process ever had. The column `minimal` shows the usual library: pdfplumber, python-docx, openpyxl,
python-pptx.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import document_files as files
from benchmarks.figures import Figure, Target, at_least, at_most

Read = Callable[[Path], int]
"""Reads a file to its end and returns how many characters of text came out."""

_ROUNDS = 3
_ENOUGH = 5.0
"""Seconds after which a reader is not asked again."""


def ours(path: Path) -> int:
    from bot.documents.kinds import reader_of  # noqa: PLC0415 - so that each process loads only what it measures

    content = path.read_bytes()
    return sum(len(section.text) for section in reader_of(path.name, content)(content).sections)


def pdfplumber(path: Path) -> int:
    import pdfplumber  # noqa: PLC0415

    with pdfplumber.open(path) as pdf:
        return sum(_size(page) for page in pdf.pages)


def pdfplumber_tables(path: Path) -> int:
    import pdfplumber  # noqa: PLC0415

    with pdfplumber.open(path) as pdf:
        return sum(len(str(page.extract_tables())) + _size(page) for page in pdf.pages)


def _size(page: Any) -> int:
    size = len(page.extract_text() or "")
    page.close()  # or it is kept until the end, which takes gigabytes
    return size


def python_docx(path: Path) -> int:
    import docx  # noqa: PLC0415
    from docx.table import Table  # noqa: PLC0415

    size = 0
    for block in docx.Document(str(path)).iter_inner_content():
        cells = [cell.text for row in block.rows for cell in row.cells] if isinstance(block, Table) else [block.text]
        size += sum(map(len, cells))
    return size


def openpyxl(path: Path) -> int:
    import openpyxl  # noqa: PLC0415

    book = openpyxl.load_workbook(path, read_only=True)
    return sum(len(str(value)) for sheet in book for row in sheet.iter_rows(values_only=True) for value in row)


def python_pptx(path: Path) -> int:
    import pptx  # noqa: PLC0415

    slides = pptx.Presentation(str(path)).slides
    return sum(len(shape.text_frame.text) for slide in slides for shape in slide.shapes if shape.has_text_frame)


_READERS: Mapping[str, Read] = {
    read.__name__: read for read in (ours, pdfplumber, pdfplumber_tables, python_docx, openpyxl, python_pptx)
}


def _faster(factor: float) -> Target:
    return Target(f"at least {factor:g} x usual", lambda ours, usual: usual is not None and ours >= factor * usual)


_CASES: tuple[tuple[str, str, int, Read | None, Target, Target], ...] = (
    ("text.pdf", "pages", files.PAGES, pdfplumber, at_least(400, "pages/s"), at_most(80, "MB")),
    ("tables.pdf", "pages", files.TABLE_PAGES, pdfplumber_tables, _faster(25), at_most(80, "MB")),
    ("long.docx", "paragraphs", files.PARAGRAPHS, python_docx, _faster(3), at_most(120, "MB")),
    ("long.xlsx", "rows", files.ROWS, openpyxl, at_least(files.ROWS / 0.3, "rows/s"), at_most(80, "MB")),
    ("long.pptx", "slides", files.SLIDES, python_pptx, _faster(1), at_most(80, "MB")),
    ("long.html", "articles", files.ARTICLES, None, at_least(15_000, "articles/s"), at_most(150, "MB")),
)


async def measure_documents() -> list[Figure]:
    """Two figures a file: how much of it is read in a second, and the most memory that took."""
    figures: list[Figure] = []
    with TemporaryDirectory() as folder:
        for name, unit, count, usual, speed, memory in _CASES:
            path = Path(folder) / name
            path.write_bytes(files.FILES[name]())
            our_seconds, our_memory = await _measured("ours", path)
            seconds, usual_memory = await _measured(usual.__name__, path) if usual else (None, None)
            rate = count / seconds if seconds else None
            figures.append(
                Figure(f"{count:,} {unit} of {path.suffix[1:]}", f"{unit}/s", count / our_seconds, rate, speed)
            )
            figures.append(Figure(f"memory for {name}", "MB", our_memory, usual_memory, memory))
    return figures


async def _measured(reader: str, path: Path) -> tuple[float, float]:
    """Seconds and megabytes of this reader in a new process."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.documents", reader, str(path), stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    seconds, memory = json.loads(output)
    return seconds, memory


def _measure_here(read: Read, path: Path) -> tuple[float, float]:
    best, began = float("inf"), time.perf_counter()
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        if not read(path):
            raise RuntimeError(f"{read.__name__} found no text in {path.name}")
        best = min(best, time.perf_counter() - started)
        if time.perf_counter() - began > _ENOUGH:
            break
    return best, peak_memory(Path("/proc/self/status").read_text(encoding="ascii"))


def peak_memory(status: str) -> float:
    """Megabytes of the largest resident set, from Linux's description of a process.

    getrusage() would not do: its figure begins with that of the process from which this one was forked.
    """
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    print(json.dumps(_measure_here(_READERS[sys.argv[1]], Path(sys.argv[2]))))
