"""The formats of pictures that the API gives and takes."""

from collections.abc import Callable, Mapping

from playground.openai.pictures.canvas import Canvas
from playground.openai.pictures.jpeg import encode_jpeg
from playground.openai.pictures.png import encode_png
from playground.openai.pictures.webp import encode_webp

INPUT_MEDIA_TYPES = ("image/jpeg", "image/png", "image/gif", "image/webp")

_ENCODERS: Mapping[str, Callable[[Canvas], bytes]] = {"png": encode_png, "jpeg": encode_jpeg, "webp": encode_webp}


def encode(canvas: Canvas, output_format: str, *, transparent: bool = False) -> bytes:
    """The picture in the format of this name: png, jpeg or webp. Only a PNG can be transparent here."""
    if output_format == "png":
        return encode_png(canvas, transparent=transparent)
    return _ENCODERS[output_format](canvas)


def media_type_of(data: bytes) -> str | None:
    """What kind of picture these bytes begin as; None when it is none that the API takes."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return None
