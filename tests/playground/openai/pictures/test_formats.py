"""The encoders, held against a reader of pictures that others wrote."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from playground.openai.pictures.canvas import Canvas, pattern
from playground.openai.pictures.formats import encode, media_type_of

FORMATS = ("png", "jpeg", "webp")


def scene(width: int, height: int) -> Canvas:
    canvas = Canvas(width, height)
    canvas.gradient(0, height, (10, 60, 200), (250, 220, 120))
    canvas.disc(width / 2, height / 2, min(width, height) / 3, (240, 30, 30))
    return canvas


@pytest.mark.parametrize("output_format", FORMATS)
@given(width=st.integers(1, 70), height=st.integers(1, 70), seed=st.binary(max_size=4))
def test_another_reader_sees_the_pixels_that_were_painted(
    output_format: str, width: int, height: int, seed: bytes
) -> None:
    for canvas in (scene(width, height), pattern(seed, width, height)):
        with Image.open(io.BytesIO(encode(canvas, output_format))) as picture:
            assert (picture.format, picture.size) == (output_format.upper(), (width, height))
            seen = picture.convert("RGB").tobytes()
        lost = max(abs(one - other) for one, other in zip(seen, canvas.pixels, strict=True))
        assert lost <= (32 if output_format == "jpeg" else 0)


def test_noise_survives_the_codes_of_a_jpeg() -> None:
    rows = [
        bytearray((x * y * 97 + 31 * colour * x) % 256 for x in range(40) for colour in range(3)) for y in range(40)
    ]
    with Image.open(io.BytesIO(encode(Canvas(40, 40, rows), "jpeg"))) as picture:
        seen = picture.convert("RGB").tobytes()
    lost = [abs(one - other) for one, other in zip(seen, b"".join(rows), strict=True)]
    assert sum(lost) / len(lost) < 4


def test_a_png_can_be_seen_through() -> None:
    with Image.open(io.BytesIO(encode(scene(9, 9), "png", transparent=True))) as picture:
        seen = picture.convert("RGBA")
    assert isinstance(corner := seen.getpixel((0, 0)), tuple)
    assert isinstance(middle := seen.getpixel((4, 4)), tuple)
    assert (corner[3], middle[3]) == (0, 255)


@pytest.mark.parametrize("output_format", FORMATS)
def test_what_was_encoded_is_known_by_its_first_bytes(output_format: str) -> None:
    assert media_type_of(encode(scene(3, 3), output_format)) == f"image/{output_format}"


@pytest.mark.parametrize("data", [b"", b"\x89PNG", b"RIFF1234WAVE", b"%PDF-1.7", b"GIF90a"])
def test_what_is_no_picture_has_no_type(data: bytes) -> None:
    assert media_type_of(data) is None


def test_a_gif_is_known() -> None:
    assert media_type_of(b"GIF89a...") == "image/gif"
