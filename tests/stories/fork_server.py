"""Stands ready with the daemon's modules loaded, and forks a daemon each time that it is asked to.

A daemon spends a second of processor time on its imports, and the stories start hundreds. `forking` is the other end.
"""

import gc
import json
import os
import runpy
import signal
import socket
import struct
import sys
import threading
import time
from pathlib import Path

PROGRAM = Path(__file__).parents[2] / "slackbot.py"

NUMBER = struct.Struct("i")
"""How a process id and an exit code are told."""


def serve(control: socket.socket) -> tuple[socket.socket, int]:
    """Fork until the other end hangs up; returns in each new daemon, with its line to whoever wants it, and its log."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        asked, (*files,), *_ = socket.recv_fds(control, 1, 2)
        if not asked:
            sys.exit()
        line, log = socket.socket(fileno=files[0]), files[1]
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            control.close()
            watch(line)
            return line, log
        line.close()
        os.close(log)


def watch(line: socket.socket) -> None:
    """Fork once more, and return in the child; the parent tells its process id, and later how it ended."""
    if pid := os.fork():
        line.sendall(NUMBER.pack(pid))
        line.sendall(NUMBER.pack(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])))
        os._exit(0)


def become(line: socket.socket, log: int) -> None:
    """Make this process what a shell would have made of it."""
    with line, line.makefile(encoding="utf-8") as wish:
        arguments, environ, folder = json.load(wish)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)
    os.environ.clear()
    os.environ.update(environ)
    time.tzset()
    os.chdir(folder)
    sys.argv = [str(PROGRAM), *arguments]


if __name__ == "__main__":
    sys.path[0] = str(PROGRAM.parent)
    __import__("slackbot")
    __import__("bot.app")
    assert threading.active_count() == 1, "no thread outlives a fork"
    gc.freeze()  # what is shared stays so
    become(*serve(socket.socket(fileno=int(sys.argv[1]))))
    runpy.run_path(str(PROGRAM), run_name="__main__")
