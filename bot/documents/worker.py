"""A process that reads files, one after the other, until its daemon is gone: started by `bot.documents.process`."""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import BinaryIO

from bot.documents import limits
from bot.documents.frames import PREFIX, Ended, Job, Message, Opened, pack, sizes, unpack
from bot.documents.kinds import recognise
from bot.documents.reading import Reading
from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw, Picture

MOST_CONTENT = 2**27
"""Bytes of one file, above what is ever downloaded."""

Send = Callable[[Message], None]
Open = Callable[[str, bytes], Picture | Reading]


def main(open_file: Open) -> None:
    """Serve the pipes on standard input and output with `open_file`."""
    limits.confine()
    # The libraries may print whatever they like: standard output is no longer the pipe.
    source, sink = os.fdopen(0, "rb", closefd=False), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.stdout = sys.stderr

    def send(message: Message) -> None:
        sink.writelines(pack(message))
        sink.flush()

    for job in jobs(source):
        limits.begin_job()
        answer(job, open_file, send)


def open_any(name: str, content: bytes) -> Picture | Reading:
    """Read a file of any kind that we know. Raises FileUnusable."""
    return recognise(name, content).open(content)


def jobs(source: BinaryIO) -> Iterator[Job]:
    """The jobs that arrive, until the pipe is closed."""
    while prefix := source.read(PREFIX.size):
        head, body = sizes(prefix, MOST_CONTENT)
        message = unpack(source.read(head), source.read(body))
        if isinstance(message, Job):
            yield message


def answer(job: Job, open_file: Open, send: Send) -> None:
    """Send what is in the file, section by section, and how that ended."""
    try:
        match open_file(job.name, job.content):
            case Picture() as picture:
                send(picture)
                end = Ended()
            case reading:
                send(Opened(reading.kind, reading.unit, reading.total))
                end = _send_sections(reading, send)
    except FileUnusable as error:
        end = Ended(error.reason, error.flaw)
    except (MemoryError, RecursionError):
        end = Ended(Flaw.TOO_COMPLEX, Flaw.TOO_COMPLEX)
    except (KeyboardInterrupt, SystemExit, BrokenPipeError):
        raise
    # What a library written in Rust raises when it panics is no Exception.
    except BaseException:
        end = Ended(Flaw.BROKEN, Flaw.BROKEN)
    send(end)


def _send_sections(reading: Reading, send: Send) -> Ended:
    left = limits.MOST_CHARACTERS
    for count, section in enumerate(reading.sections, 1):
        send(replace(section, text=section.text[:left]))
        left -= len(section.text)
        if left < 0:
            return Ended(f"only its first {limits.MOST_CHARACTERS:,} characters were read")
        if count == limits.MOST_SECTIONS and count < reading.total:
            return Ended(f"only its first {count:,} {reading.unit}s were read")
    return Ended(reading.cut)
