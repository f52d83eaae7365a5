"""Finds out whether files can be read on this machine."""

import asyncio
import shutil
from collections.abc import Sequence

from bot.documents.ocr import PROGRAM, installed_data, languages
from bot.documents.reader import Bounds, WorkerReader
from bot.domain.errors import FileUnusable
from bot.domain.findings import Finding, ok, problem, warning

_SECONDS = 20.0


async def inspect(ocr: bool) -> list[Finding]:
    """Whether a worker reads a file, and Tesseract is there when `ocr` wants it."""
    worker = await inspect_worker(WorkerReader(Bounds(workers=1, deadline=_SECONDS)))
    return [worker, *(await _tesseract() if ocr else ())]


async def inspect_worker(reader: WorkerReader) -> Finding:
    """Whether a worker of this reader, which is closed, can be started and reads a text."""
    try:
        async with asyncio.timeout(_SECONDS):
            await reader.read("check.txt", b"Is this read?")
    except (FileUnusable, OSError, TimeoutError) as error:
        return problem(
            f"No file can be read: a worker process did not do its work ({type(error).__name__}).",
            "See whether the bot's user may start processes, and whether memory is left.",
        )
    finally:
        await reader.close()
    return ok("Files are read: a worker process has read a text.")


async def _tesseract() -> list[Finding]:
    path = shutil.which(PROGRAM)
    known = languages(await asyncio.to_thread(installed_data, path)) if path else []
    return [tesseract_finding(path, known)]


def tesseract_finding(path: str | None, known: Sequence[str]) -> Finding:
    """What it means that Tesseract is at this path, or nowhere, and knows these languages."""
    if not path:
        return warning(
            "DOCUMENT_OCR is on, but Tesseract is not installed: scanned pages go to the model.",
            "Install it, such as by apt-get install tesseract-ocr.",
        )
    if not known:
        return warning(f"{path} knows no language.", "Install one, such as by apt-get install tesseract-ocr-eng.")
    return ok(f"{path} reads scanned pages in: {', '.join(known)}.")
