"""Pictures on their way to and from OpenAI: as base64, and what is asked of a picture."""

import asyncio
import binascii
from dataclasses import dataclass, field

from bot.domain.errors import ModelError
from bot.domain.models import Action
from bot.domain.reply import ImageReady, StatusChange
from bot.domain.settings import ImageBackground, ImageFormat, Settings

DRAWING = StatusChange("drawing")
WAITING_FOR_OTHERS = StatusChange("waiting for others' pictures")

DRAWINGS_AT_ONCE = 4
"""Pictures that people ordered, side by side in one process; those beyond wait."""

LARGE = 256 * 1024
"""From so many bytes on, base64 is the work of a thread."""

_LARGEST = 64 * 1024 * 1024
"""Characters of base64; a picture of the greatest size, without compression, stays below."""

# The decoder never lets go of the interpreter: 12 MB at once hold up the event loop for 35 ms, thread or no thread; so
# large data goes piece by piece. Both are multiples of what base64 treats as one: 3 bytes, 4 characters.
_PIECE_OF_BYTES = 384 * 1024
_PIECE_OF_TEXT = 512 * 1024

_SIGNATURES = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"))


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture as it arrives: `base64` is not decoded yet; `file_format` is what the server calls it, if it does."""

    base64: str = field(repr=False)
    file_format: str = ""
    prompt: str = field(default="", repr=False)

    async def developed(self) -> ImageReady:
        """The picture itself. Raises ModelError when it is damaged or too large."""
        if len(self.base64) > _LARGEST:
            raise ModelError(f"a picture of {len(self.base64)} characters is too large")
        try:
            data = await asyncio.to_thread(_decoded, self.base64) if len(self.base64) > LARGE else _decoded(self.base64)
        except ValueError:
            raise ModelError("the picture is damaged") from None
        if not data:
            raise ModelError("the picture is empty")
        return ImageReady(data, media_type_of(data, self.file_format), self.prompt)


def data_url(data: bytes, media_type: str) -> str:
    """The address that has this data in itself; takes 1 ms for a megabyte."""
    pieces = (data[start : start + _PIECE_OF_BYTES] for start in range(0, len(data), _PIECE_OF_BYTES))
    return f"data:{media_type};base64," + "".join(
        binascii.b2a_base64(piece, newline=False).decode("ascii") for piece in pieces
    )


def media_type_of(data: bytes, file_format: str = "") -> str:
    """What kind of picture this is, by its first bytes; where they tell nothing, what the server calls it."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    known = (media_type for signature, media_type in _SIGNATURES if data.startswith(signature))
    return next(known, f"image/{file_format if file_format in list(ImageFormat) else ImageFormat.PNG}")


def picture_options(action: Action, settings: Settings) -> dict[str, str]:
    """How a picture is to be made, in the terms of the image tool and of the Images API alike.

    What is left to the model is left out. Only PNG and WebP can have a transparent background.
    """
    file_format = settings.image_format
    if settings.image_background is ImageBackground.TRANSPARENT and file_format is ImageFormat.JPEG:
        file_format = ImageFormat.PNG
    options = {
        "model": settings.image_edit_model if action is Action.EDIT else settings.image_model,
        "size": settings.image_size,
        "quality": str(settings.image_quality),
        "background": str(settings.image_background),
        "output_format": str(file_format),
    }
    return {name: value for name, value in options.items() if value != "auto"}


def _decoded(text: str) -> bytes:
    pieces = (text[start : start + _PIECE_OF_TEXT] for start in range(0, len(text), _PIECE_OF_TEXT))
    return b"".join(binascii.a2b_base64(piece, strict_mode=True) for piece in pieces)
