"""Makes sure that one bot works on one data directory."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.store.errors import AlreadyRunning, disk_errors


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Hold the directory's lock file; the kernel frees it when the process ends, however it ends.

    Raises AlreadyRunning, which names the other process.
    """
    with disk_errors(directory):
        descriptor = os.open(directory / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        with disk_errors(directory):
            _take(descriptor, directory)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, directory: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(descriptor, 20, 0).decode("ascii", "replace") or "unknown"
        raise AlreadyRunning(f"another bot is running on this DATA_DIR (pid {holder}): {directory}") from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode("ascii"), 0)
