"""The files of the image, run with no more rights than a container or systemd's sandbox leave them."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from asyncio.subprocess import DEVNULL
from pathlib import Path

import pytest

from tests.deploy.dockerfile import copied, last
from tests.stories.files import long_pdf
from tests.stories.monitoring import ANY_PORT, address_of
from tests.stories.stage import ROOT, Daemon, Stage

NOBODY = 65534

CONFINE = """
set -eu
image=$1 environment=$2 data=$3 python=$4 hidden=$5
mount --make-rprivate /
mount --bind "$image" /opt
mount --bind "$environment" /opt/.venv
mount --bind "$data" /mnt
if [ -n "$hidden" ]; then
    # Python lies in a folder that nobody else may enter: an empty one takes its place, and in it Python alone.
    mount --bind "$python" /media
    mount -t tmpfs -o mode=755 tmpfs "$hidden"
    mkdir -p "$python"
    mount --bind /media "$python"
    mount -o remount,ro,bind "$hidden"
fi
mount -t tmpfs tmpfs /tmp
mount -o remount,ro,bind /opt/.venv
mount -o remount,ro,bind /opt
mount -o remount,ro,bind /
cd /opt
exec setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs --bounding-set=-all \
    .venv/bin/python slackbot.py --env-file /dev/null
"""
"""Leaves the process a user without rights and a read-only tree, of which it may write /mnt and /tmp alone."""


def image(folder: Path) -> Path:
    """A folder with the files that the Dockerfile puts into the image; the environment goes to `.venv`."""
    made = folder / "image"
    (made / ".venv").mkdir(parents=True)
    for name in copied():
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, made / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, made)
    return made


def confined(image: Path, data: Path) -> tuple[str, ...]:
    """The command of a daemon that may write `data` alone. Skips the test where rights cannot be taken away."""
    if os.geteuid() != 0:
        pytest.skip("only root can take rights away; without it, the daemon runs with few in all stories")
    if subprocess.run(
        ["unshare", "--mount", "mount", "--make-rprivate", "/"], capture_output=True, check=False
    ).returncode:
        pytest.skip("this system lets nobody make a read-only tree")
    python = Path(sys.base_prefix)
    closed = [folder for folder in python.parents if not folder.stat().st_mode & 0o001]
    hidden = str(closed[-1]) if closed else ""
    return ("unshare", "--mount", "sh", "-c", CONFINE, "sh", *map(str, (image, sys.prefix, data, python)), hidden)


def rights_of(pid: int) -> dict[str, str]:
    return dict(line.split(":\t", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())


async def is_healthy(daemon: Daemon) -> bool:
    """What the image's health check says, asked where this daemon listens."""
    usual = dict(pair.split("=") for pair in last("ENV").split())["MONITOR_ADDRESS"]
    _, _, check = last("HEALTHCHECK").partition("CMD ")
    here = check.replace(f"http://{usual}", address_of(daemon))
    assert here != check
    process = await asyncio.create_subprocess_exec(sys.executable, *json.loads(here)[1:], stderr=DEVNULL)
    return await process.wait() == 0


async def test_the_image_answers_and_reads_files_without_rights_in_a_tree_that_it_cannot_write(stage: Stage) -> None:
    data = stage.folder / "data"
    data.mkdir(mode=0o700)
    stage.command = confined(image(stage.folder), data)
    shutil.chown(data, NOBODY, NOBODY)
    daemon = await stage.start(DATA_DIR="/mnt", MONITOR_ADDRESS=ANY_PORT)
    rights = rights_of(daemon.pid)
    assert rights["Uid"].split() == [str(NOBODY)] * 4
    assert int(rights["CapBnd"], 16) == int(rights["CapEff"], 16) == 0

    await stage.answered(await stage.ask("What is in it?", ("book.pdf", long_pdf(3))))
    request = stage.model.requests[-1].request
    assert request is not None
    assert "nonce-2" in "".join(message.text for message in request.messages)
    assert await is_healthy(daemon)
    assert await daemon.terminate() == 0
    assert not await is_healthy(daemon)
    assert (data / "bot.db").stat().st_uid == NOBODY
    assert "Traceback" not in daemon.lines
