"""Small pictures, and the requests that bring them."""

import base64
import io
from typing import Any

from PIL import Image

from playground.openai.pictures.canvas import pattern
from playground.openai.pictures.formats import encode

PNG, JPEG, WEBP = (encode(pattern(b"sample", 8, 8), name) for name in ("png", "jpeg", "webp"))
OTHER_PNG = encode(pattern(b"other", 8, 8), "png")


def data_url(data: bytes, media_type: str = "image/png") -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


def with_pictures(text: str, *pictures: bytes) -> list[dict[str, Any]]:
    """The input of a request in which somebody sends these PNG pictures with a text."""
    seen = [{"type": "input_image", "detail": "high", "image_url": data_url(picture)} for picture in pictures]
    return [{"role": "user", "content": [{"type": "input_text", "text": text}, *seen]}]


def alike(one: bytes, other: bytes) -> bool:
    """Whether two pictures show the same, however each of them was scaled and encoded since it was drawn."""
    small = [Image.open(io.BytesIO(data)).convert("RGB").resize((8, 8), Image.Resampling.BOX) for data in (one, other)]
    lost = [abs(a - b) for a, b in zip(small[0].tobytes(), small[1].tobytes(), strict=True)]
    return sum(lost) < 8 * len(lost)
