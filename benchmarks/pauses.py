"""How long the bot's event loop stands still while large files are fetched, read, and sent to the model.

A clock in the loop of the real bot tells; while the loop stands still nothing is acknowledged and no answer grows. The
figures hold whatever else the machine does: the reading of the file in a process beside it, and the local Slack and
OpenAI. The first one, of a bot without work, tells how much that is.
"""

import asyncio
import os
import time
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from benchmarks.document_files import PAGES, pdf_text
from benchmarks.figures import Figure, at_most
from benchmarks.stage import Bot, Stage, open_stage
from playground.openai.scripts import Pace

_TICKING = Bot("ours", Path(__file__).parent / "ticking_bot.py")
_ANSWER = "That is what the file holds."
_EDGE = 2_310
"""Pixels of a square whose noise takes 16 MB."""

_ROUNDS = 5
_SETTLING, _IDLE = 2.0, 5.0
_PATIENCE = 60.0
_TARGET = at_most(50, "ms")


async def measure_pauses() -> list[Figure]:
    """The longest pauses of a few rounds, each with a file that the bot has not seen."""
    picture, document = noise(_EDGE), pdf_text()
    size = f"{len(picture) / 1_000_000:.0f} MB"
    with TemporaryDirectory() as folder:
        file = Path(folder) / "pauses"
        async with open_stage(
            _TICKING, _ANSWER, Pace(), settling=_SETTLING, variables={"PAUSES_FILE": str(file)}
        ) as stage:
            began = time.monotonic()
            await asyncio.sleep(_IDLE)
            spans = {"longest pause without work": [(began, time.monotonic())]}
            for name, content in ((f"a picture of {size}.png", picture), (f"{PAGES:,} pages.pdf", document)):
                title = f"longest pause over {name.rpartition('.')[0]}"
                spans[title] = [await _asked(stage, name, content) for _ in range(_ROUNDS)]
        pauses = read_pauses(file.read_text(encoding="ascii").splitlines())
    return [
        Figure(title, "ms", 1_000 * max(longest(pauses, *span) for span in those), None, _TARGET if index else None)
        for index, (title, those) in enumerate(spans.items())
    ]


async def _asked(stage: Stage, name: str, content: bytes) -> tuple[float, float]:
    """Somebody asks about a file; when that was, and when the whole answer was there.

    Raises RuntimeError when the bot could not use the file.
    """
    person = stage.people[0]
    channel = stage.workspace.open_dm(person.id).id
    file = stage.workspace.add_file(name, content, person.id)
    began = time.monotonic()
    question = await stage.workspace.post_as(person.id, channel, "What is it?", files=[file])

    def answer() -> str:
        *_, last = stage.workspace.thread(channel, question["ts"])
        text = stage.workspace.markdown_of(last)
        return text if text.endswith(_ANSWER) and last.get("streaming_state") != "in_progress" else ""

    if "⚠️" in await stage.workspace.wait_for(answer, _PATIENCE):
        raise RuntimeError(f"the bot could not use {name}")
    return began, time.monotonic()


def noise(edge: int) -> bytes:
    """A square PNG that cannot be packed, three bytes a pixel."""
    file = BytesIO()
    Image.frombytes("RGB", (edge, edge), os.urandom(3 * edge * edge)).save(file, "PNG", compress_level=1)
    return file.getvalue()


def read_pauses(lines: Iterable[str]) -> list[tuple[float, float]]:
    """The pauses that a ticking bot has written down: when each ended, and how long it was."""
    pairs = (line.split() for line in lines)
    return [(float(ended), float(seconds)) for ended, seconds in pairs]


def longest(pauses: Iterable[tuple[float, float]], begin: float, end: float) -> float:
    """The longest of the pauses that lie in this span of time, at least in part; 0 when there was none."""
    return max((seconds for ended, seconds in pauses if begin < ended and ended - seconds < end), default=0.0)
