"""What is painted on: rows of pixels, and the few shapes that they can take."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise

Colour = tuple[int, int, int]
Corner = tuple[float, float]

_TILES = 8


@dataclass(slots=True)
class Canvas:
    """A picture of `width` times `height` pixels, three bytes each; shapes may reach over its edges."""

    width: int
    height: int
    rows: list[bytearray] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rows = self.rows or [bytearray(3 * self.width) for _ in range(self.height)]

    @property
    def pixels(self) -> bytes:
        """All pixels as red, green, blue, row by row."""
        return b"".join(self.rows)

    def reduced(self, step: int) -> "Canvas":
        """Every pixel in `step` of every row in `step`: the same picture, smaller and rougher."""
        rows = [
            bytearray(b"".join(row[x : x + 3] for x in range(0, 3 * self.width, 3 * step))) for row in self.rows[::step]
        ]
        return Canvas(len(rows[0]) // 3, len(rows), rows)

    def span(self, y: int, left: float, right: float, colour: Colour) -> None:
        """Paint row `y` from `left` to `right`."""
        start, end = max(0, round(left)), min(self.width, round(right))
        if 0 <= y < self.height and start < end:
            self.rows[y][3 * start : 3 * end] = bytes(colour) * (end - start)

    def gradient(self, top: int, bottom: int, first: Colour, last: Colour) -> None:
        """Paint whole rows, from the first colour to the last one."""
        for y in range(top, bottom):
            self.span(y, 0, self.width, mixed(first, last, (y - top) / max(1, bottom - top)))

    def polygon(self, *corners: Corner, colour: Colour) -> None:
        """Paint a shape with straight edges, whose corners follow each other."""
        edges = list(pairwise((*corners, corners[0])))
        heights = [y for _, y in corners]
        for y in range(max(0, int(min(heights))), min(self.height, int(max(heights)) + 1)):
            for left, right in _inside(_crossings(edges, y + 0.5)):
                self.span(y, left, right, colour)

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        self.outline(lambda up: (radius**2 - up**2) ** 0.5, x, y, radius, colour)

    def outline(self, half: Callable[[float], float], x: float, y: float, reach: float, colour: Colour) -> None:
        """Paint a shape around (x, y) that is `half(distance above the middle)` wide to either side."""
        for row in range(int(y - reach) + 1, int(y + reach) + 1):
            width = half(row - y)
            self.span(row, x - width, x + width, colour)


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """A colour between two, `share` of the way to the other one."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def pattern(seed: bytes, width: int, height: int) -> Canvas:
    """Coloured tiles that are the same for the same seed, and others for any other."""
    canvas = Canvas(width, height)
    noise = hashlib.shake_256(seed).digest(3 * _TILES * _TILES)
    tiles = [(noise[at], noise[at + 1], noise[at + 2]) for at in range(0, len(noise), 3)]
    for y in range(height):
        row = y * _TILES // height
        for column in range(_TILES):
            left, right = column * width / _TILES, (column + 1) * width / _TILES
            canvas.span(y, left, right, tiles[row * _TILES + column])
    return canvas


def _crossings(edges: Iterable[tuple[Corner, Corner]], y: float) -> list[float]:
    """Where a horizontal line crosses these edges, from left to right."""
    return sorted(x0 + (y - y0) * (x1 - x0) / (y1 - y0) for (x0, y0), (x1, y1) in edges if (y0 <= y) != (y1 <= y))


def _inside(crossings: list[float]) -> Iterable[tuple[float, float]]:
    return zip(crossings[::2], crossings[1::2], strict=False)
