"""What a worker may use, and what it reads of a file at most."""

import contextlib
import ctypes
import os
import resource
import signal
from pathlib import Path

MOST_CHARACTERS = 4_000_000
"""Text kept of one file; about eight hundred thousand tokens, more than any model takes."""

MOST_SECTIONS = 20_000
"""Pages, sheets, slides … kept of one file."""

MEMORY = 1536 * 2**20
"""Bytes of address space; a book of 1,200 pages takes 60 MB."""

PROCESSOR_SECONDS = 45
"""For one file; it ends a worker whose daemon is no longer there to end it."""

_OPEN_FILES = 64
_NICENESS = 10
_OOM_SCORE = 900
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000


def confine() -> None:
    """Give this process little memory, no files to write, no core dump, no network where the system allows that.

    It dies with the process that started it, and gives way to all others for processor time and memory. What a system
    does not offer is left out: the reader's own time limit holds everywhere.
    """
    for kind, value in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
    ):
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (value, value))
    with contextlib.suppress(OSError):
        os.nice(_NICENESS)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(_OOM_SCORE))
    with contextlib.suppress(OSError, AttributeError):
        kernel = ctypes.CDLL(None)
        kernel.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        kernel.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        kernel.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def begin_job() -> None:
    """Allow the processor time of one more file; past it the kernel ends the process with SIGXCPU."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    allowed = int(spent.ru_utime + spent.ru_stime) + PROCESSOR_SECONDS
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (allowed, resource.RLIM_INFINITY))
