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


def running_bot(directory: Path) -> str | None:
    """The process id of the bot that holds this directory, or None when none does.

    Raises StoreUnavailable. To find out, the lock is shared for a moment, in which a bot that starts would be refused.
    """
    path = directory / "lock"
    if not path.exists():
        return None
    with disk_errors(path):
        descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _holder(descriptor)
    finally:
        os.close(descriptor)
    return None


def _holder(descriptor: int) -> str:
    return os.pread(descriptor, 20, 0).decode("ascii", "replace") or "unknown"


def _take(descriptor: int, directory: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = _holder(descriptor)
        raise AlreadyRunning(f"another bot is running on this DATA_DIR (pid {holder}): {directory}") from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode("ascii"), 0)
