"""The size of a picture, read from its first bytes."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from playground.slack.pictures import fitted, picture_size


def picture(form: str, width: int, height: int, **options: bool) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(content, form, **options)
    return content.getvalue()


@pytest.mark.parametrize("form", ["PNG", "GIF", "JPEG"])
@given(width=st.integers(1, 300), height=st.integers(1, 300))
def test_the_size_is_the_one_that_another_reader_finds(form: str, width: int, height: int) -> None:
    assert picture_size(picture(form, width, height)) == (width, height)


def test_a_progressive_photograph_has_a_size_too() -> None:
    assert picture_size(picture("JPEG", 64, 48, progressive=True)) == (64, 48)


@given(st.sampled_from(["PNG", "GIF", "JPEG"]), st.integers(0, 60), st.binary(max_size=40))
def test_broken_pictures_do_no_harm(form: str, kept: int, rest: bytes) -> None:
    picture_size(picture(form, 5, 7)[:kept] + rest)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"<svg/>", b"\xff\xd8\xff", b"GIF89a", b"\x89PNG\r\n\x1a\n"])
def test_what_has_no_size_has_none(content: bytes) -> None:
    assert picture_size(content) is None


def test_pictures_are_scaled_down_and_never_up() -> None:
    assert fitted(1600, 900, 360) == (360, 202)
    assert fitted(100, 50, 360) == (100, 50)
    assert fitted(10_000, 1, 360) == (360, 1)
