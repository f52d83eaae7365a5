"""Reads files in a few worker processes, each file within its time, and survives whatever happens to them."""

import asyncio
import logging
import time
from dataclasses import dataclass, field, replace

from bot.documents.frames import Ended, FrameInvalid, Job, Message, Opened
from bot.documents.ocr import SECONDS
from bot.documents.process import PROGRAM, WorkerDied, WorkerProcess
from bot.domain.errors import FileUnusable
from bot.domain.files import Document, Flaw, Picture, Section

log = logging.getLogger(__name__)

_MOST_ANSWER = 48 * 2**20
"""Bytes taken for one file: four million characters in any script, and twenty pages as pictures."""

_MOST_NAME = 200


@dataclass(slots=True)
class Answer:
    """What a worker has told of a file so far."""

    picture: Picture | None = None
    opened: Opened | None = None
    sections: list[Section] = field(default_factory=list)
    size: int = 0

    def take(self, message: Message) -> None:
        """Note the next message. Raises FrameInvalid when it is one too many."""
        match message:
            case Picture() if self.picture is None:
                self.picture = message
            case Opened() if self.opened is None:
                self.opened = message
            case Section(_, text, _, scan, _) if self.opened is not None and self.size < _MOST_ANSWER:
                # Python keeps a text in up to four bytes a character.
                self.size += len(text) * (1 if text.isascii() else 3) + len(scan or b"")
                self.sections.append(message)
            case _:
                raise FrameInvalid("out of place")

    def result(self, name: str, end: Ended) -> Picture | Document:
        """The file, as far as it was read. Raises FileUnusable when that is nothing."""
        if self.picture is not None and end.flaw is None:
            return replace(self.picture, name=name)
        if self.opened is None or not self.sections:
            raise FileUnusable(end.flaw or Flaw.EMPTY, end.cut)
        told = self.opened
        return Document(name, told.kind, told.unit, told.total, tuple(self.sections), end.cut)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is done at a time, and for how long; times are in seconds.

    `workers` read at once while `waiting` more wait; a file may take `deadline`; a worker without work ends after
    `idle`.
    """

    workers: int = 2
    waiting: int = 16
    deadline: float = 30.0
    idle: float = 300.0


class WorkerReader:
    """A FileReader. Workers start when the first files come; `ocr` lets them read scanned pages with Tesseract.

    `program` is the Python code that a worker runs.
    """

    def __init__(self, bounds: Bounds | None = None, ocr: bool = False, program: str = PROGRAM) -> None:
        self._bounds = bounds or Bounds()
        # Half of the time, so that the pages that were read meanwhile are never lost to the deadline.
        self._extra = {SECONDS: f"{self._bounds.deadline / 2:g}"} if ocr else {}
        self._program = program
        self._places = asyncio.Semaphore(self._bounds.workers)
        self._waiting = 0
        self._closed = False
        self._busy: set[WorkerProcess] = set()
        self._idle: dict[WorkerProcess, asyncio.TimerHandle] = {}
        self._ending: set[asyncio.Task[None]] = set()

    async def read(self, name: str, content: bytes) -> Picture | Document:
        """What is in the file, by its content rather than its name. Raises FileUnusable."""
        if not content:
            raise FileUnusable(Flaw.EMPTY)
        await self._wait_for_place()
        try:
            if self._closed:
                raise FileUnusable(Flaw.BUSY)
            return await self._read(name, content)
        finally:
            self._places.release()

    async def close(self) -> None:
        """End all workers; files that are being read become unusable. Returns when nothing is left behind."""
        self._closed = True
        for worker in self._busy:
            worker.kill()
        for worker in tuple(self._idle):
            self._retire(worker)
        for _ in range(self._bounds.workers):
            await self._places.acquire()
        await asyncio.gather(*self._ending)
        for _ in range(self._bounds.workers):
            self._places.release()

    async def _wait_for_place(self) -> None:
        if self._places.locked() and self._waiting >= self._bounds.waiting:
            raise FileUnusable(Flaw.BUSY)
        self._waiting += 1
        try:
            await self._places.acquire()
        finally:
            self._waiting -= 1

    async def _read(self, name: str, content: bytes) -> Picture | Document:
        started = time.monotonic()
        answer = Answer()
        worker = await self._take()
        fine = False
        try:
            async with asyncio.timeout(self._bounds.deadline):
                end = await worker.do(Job(name[-_MOST_NAME:], content), answer.take)
            fine = end.flaw is not Flaw.TOO_COMPLEX
        except TimeoutError:
            end = Ended(Flaw.TOO_SLOW, Flaw.TOO_SLOW)
        except WorkerDied as death:
            log.warning("a worker %s over a file of %d bytes", death, len(content))
            end = Ended(death.flaw, death.flaw)
        finally:
            self._give_back(worker, fine)
        log.info(
            "%s: %d bytes, %d sections, %.2f s, %s",
            answer.opened.kind if answer.opened else "picture" if answer.picture else "file",
            len(content),
            len(answer.sections),
            time.monotonic() - started,
            end.flaw.name.lower() if end.flaw else "cut" if end.cut else "complete",
        )
        return answer.result(name, end)

    async def _take(self) -> WorkerProcess:
        while self._idle:
            worker, timer = self._idle.popitem()
            timer.cancel()
            if worker.alive:
                self._busy.add(worker)
                return worker
            self._end(worker)
        try:
            worker = await WorkerProcess.start(self._program, self._extra)
        except OSError as error:
            log.exception("no worker can be started")
            raise FileUnusable(Flaw.BUSY) from error
        if self._closed:
            self._end(worker)
            raise FileUnusable(Flaw.BUSY)
        self._busy.add(worker)
        return worker

    def _give_back(self, worker: WorkerProcess, fine: bool) -> None:
        self._busy.discard(worker)
        if fine and not self._closed and not worker.worn:
            self._idle[worker] = asyncio.get_running_loop().call_later(self._bounds.idle, self._retire, worker)
        else:
            self._end(worker)

    def _retire(self, worker: WorkerProcess) -> None:
        self._idle.pop(worker).cancel()
        self._end(worker)

    def _end(self, worker: WorkerProcess) -> None:
        worker.kill()
        task = asyncio.get_running_loop().create_task(worker.gone(), name="a worker's end")
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
