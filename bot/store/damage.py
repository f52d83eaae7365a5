"""What becomes of a database that is damaged: it is kept aside, and a copy or a new one takes its place."""

import logging
import shutil
from pathlib import Path

from bot.ports import Now
from bot.store.backup import FOLDER, newest_good, stamp
from bot.store.errors import DatabaseDamaged, disk_errors

log = logging.getLogger(__name__)

_LOGS = ("-wal", "-shm")
"""What SQLite keeps beside a database; left behind, it would be taken for a part of the new one."""


def replace_damaged(path: Path, damage: DatabaseDamaged, now: Now) -> None:
    """Set the database aside, with what lies beside it, and put the newest good backup in its place.

    Without one the place is empty afterwards. Raises StoreUnavailable.
    """
    aside, successor = path.with_name(f"{path.name}.damaged-{stamp(now())}"), _successor(path)
    with disk_errors(path.parent):
        backup = newest_good(path.parent / FOLDER)
        if backup:
            # Before anything is moved, so that a full disk changes nothing.
            shutil.copyfile(backup, successor)
            successor.chmod(0o600)
        for ending in _LOGS:
            beside = path.with_name(path.name + ending)
            if beside.exists():
                beside.rename(aside.with_name(aside.name + ending))
        path.rename(aside)
        if backup:
            successor.rename(path)
    log.error(
        "%s; it is kept as %s, and the bot goes on with %s. Messages that waited in it are not answered",
        damage,
        aside.name,
        f"settings, usage and feedback from {FOLDER}/{backup.name}" if backup else "a new one: there is no good backup",
    )


def finish_replacing(path: Path) -> None:
    """Put the successor in its place, where the process was killed when it had set the damaged database aside.

    Raises StoreUnavailable.
    """
    successor = _successor(path)
    with disk_errors(path.parent):
        if successor.exists() and not path.exists():
            log.warning("a backup takes the place of the damaged database, which was set aside before")
            successor.rename(path)


def _successor(path: Path) -> Path:
    return path.with_name(f"{path.name}.new")
