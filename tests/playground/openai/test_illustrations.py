"""The landscapes of the demo."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.openai.illustrations import illustration
from playground.openai.image_options import ImageOptions
from playground.openai.pictures.canvas import Canvas

SQUARE = ImageOptions()


def colours(canvas: Canvas) -> set[tuple[int, ...]]:
    pixels = canvas.pixels
    return set(zip(pixels[0::3], pixels[1::3], pixels[2::3], strict=True))


def sky(canvas: Canvas) -> tuple[int, ...]:
    return tuple(canvas.rows[0][:3])


@pytest.mark.parametrize(
    ("thing", "colour", "without"),
    [
        ("lighthouse", (206, 62, 52), "house"),
        ("house", (150, 64, 52), "lighthouse"),
        ("tree", (104, 74, 50), "house"),
        ("boat", (132, 62, 48), "tree"),
        ("mountain", (98, 104, 122), "tree"),
        ("snow", (255, 255, 255), "tree"),
    ],
)
def test_what_is_named_can_be_seen(thing: str, colour: tuple[int, int, int], without: str) -> None:
    assert colour in colours(illustration([f"a {thing}"], SQUARE))
    assert colour not in colours(illustration([f"a {without}"], SQUARE))
    assert colour in colours(illustration([f"a {without}", f"a {thing}"], SQUARE))


def test_the_newest_sky_is_over_everything() -> None:
    night, day, plain = (sky(illustration([words], SQUARE)) for words in ("night", "bright day", "a boat"))
    assert night != day
    assert plain == day
    assert sky(illustration(["make it night", "a bright day"], SQUARE)) == night
    assert sky(illustration(["add a boat", "make it night", "a bright day"], SQUARE)) == night


def test_the_shape_is_the_one_that_was_asked_for() -> None:
    wide = illustration(["a boat"], ImageOptions(width=1536, height=1024))
    assert (wide.width, wide.height) == (384, 256)


@settings(max_examples=20)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=3))
def test_any_words_make_a_picture(wishes: list[str]) -> None:
    assert len(illustration(wishes, SQUARE).pixels) == 3 * 384 * 384
