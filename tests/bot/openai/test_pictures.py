"""Pictures as base64, in both directions."""

import asyncio
import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import ModelError
from bot.domain.reply import ImageReady
from bot.openai.pictures import Drawn, data_url, media_type_of

PNG = b"\x89PNG\r\n\x1a\n"


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


@given(st.binary(max_size=100), st.integers(1, 20_000))
def test_a_data_url_holds_what_was_put_in(data: bytes, times: int) -> None:
    url = data_url(data * times, "image/png")
    head, _, body = url.partition(",")
    assert head == "data:image/png;base64"
    assert base64.b64decode(body, validate=True) == data * times


@pytest.mark.parametrize("size", [1, 200_000, 400_000, 3_000_001])
async def test_a_picture_of_any_size_is_developed(size: int) -> None:
    data = PNG + bytes(range(256)) * (size // 256)
    assert await Drawn(encoded(data), "jpeg", "a lighthouse").developed() == ImageReady(
        data, "image/png", "a lighthouse"
    )


@pytest.mark.parametrize(
    "text", ["", "====", "iVBORw", "iVBORw==iVBORw==", "not base64!", "iVBO\nRw==", "é", "A" * 700_001]
)
async def test_a_damaged_picture_is_an_error(text: str) -> None:
    with pytest.raises(ModelError):
        await Drawn(text).developed()


async def test_a_picture_beyond_all_measure_is_not_decoded() -> None:
    with pytest.raises(ModelError, match="too large"):
        await Drawn("A" * (64 * 1024 * 1024 + 4)).developed()


@given(st.text(max_size=40))
async def test_anything_is_a_picture_or_an_error(text: str) -> None:
    try:
        picture = await Drawn(text).developed()
    except ModelError:
        return
    assert picture.data == base64.b64decode(text)


@pytest.mark.parametrize(
    ("data", "called", "media_type"),
    [
        (PNG, "", "image/png"),
        (PNG, "jpeg", "image/png"),
        (b"\xff\xd8\xff\xe0", "png", "image/jpeg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVE", "", "image/png"),
        (b"GIF89a", "", "image/gif"),
        (b"unknown", "webp", "image/webp"),
        (b"unknown", "svg", "image/png"),
        (b"unknown", "", "image/png"),
    ],
)
def test_a_picture_is_known_by_its_first_bytes(data: bytes, called: str, media_type: str) -> None:
    assert media_type_of(data, called) == media_type


async def test_the_event_loop_goes_on_while_a_large_picture_is_developed() -> None:
    picture = Drawn(encoded(bytes(12_000_000)))
    developing = asyncio.create_task(picture.developed())
    turns = 0
    while not developing.done():
        await asyncio.sleep(0)
        turns += 1
    await developing
    assert turns > 10
