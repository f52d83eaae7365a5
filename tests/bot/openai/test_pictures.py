"""Pictures as base64, in both directions."""

import asyncio
import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.reply import ImageReady
from bot.openai.errors import PictureFailed
from bot.openai.pictures import Drawn, data_url

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
    assert await Drawn(encoded(data), "a lighthouse").developed() == ImageReady(data, "image/png", "a lighthouse")


@pytest.mark.parametrize(
    "text", ["", " \n", "====", "iVBORw", "iVBORw==iVBORw==", "not base64!", "iVBO\nRw=", "é", "A" * 700_001]
)
async def test_a_damaged_picture_is_an_error(text: str) -> None:
    with pytest.raises(PictureFailed):
        await Drawn(text).developed()


@pytest.mark.parametrize("size", [1, 200_000, 1_000_000])
@pytest.mark.parametrize("line_break", ["\n", "\r\n", " \n\t"])
async def test_base64_may_be_broken_into_lines(size: int, line_break: str) -> None:
    data = PNG + bytes(range(256)) * (size // 256)
    text = encoded(data)
    lines = line_break.join(text[start : start + 76] for start in range(0, len(text), 76))
    assert (await Drawn(f"{lines}{line_break}").developed()).data == data


@pytest.mark.parametrize("data", [b"unknown", b"<svg/>", b"<html>Please sign in.</html>", b"RIFF\x00\x00\x00\x00WAVE"])
async def test_what_is_no_picture_is_not_shown(data: bytes) -> None:
    with pytest.raises(PictureFailed, match="no known format") as raised:
        await Drawn(encoded(data)).developed()
    assert "picture" in raised.value.explanation


async def test_a_picture_beyond_all_measure_is_not_decoded() -> None:
    with pytest.raises(PictureFailed, match="too large"):
        await Drawn("A" * (64 * 1024 * 1024 + 4)).developed()


@given(st.text(max_size=40), st.sampled_from(("", encoded(PNG + b"!"))))
async def test_anything_is_a_picture_or_an_error(text: str, before: str) -> None:
    try:
        picture = await Drawn(before + text).developed()
    except PictureFailed:
        return
    assert picture.data == base64.b64decode("".join((before + text).split()))


async def test_the_event_loop_goes_on_while_a_large_picture_is_developed() -> None:
    picture = Drawn(encoded(PNG + bytes(12_000_000)))
    developing = asyncio.create_task(picture.developed())
    turns = 0
    while not developing.done():
        await asyncio.sleep(0)
        turns += 1
    await developing
    assert turns > 10
