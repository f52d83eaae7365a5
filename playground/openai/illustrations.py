"""The pictures of the demo: a landscape with what the words name, the same for the same words."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from math import pi, sin

from playground.openai.image_options import ImageOptions
from playground.openai.pictures.canvas import Canvas, Colour, mixed

_LONGEST = 384

_DAY = "day|blue|sun|morning|bright"
_SKIES: Mapping[str, tuple[Colour, Colour, Colour]] = {
    "night|dark|moon|star": ((12, 16, 48), (56, 64, 120), (244, 240, 214)),
    "sunset|evening|dusk|orange|warm": ((88, 58, 120), (252, 158, 92), (255, 214, 120)),
    "storm|rain|grey|gray": ((84, 94, 108), (158, 168, 178), (206, 210, 214)),
    "pink|red|rose": ((214, 84, 116), (255, 206, 206), (255, 240, 220)),
    "green|spring": ((98, 176, 150), (224, 246, 214), (255, 246, 190)),
    _DAY: ((64, 140, 214), (206, 232, 250), (255, 226, 120)),
}
"""Words, and the colours of the sky's top, of its bottom, and of the sun or the moon."""

_SEA = re.compile(r"sea|ocean|lighthouse|boat|ship|island|beach|harbou?r|lake", re.IGNORECASE)


def illustration(wishes: Sequence[str], options: ImageOptions) -> Canvas:
    """A landscape with everything that the wishes name, newest first, under the sky of the newest that names one."""
    words = "\n".join(wishes).lower()
    scale = _LONGEST / max(options.width, options.height)
    canvas = Canvas(max(16, int(options.width * scale)), max(16, int(options.height * scale)))
    chance = hashlib.sha256(words.encode(errors="replace")).digest()
    skies = [colours for line in words.splitlines() for names, colours in _SKIES.items() if re.search(names, line)]
    top, bottom, light = (*skies, _SKIES[_DAY])[0]
    width, height, horizon = canvas.width, canvas.height, int(canvas.height * 0.62)
    canvas.gradient(0, horizon, top, bottom)
    canvas.disc(width * (0.2 + chance[0] / 500), height * 0.24, min(width, height) * 0.09, light)
    _hills(canvas, horizon, mixed(top, (40, 70, 60), 0.6), chance[1:5])
    if _SEA.search(words):
        canvas.gradient(horizon, height, mixed(bottom, (20, 90, 140), 0.7), mixed(top, (8, 40, 80), 0.7))
    else:
        canvas.gradient(horizon, height, mixed(bottom, (96, 150, 84), 0.8), mixed(top, (40, 92, 52), 0.8))
    named = [place for names, place in _THINGS.items() if re.search(names, words)]
    for number, place in enumerate(named or [_tree]):
        middle = width * (number + 1) / (len(named or "x") + 1)
        place(canvas, middle, height * 0.86, height * 0.5, light)
    if "snow" in words or "winter" in words:
        for number in range(120):
            x, y = chance[number % 32] * 7 * (number + 3) % width, number * 37 * (chance[5] + 1) % height
            canvas.disc(x, y, 1.6, (255, 255, 255))
    return canvas


def _hills(canvas: Canvas, horizon: int, colour: Colour, chance: bytes) -> None:
    """A wavy line of hills that stand on the horizon."""
    waves = [(1 + byte % 3, byte / 255 * 2 * pi, canvas.height * 0.04) for byte in chance]
    tops = [
        (
            x,
            horizon
            - canvas.height * 0.07
            - sum(sin(x / canvas.width * 2 * pi * n + at) * up for n, at, up in waves) / 2,
        )
        for x in range(0, canvas.width + 8, 8)
    ]
    canvas.polygon((0, horizon), *tops, (canvas.width + 8, horizon), colour=colour)


