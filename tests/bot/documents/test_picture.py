"""Pictures of many formats become upright, small ones without metadata."""

import base64
import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.documents import picture
from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw

RED_HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAa1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA"
    "AA5waXRtAAAAAAACAAAAEGlkYXQAAAAAAEAAIAAAADhpbG9jAQAAAERAAAIAAQAAAAAAAAHRAAEAAAAAAAAAGgACAAEAAAAAAAAA"
    "AQAAAAAAAAAIAAAAOGlpbmYAAAAAAAIAAAAVaW5mZQIAAAEAAQAAaHZjMQAAAAAVaW5mZQIAAAAAAgAAZ3JpZAAAAADYaXBycAAA"
    "ALZpcGNvAAAAdmh2Y0MBA3AAAAAAAAAAAAAe8AD8/fj4AAAPAyAAAQAYQAEMAf//A3AAAAMAkAAAAwAAAwAeugJAIQABACpCAQED"
    "cAAAAwCQAAADAAADAB6gIIEFlurkprm4EBAwIAAAAwAgAAADACEiAAEABkQBwXPAiQAAABRpc3BlAAAAAAAAAEAAAABAAAAAFGlz"
    "cGUAAAAAAAAAQAAAACAAAAAQcGl4aQAAAAADCAgIAAAAGmlwbWEAAAAAAAAAAgABAoECAAICA4QAAAAaaXJlZgAAAAAAAAAOZGlt"
    "ZwACAAEAAQAAACJtZGF0AAAAFigBrwtg9eWDr//0HHfxxiDxcNP9Q4A="
)
"""A red picture of 64 by 32 pixels, as telephones make them."""

HEIC = bytes.fromhex("00000018667479706865696300000000")
"""The beginning of a HEIC file."""

SIDEWAYS = 6
"""The EXIF orientation of a picture that is to be turned right by a quarter."""


def file_of(image: Image.Image, image_format: str, **options: object) -> bytes:
    file = BytesIO()
    image.save(file, image_format, **options)
    return file.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def flaw_of(content: bytes) -> Flaw:
    with pytest.raises(FileUnusable) as caught:
        picture.read(content)
    return caught.value.flaw


def giant_png(width: int, height: int) -> bytes:
    """A small PNG file that says that it is huge, and unpacks to zeros for as long as anybody asks."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(2**20))) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"])
def test_every_format_becomes_a_jpeg(image_format: str) -> None:
    result = picture.read(file_of(Image.new("RGB", (64, 32), "red"), image_format))
    assert (result.media_type, result.width, result.height) == ("image/jpeg", 64, 32)
    red, green, blue = opened(result.data).getpixel((10, 10))  # type: ignore[misc]
    assert red > 230
    assert max(green, blue) < 25


def test_a_picture_from_a_telephone_becomes_a_jpeg() -> None:
    result = picture.read(RED_HEIC)
    assert (result.media_type, result.width, result.height) == ("image/jpeg", 64, 32)
    assert opened(result.data).getpixel((32, 16))[0] > 200  # type: ignore[index]


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "YCbCr", "LAB", "I;16", "I", "F"])
def test_every_way_to_keep_colours_is_understood(mode: str) -> None:
    result = picture.read(file_of(Image.new(mode, (8, 8)), "TIFF" if mode != "P" else "GIF"))
    assert opened(result.data).mode in {"L", "RGB"}


def test_a_large_picture_is_scaled_down_and_keeps_its_shape() -> None:
    result = picture.read(file_of(Image.new("RGB", (6_000, 3_000), "blue"), "JPEG"))
    assert (result.width, result.height) == opened(result.data).size == (2_048, 1_024)


def test_a_small_picture_keeps_its_size() -> None:
    assert picture.read(file_of(Image.new("L", (3, 5)), "PNG")).width == 3


def test_a_picture_is_turned_upright_and_loses_its_metadata() -> None:
    exif = Image.Exif()
    exif[0x0112] = SIDEWAYS
    exif[0x010E] = "taken at a secret place"
    image = Image.new("RGB", (64, 32), "white")
    image.paste("black", (0, 0, 8, 32))
    result = picture.read(file_of(image, "JPEG", exif=exif))
    upright = opened(result.data)
    assert upright.size == (32, 64)
    assert upright.convert("L").getpixel((16, 2)) < 20  # type: ignore[operator]
    assert not upright.getexif()
    assert b"secret" not in result.data


def test_a_moving_picture_is_its_first_frame() -> None:
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "blue")]
    result = picture.read(file_of(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert opened(result.data).getpixel((5, 5))[0] > 230  # type: ignore[index]


def test_transparency_is_kept() -> None:
    result = picture.read(file_of(Image.new("RGBA", (16, 16), (255, 0, 0, 90)), "PNG"))
    assert result.media_type == "image/png"
    assert opened(result.data).getpixel((5, 5)) == (255, 0, 0, 90)


def test_too_large_a_transparent_picture_lies_on_white(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "_MOST_BYTES_PNG", 10)
    result = picture.read(file_of(Image.new("RGBA", (16, 16), (0, 0, 0, 0)), "PNG"))
    assert result.media_type == "image/jpeg"
    assert opened(result.data).getpixel((5, 5)) == (255, 255, 255)


def test_noise_stays_below_the_most_bytes() -> None:
    noise = Image.effect_noise((2_100, 2_100), 200)
    result = picture.read(file_of(Image.merge("RGB", [noise] * 3), "BMP"))
    assert len(result.data) <= picture.MOST_BYTES


def test_a_picture_bomb_is_too_large_before_it_is_unpacked() -> None:
    assert flaw_of(giant_png(60_000, 60_000)) is Flaw.TOO_LARGE


@pytest.mark.parametrize("content", [HEIC, HEIC + bytes(100), b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0\0\x10JFIF"])
def test_a_beginning_alone_is_broken(content: bytes) -> None:
    assert flaw_of(content) is Flaw.BROKEN


@given(st.integers(0, 3_000), st.binary(max_size=40))
def test_damaged_pictures_fail_in_a_known_way(place: int, damage: bytes) -> None:
    good = file_of(Image.effect_noise((60, 60), 50), "PNG")
    content = good[: place % len(good)] + damage + good[place % len(good) + len(damage) :]
    try:
        result = picture.read(content)
    except FileUnusable:
        return
    assert opened(result.data).size == (result.width, result.height)
