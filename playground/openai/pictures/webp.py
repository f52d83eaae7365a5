"""Encodes lossless WebP (RFC 9649) without compression.

All 256 values of a colour get prefix codes of eight bits, so that a code is the value's byte with its bits reversed,
and a picture is its bytes behind a header that does not end at a whole byte.
"""

import struct

from playground.openai.pictures.canvas import Canvas

_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
_LENGTHS_OF_CODE_LENGTHS = ((0, 3), (0, 3), (1, 3), *[(0, 3)] * 8, (1, 3))
"""Of the code lengths, in the order of the standard, only 0 and 8 are used."""

Bits = tuple[int, int]
"""A value and how many bits it takes, lowest bit first."""


def encode_webp(canvas: Canvas) -> bytes:
    """The picture as lossless WebP."""
    no_transform = no_cache = one_set_of_codes = (0, 1)
    header: list[Bits] = [
        (0x2F, 8),
        (canvas.width - 1, 14),
        (canvas.height - 1, 14),
        *[(0, 1), (0, 3)],
        *[no_transform, no_cache, one_set_of_codes],
        *_eight_bits_each(280),
        *_eight_bits_each(256),
        *_eight_bits_each(256),
        *[(1, 1), (0, 1), (1, 1), (255, 8)],
        *[(1, 1), (0, 1), (0, 1), (0, 1)],
    ]
    pixels = canvas.pixels.translate(_REVERSED)
    ordered = bytearray(len(pixels))
    ordered[0::3], ordered[1::3], ordered[2::3] = pixels[1::3], pixels[0::3], pixels[2::3]
    stream, length = _packed(header)
    stream |= int.from_bytes(ordered, "little") << length
    data = stream.to_bytes((length + 8 * len(ordered) + 7) // 8, "little")
    padded = data + b"\0" * (len(data) % 2)
    return b"RIFF" + struct.pack("<I", 12 + len(padded)) + b"WEBP" + b"VP8L" + struct.pack("<I", len(data)) + padded


def _eight_bits_each(symbols: int) -> list[Bits]:
    """A prefix code in which the first 256 symbols have eight bits, and the others do not occur."""
    lengths: list[Bits] = [(1, 1)] * 256 + [(0, 1)] * (symbols - 256)
    return [(0, 1), (len(_LENGTHS_OF_CODE_LENGTHS) - 4, 4), *_LENGTHS_OF_CODE_LENGTHS, (0, 1), *lengths]


def _packed(parts: list[Bits]) -> Bits:
    stream = length = 0
    for value, bits in parts:
        stream |= value << length
        length += bits
    return stream, length
