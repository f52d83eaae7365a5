"""Encodes PNG (W3C recommendation "Portable Network Graphics", third edition)."""

import struct
import zlib

from playground.openai.pictures.canvas import Canvas

_TRUECOLOUR = 2


def encode_png(canvas: Canvas, *, transparent: bool = False) -> bytes:
    """The picture as PNG; where it is to be transparent, the colour of its first pixel is seen through."""
    header = struct.pack(">IIBBBBB", canvas.width, canvas.height, 8, _TRUECOLOUR, 0, 0, 0)
    see_through = _chunk(b"tRNS", struct.pack(">HHH", *canvas.rows[0][:3])) if transparent else b""
    # A zero before each row says that it stands there unfiltered.
    body = zlib.compress(b"".join(b"\0" + row for row in canvas.rows), 6)
    chunks = _chunk(b"IHDR", header) + see_through + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
