"""Encodes baseline JPEG (ITU-T T.81) in the simplest way that every decoder reads.

Two liberties of the standard keep it short. Colours stay red, green and blue, which the marker of Adobe announces. And
the Huffman tables, which a file brings along, give all symbols codes of one length, so that a code is the symbol's
number.
"""

import math
import struct
from functools import lru_cache
from operator import mul

from playground.openai.pictures.canvas import Canvas

_STEP = 8
"""The one quantisation step; an eye hardly sees what it loses."""

_DC_SYMBOLS = bytes(range(12))
_AC_SYMBOLS = bytes((0x00, 0xF0, *(run << 4 | size for run in range(16) for size in range(1, 11))))
_DC_BITS, _AC_BITS = 4, 8
_END, _SIXTEEN_ZEROS = (f"{_AC_SYMBOLS.index(symbol):08b}" for symbol in (0x00, 0xF0))

_COSINES = [
    [(math.sqrt(0.125) if u == 0 else 0.5) * math.cos((2 * x + 1) * u * math.pi / 16) for x in range(8)]
    for u in range(8)
]


def encode_jpeg(canvas: Canvas) -> bytes:
    """The picture as JPEG, without loss that one would see."""
    components = b"".join(bytes((number, 0x11, 0)) for number in (1, 2, 3))
    frame = struct.pack(">BHHB", 8, canvas.height, canvas.width, 3) + components
    scan = b"\x03" + b"".join(bytes((number, 0)) for number in (1, 2, 3)) + b"\x00\x3f\x00"
    segments = (
        _segment(0xEE, b"Adobe" + struct.pack(">HHHB", 100, 0, 0, 0)),
        _segment(0xDB, b"\0" + bytes([_STEP]) * 64),
        _segment(0xC0, frame),
        _segment(0xC4, _huffman_table(0x00, _DC_BITS, _DC_SYMBOLS) + _huffman_table(0x10, _AC_BITS, _AC_SYMBOLS)),
        _segment(0xDA, scan),
    )
    return b"\xff\xd8" + b"".join(segments) + _entropy_coded(canvas) + b"\xff\xd9"


def _segment(marker: int, data: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data


def _huffman_table(place: int, bits: int, symbols: bytes) -> bytes:
    counts = bytes(len(symbols) if length == bits else 0 for length in range(1, 17))
    return bytes([place]) + counts + symbols


def _entropy_coded(canvas: Canvas) -> bytes:
    """All blocks of 8 times 8 pixels, red, green and blue in turn; a block depends on the one before by its mean."""
    before = [0, 0, 0]
    bits: list[str] = []
    for top in range(0, canvas.height, 8):
        rows = (canvas.rows[top : top + 8] + [canvas.rows[-1]] * 8)[:8]
        planes = [[bytes(row[colour::3]) + bytes([row[colour - 3]]) * 8 for row in rows] for colour in range(3)]
        for left in range(0, canvas.width, 8):
            for colour, plane in enumerate(planes):
                mean, details = _coded_block(b"".join(row[left : left + 8] for row in plane))
                size, value = _number(mean - before[colour])
                bits.append(f"{size:04b}{value}{details}")
                before[colour] = mean
    text = "".join(bits)
    text += "1" * (-len(text) % 8)
    # A byte of ones would begin a marker, so a zero follows it.
    return int(text, 2).to_bytes(len(text) // 8, "big").replace(b"\xff", b"\xff\0")


@lru_cache(maxsize=4_096)
def _coded_block(pixels: bytes) -> tuple[int, str]:
    """The mean of a block, in quantisation steps, and the bits of everything else in it."""
    rows = [[pixel - 128 for pixel in pixels[at : at + 8]] for at in range(0, 64, 8)]
    halfway = list(zip(*([sum(map(mul, row, wave)) for wave in _COSINES] for row in rows), strict=True))
    # Transposed twice: halfway[u] is a column, so result[v][u] has the vertical frequency first.
    waves = [[round(sum(map(mul, column, wave)) / _STEP) for column in halfway] for wave in _COSINES]
    flat = [waves[at // 8][at % 8] for at in _ZIGZAG]
    bits, zeros = "", 0
    for coefficient in flat[1:]:
        if coefficient == 0:
            zeros += 1
            continue
        bits += _SIXTEEN_ZEROS * (zeros // 16)
        size, value = _number(coefficient)
        bits += f"{_AC_SYMBOLS.index(zeros % 16 << 4 | size):08b}{value}"
        zeros = 0
    return flat[0], bits + (_END if zeros else "")


def _number(value: int) -> tuple[int, str]:
    """How many bits a number has, and these bits; those of a negative number are inverted."""
    size = abs(value).bit_length()
    return size, f"{value if value > 0 else value + (1 << size) - 1:0{size}b}" if size else ""


def _place_on_diagonals(at: int) -> tuple[int, int]:
    """Diagonal by diagonal; down those with an odd number, up the others."""
    row, column = divmod(at, 8)
    return row + column, row if (row + column) % 2 else column


_ZIGZAG = sorted(range(64), key=_place_on_diagonals)
