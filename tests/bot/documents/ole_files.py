"""Builds small files in the container format of old Office (MS-CFB), to read them back."""

import struct
from collections.abc import Mapping

_SECTOR, _MINI, _SMALL = 512, 64, 4096
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_NONE = 0xFFFFFFFF


def container(streams: Mapping[str, bytes]) -> bytes:
    """A container with these streams, all of them at its root."""
    names = sorted(streams, key=lambda name: (len(name), name.upper()))
    sectors: list[bytes] = []
    fat: list[int] = []
    mini, mini_fat = b"", list[int]()
    starts: dict[str, int] = {}
    for name in names:
        content = streams[name]
        if len(content) >= _SMALL:
            starts[name] = _append(sectors, fat, content)
        else:
            starts[name] = len(mini) // _MINI
            count = -(-len(content) // _MINI)
            mini += content.ljust(count * _MINI, b"\0")
            mini_fat += [*range(starts[name] + 1, starts[name] + count), _END]
    mini_start = _append(sectors, fat, mini)
    mini_fat_start = _append(sectors, fat, struct.pack(f"<{len(mini_fat)}I", *mini_fat), b"\xff")
    entries = [_entry("Root Entry", 5, mini_start, len(mini), child=1)]
    for place, name in enumerate(names, 1):
        right = place + 1 if place < len(names) else _NONE
        entries.append(_entry(name, 2, starts[name], len(streams[name]), right=right))
    directory_start = _append(sectors, fat, b"".join(entries))
    fat_sector = len(sectors)
    fat.append(_FAT)
    sectors.append(struct.pack("<128I", *fat, *[_FREE] * (128 - len(fat))))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, 1, directory_start, 0, _SMALL, mini_fat_start, 1 if mini else 0, _END, 0)
    header += struct.pack("<109I", fat_sector, *[_FREE] * 108)
    return header + b"".join(sectors)


def _append(sectors: list[bytes], fat: list[int], content: bytes, fill: bytes = b"\0") -> int:
    """Write the content into new sectors; the number of the first, or the end mark when there is none."""
    start, count = len(sectors), -(-len(content) // _SECTOR)
    content = content.ljust(count * _SECTOR, fill)
    sectors += [content[place * _SECTOR : (place + 1) * _SECTOR] for place in range(count)]
    fat += [*range(start + 1, start + count), _END] if count else []
    return start if count else _END


def _entry(name: str, kind: int, start: int, size: int, *, child: int = _NONE, right: int = _NONE) -> bytes:
    letters = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<3I", _NONE, right, child)
    return (
        letters.ljust(64, b"\0")
        + struct.pack("<HBB", len(letters), kind, 1)
        + links
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def message(subject: str, body: str) -> bytes:
    """A message as Outlook saves it, with these properties alone (MS-OXMSG 2.4)."""
    texts = {"0037": subject, "1000": body, "001A": "IPM.Note"}
    streams = {f"__substg1.0_{tag}001F": text.encode("utf-16-le") for tag, text in texts.items()}
    properties = bytes(32) + b"".join(
        struct.pack("<HHIII", 0x1F, int(tag, 16), 6, len(text) * 2 + 2, 0) for tag, text in texts.items()
    )
    return container({**streams, "__properties_version1.0": properties})


def workbook(text: str, encrypted: bool = False) -> bytes:
    """A workbook of Excel 97 with the text in cell B3 (MS-XLS 2.1)."""

    def record(kind: int, content: bytes) -> bytes:
        return struct.pack("<HH", kind, len(content)) + content

    def name(words: str) -> bytes:
        return struct.pack("<BB", len(words), 0) + words.encode("latin-1")

    begin = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
    begin += record(0x002F, struct.pack("<HHH", 0, 1, 2)) if encrypted else b""
    begin += record(0x0042, struct.pack("<H", 1200))
    sheet_place = len(begin) + 4 + 6 + 2 + len("S1") + 4
    begin += record(0x0085, struct.pack("<IBB", sheet_place, 0, 0) + name("S1")) + record(0x000A, b"")
    label = struct.pack("<HHHHB", 2, 1, 0, len(text), 0) + text.encode("latin-1")
    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    sheet += record(0x0204, label) + record(0x000A, b"")
    return container({"Workbook": (begin + sheet).ljust(_SMALL, b"\0")})
