"""Pictures on their way to and from OpenAI: as base64, and what is asked of a picture."""

import asyncio
import binascii
from dataclasses import dataclass, field

from bot.domain.files import picture_type
from bot.domain.reply import ImageReady
from bot.domain.settings import ImageBackground, ImageFormat, Settings
from bot.openai.errors import PictureFailed

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


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture as it arrives, not decoded yet."""

    base64: str = field(repr=False)
    prompt: str = field(default="", repr=False)

    async def developed(self) -> ImageReady:
        """The picture itself. Raises PictureFailed when it is damaged, too large, or no picture that we know."""
        if len(self.base64) > _LARGEST:
            raise PictureFailed(f"a picture of {len(self.base64)} characters is too large")
        try:
            data = await asyncio.to_thread(_decoded, self.base64) if len(self.base64) > LARGE else _decoded(self.base64)
        except ValueError:
            raise PictureFailed("the picture is damaged") from None
        media_type = picture_type(data)
        if media_type is None:
            raise PictureFailed("the picture is empty" if not data else "the picture is of no known format")
        return ImageReady(data, media_type, self.prompt)


def data_url(data: bytes, media_type: str) -> str:
    """The address that has this data in itself; takes 1 ms for a megabyte."""
    pieces = (data[start : start + _PIECE_OF_BYTES] for start in range(0, len(data), _PIECE_OF_BYTES))
    return f"data:{media_type};base64," + "".join(
        binascii.b2a_base64(piece, newline=False).decode("ascii") for piece in pieces
    )


def picture_options(settings: Settings, *, edits: bool) -> dict[str, str]:
    """How a picture is to be made, in the terms of the image tool and of the Images API alike.

    `edits` says that there are pictures which may be changed. What is left to the model is left out. Only PNG and WebP
    can have a transparent background.
    """
    file_format = settings.image_format
    if settings.image_background is ImageBackground.TRANSPARENT and file_format is ImageFormat.JPEG:
        file_format = ImageFormat.PNG
    options = {
        "model": settings.image_edit_model if edits else settings.image_model,
        "size": settings.image_size,
        "quality": str(settings.image_quality),
        "background": str(settings.image_background),
        "output_format": str(file_format),
    }
    return {name: value for name, value in options.items() if value != "auto"}


def _decoded(text: str) -> bytes:
    """Some servers break base64 into lines. Raises ValueError for what is no base64."""
    decoded: list[bytes] = []
    rest = ""
    for start in range(0, len(text), _PIECE_OF_TEXT):
        piece = rest + "".join(text[start : start + _PIECE_OF_TEXT].split())
        whole = len(piece) // 4 * 4
        decoded.append(binascii.a2b_base64(piece[:whole], strict_mode=True))
        rest = piece[whole:]
    return b"".join((*decoded, binascii.a2b_base64(rest, strict_mode=True)))