def _lighthouse(canvas: Canvas, x: float, y: float, tall: float, light: Colour) -> None:
    foot, head = tall * 0.13, tall * 0.08
    canvas.disc(x, y + tall * 0.12, tall * 0.26, (92, 84, 80))
    for part in range(5):
        low, high = 1 - part / 5, 1 - (part + 1) / 5
        wide, narrow = head + (foot - head) * low, head + (foot - head) * high
        bottom, top = y - tall * 0.8 * (1 - low), y - tall * 0.8 * (1 - high)
        colour = (250, 246, 240) if part % 2 else (206, 62, 52)
        canvas.polygon((x - wide, bottom), (x + wide, bottom), (x + narrow, top), (x - narrow, top), colour=colour)
    lamp = y - tall * 0.86
    canvas.polygon((x, lamp), (x + tall, lamp - tall * 0.16), (x + tall, lamp + tall * 0.16), colour=light)
    canvas.polygon((x - head, lamp + 6), (x + head, lamp + 6), (x + head, lamp - 6), (x - head, lamp - 6), colour=light)
    canvas.polygon((x - head * 1.2, lamp - 6), (x + head * 1.2, lamp - 6), (x, lamp - tall * 0.13), colour=(60, 60, 72))


def _house(canvas: Canvas, x: float, y: float, tall: float, light: Colour) -> None:
    half, wall = tall * 0.3, y - tall * 0.4
    canvas.polygon((x - half, y), (x + half, y), (x + half, wall), (x - half, wall), colour=(232, 206, 170))
    canvas.polygon((x - half * 1.2, wall), (x + half * 1.2, wall), (x, wall - tall * 0.34), colour=(150, 64, 52))
    canvas.polygon((x - 9, y - 12), (x + 9, y - 12), (x + 9, y - 34), (x - 9, y - 34), colour=light)


def _tree(canvas: Canvas, x: float, y: float, tall: float, _light: Colour) -> None:
    canvas.polygon((x - 5, y), (x + 5, y), (x + 4, y - tall * 0.5), (x - 4, y - tall * 0.5), colour=(104, 74, 50))
    for level in range(3):
        base, half = y - tall * (0.3 + 0.2 * level), tall * (0.26 - 0.06 * level)
        canvas.polygon((x - half, base), (x + half, base), (x, base - tall * 0.34), colour=(36, 98 + 18 * level, 66))


def _boat(canvas: Canvas, x: float, y: float, tall: float, light: Colour) -> None:
    half, deck = tall * 0.36, y - tall * 0.16
    canvas.polygon((x - half, deck), (x + half, deck), (x + half * 0.6, y), (x - half * 0.6, y), colour=(132, 62, 48))
    canvas.polygon(
        (x + 2, deck - 4), (x + 2, deck - tall * 0.7), (x + half, deck - 4), colour=mixed(light, (255,) * 3, 0.6)
    )
    canvas.polygon((x - 2, deck - 4), (x - 2, deck - tall * 0.56), (x - half * 0.8, deck - 4), colour=light)


def _mountain(canvas: Canvas, x: float, y: float, tall: float, _light: Colour) -> None:
    foot = y - tall * 0.42
    canvas.polygon((x - tall * 0.7, foot), (x + tall * 0.7, foot), (x, foot - tall), colour=(98, 104, 122))
    canvas.polygon(
        (x - tall * 0.21, foot - tall * 0.7),
        (x + tall * 0.21, foot - tall * 0.7),
        (x, foot - tall),
        colour=(246, 248, 252),
    )


_Place = Callable[[Canvas, float, float, float, Colour], None]
_THINGS: Mapping[str, _Place] = {
    "mountain|alp|peak": _mountain,
    "lighthouse|tower": _lighthouse,
    "(?<!light)house|home|hut|cottage|barn": _house,
    "tree|forest|wood|garden|park": _tree,
    "boat|ship|sail": _boat,
}
"""Words, and what is put on the ground for them at (x, y), so many pixels tall; the light is the sun's colour."""
