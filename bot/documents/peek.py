"""Looks into containers just far enough to see what they hold."""

import struct
import zipfile
from io import BytesIO

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How files of the older container format begin; encrypted Office files are such containers around the real one."""

_MOST_ENTRIES = 20_000
_NO_SECTOR = 0xFFFFFFFA
"""Sector numbers from here on mean "none" (MS-CFB 2.1)."""

_STREAM_OR_STORAGE = (1, 2)


def zip_names(content: bytes) -> tuple[str, ...]:
    """The names in a ZIP file's directory; none when there is no readable one."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return tuple(archive.namelist()[:_MOST_ENTRIES])
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, OverflowError, EOFError):
        return ()


def zip_start(content: bytes, name: str, size: int) -> bytes:
    """The first bytes of a member of a ZIP file; none when it cannot be read."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive, archive.open(name) as member:
            return member.read(size)
    # zlib and its siblings have an error class each.
    except Exception:
        return b""


def ole_names(content: bytes) -> frozenset[str]:
    """The names at the root of an OLE2 file's directory, as far as that can be read (MS-CFB)."""
    try:
        entries = _directory(content)
    except (struct.error, IndexError):
        return frozenset()
    found: set[str] = set()
    waiting = [_child(entries[0])] if entries else []
    seen: set[int] = set()
    while waiting:
        index = waiting.pop()
        if index >= len(entries) or index in seen:
            continue
        seen.add(index)
        entry = entries[index]
        length = min(int.from_bytes(entry[64:66], "little"), 64)
        if entry[66] in _STREAM_OR_STORAGE and length >= 2:
            found.add(entry[: length - 2].decode("utf-16-le", "replace"))
        waiting += struct.unpack_from("<II", entry, 68)
    return frozenset(found)


def _child(entry: bytes) -> int:
    return int.from_bytes(entry[76:80], "little")


def _directory(content: bytes) -> list[bytes]:
    """The directory's entries of 128 bytes, along its chain of sectors."""
    size = 1 << min(struct.unpack_from("<H", content, 30)[0], 12)
    fat_sectors = [each for each in struct.unpack_from("<109I", content, 76) if each < _NO_SECTOR]
    entries: list[bytes] = []
    (sector,) = struct.unpack_from("<I", content, 48)
    seen: set[int] = set()
    while sector < _NO_SECTOR and sector not in seen and len(entries) < _MOST_ENTRIES:
        seen.add(sector)
        start = (sector + 1) * size
        block = content[start : start + size]
        entries += [block[at : at + 128] for at in range(0, len(block) - 127, 128)]
        which, place = divmod(sector, size // 4)
        if which >= len(fat_sectors):  # of a file above 7 MB; its root stands at the chain's start
            break
        (sector,) = struct.unpack_from("<I", content, (fat_sectors[which] + 1) * size + place * 4)
    return entries
