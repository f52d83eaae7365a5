"""The options of a picture, and the words in which the API refuses them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.openai.errors import ApiError
from playground.openai.image_options import ImageOptions, parse_options

ACCEPTED: list[tuple[dict[str, Any], ImageOptions]] = [
    ({}, ImageOptions("gpt-image-2.6-sunburst")),
    ({"model": None, "size": None, "quality": None}, ImageOptions("gpt-image-2.6-sunburst")),
    (
        {"model": "gpt-image-2.5-flare", "size": "1536x864", "quality": "max", "partial_images": 3},
        ImageOptions("gpt-image-2.5-flare", 1536, 864, "max", partial_images=3),
    ),
    ({"size": "3840x2160"}, ImageOptions(width=3840, height=2160)),
    ({"size": "2160x3840"}, ImageOptions(width=2160, height=3840)),
    ({"size": "3072x1024"}, ImageOptions(width=3072, height=1024)),
    ({"output_format": "jpeg", "output_compression": 60}, ImageOptions(output_format="jpeg")),
    ({"output_compression": 100, "moderation": "low"}, ImageOptions()),
    ({"background": "transparent"}, ImageOptions(background="transparent")),
    ({"complexity": "high"}, ImageOptions()),
    ({"model": "gpt-image-1.5", "input_fidelity": "high"}, ImageOptions("gpt-image-1.5")),
    ({"model": "gpt-image-1-mini", "input_fidelity": "low"}, ImageOptions("gpt-image-1-mini")),
    ({"model": "gpt-image-1-mini", "size": "1024x1536"}, ImageOptions("gpt-image-1-mini", 1024, 1536)),
]

REFUSED = [
    ({"model": "gpt-image-1"}, "invalid_value", "model"),
    ({"model": "dall-e-3"}, "invalid_value", "model"),
    ({"model": "gpt-6-luna"}, "invalid_value", "model"),
    ({"model": 6}, "invalid_type", "model"),
    ({"size": "big"}, "invalid_value", "size"),
    ({"size": 1024}, "invalid_value", "size"),
    ({"size": "1024x1023"}, "invalid_value", "size"),
    ({"size": "0x1024"}, "invalid_value", "size"),
    ({"size": "3840x3840"}, "invalid_value", "size"),
    ({"size": "4096x2160"}, "invalid_value", "size"),
    ({"size": "3088x1024"}, "invalid_value", "size"),
    ({"model": "gpt-image-1.5", "size": "1536x864"}, "invalid_value", "size"),
    ({"quality": "hd"}, "invalid_value", "quality"),
    ({"model": "gpt-image-2", "quality": "xhigh"}, "unsupported_value", "quality"),
    ({"background": "blue"}, "invalid_value", "background"),
    ({"background": "transparent", "output_format": "jpeg"}, "invalid_value", "background"),
    ({"output_format": "gif"}, "invalid_value", "output_format"),
    ({"output_compression": 101}, "integer_above_max_value", "output_compression"),
    ({"output_compression": 60}, "invalid_value", "output_compression"),
    ({"moderation": "none"}, "invalid_value", "moderation"),
    ({"partial_images": 4}, "integer_above_max_value", "partial_images"),
    ({"partial_images": -1}, "integer_below_min_value", "partial_images"),
    ({"partial_images": True}, "invalid_type", "partial_images"),
    ({"model": "gpt-image-2", "input_fidelity": "high"}, "unsupported_parameter", "input_fidelity"),
    ({"model": "gpt-image-1-mini", "input_fidelity": "high"}, "unsupported_value", "input_fidelity"),
    ({"model": "gpt-image-2.5-flare", "complexity": "low"}, "unsupported_parameter", "complexity"),
    ({"svg": {"model": "gpt-6-luna"}}, "unsupported_parameter", "svg"),
    ({"frame_count": 4}, "unsupported_parameter", "frame_count"),
]


@pytest.mark.parametrize(("fields", "options"), ACCEPTED)
def test_takes_the_documented_options(fields: dict[str, Any], options: ImageOptions) -> None:
    assert parse_options(fields) == options


@pytest.mark.parametrize(("fields", "code", "param"), REFUSED)
def test_refuses_other_options(fields: dict[str, Any], code: str, param: str) -> None:
    with pytest.raises(ApiError) as refusal:
        parse_options(fields, "tools[0].")
    assert (refusal.value.status, refusal.value.code, refusal.value.param) == (400, code, f"tools[0].{param}")


@given(st.integers(0, 300), st.integers(0, 300))
def test_a_size_is_taken_or_refused_but_never_altered(width: int, height: int) -> None:
    size = f"{16 * width}x{16 * height}"
    try:
        assert parse_options({"size": size}).size == size
    except ApiError:
        longest, shortest = 16 * max(width, height), 16 * min(width, height)
        assert longest > 3840 or shortest > 2160 or longest > 3 * shortest or shortest == 0


@given(st.text())
def test_any_text_as_a_size_is_taken_or_refused(text: str) -> None:
    try:
        parse_options({"size": text})
    except ApiError as refusal:
        assert refusal.param == "size"
