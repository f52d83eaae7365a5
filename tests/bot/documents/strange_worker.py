"""A worker that does what the file's name says, so that the daemon's side can be watched."""

import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.documents.reading import Reading
from bot.documents.worker import main
from bot.domain.files import Picture, Section, Unit


def open_strangely(name: str, content: bytes) -> Picture | Reading:
    """The behaviours; "echo" is the good one."""
    first, _, then = name.partition(" ")
    if first != "after":
        _behave(name)
    text = _environment() if name == "environment" else content.decode("latin-1")
    return Reading("echo", Unit.PAGE, 3, _sections(text, then))


def _sections(text: str, then: str) -> Iterator[Section]:
    yield Section(1, text)
    if then:
        _behave(then)
        yield Section(2, text)


def _environment() -> str:
    devices = [line.split(":")[0].strip() for line in Path("/proc/net/dev").read_text().splitlines()[2:]]
    return f"variables {sorted(os.environ)} devices {devices}"


def _behave(name: str) -> None:
    _BEHAVIOURS[name]()


def _panic() -> None:
    raise BaseException("a panic of another language")  # noqa: TRY002


def _recurse() -> None:
    _recurse()


def _hoard() -> None:
    bytearray(2**34)


def _write() -> None:
    with tempfile.TemporaryFile() as file:
        file.write(b"x")
        file.flush()


def _have_a_child() -> None:
    os.fork()
    time.sleep(600)


def _write_past_the_protocol(data: bytes) -> None:
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, data)
        except OSError:
            continue


_BEHAVIOURS: dict[str, Callable[[], object]] = {
    "echo": lambda: None,
    "environment": lambda: None,
    "hang": lambda: time.sleep(600),
    "abort": os.abort,
    "crash": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    "exit": lambda: os._exit(3),
    "spin": lambda: os.kill(os.getpid(), signal.SIGXCPU),
    "hoard": _hoard,
    "panic": _panic,
    "recurse": _recurse,
    "chatter": lambda: os.write(1, b"x" * 100_000) and sys.stdout.write("x" * 100_000),
    "write": _write,
    "nonsense": lambda: _write_past_the_protocol(b"\xff" * 1_000),
    "child": _have_a_child,
}


if __name__ == "__main__":
    main(open_strangely)
