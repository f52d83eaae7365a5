"""The size of a picture, read from its first bytes."""

import struct

_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of the segments that tell a picture's size (ITU-T T.81, table B.1)."""

_JPEG_BARE = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers that stand alone, without a length."""

_FILLING = 0xFF


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of a PNG, GIF or JPEG; None for everything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR":
        return _pair(">II", content, 16)
    if content.startswith((b"GIF87a", b"GIF89a")):
        return _pair("<HH", content, 6)
    if content.startswith(b"\xff\xd8\xff"):
        return _jpeg_size(content)
    return None


def fitted(width: int, height: int, box: int) -> tuple[int, int]:
    """The size of the picture when it is scaled down, never up, to fit into a square of `box` pixels."""
    scale = min(1.0, box / max(width, height, 1))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 4 <= len(content) and content[at] == _FILLING:
        marker = content[at + 1]
        if marker in _JPEG_FRAMES:
            size = _pair(">HH", content, at + 5)
            return size and (size[1], size[0])
        if marker == _FILLING:
            at += 1
        elif marker in _JPEG_BARE:
            at += 2
        else:
            at += 2 + int.from_bytes(content[at + 2 : at + 4])
    return None


def _pair(form: str, content: bytes, at: int) -> tuple[int, int] | None:
    if len(content) < at + struct.calcsize(form):
        return None
    first, second = struct.unpack_from(form, content, at)
    return first, second
