"""Pictures of many formats into one that models take: upright, scaled down, without metadata."""

from io import BytesIO

from PIL import Image, ImageOps

from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw, Picture

LONG_EDGE = 2_048
MOST_PIXELS = 120_000_000
"""What fits into a worker's memory, with room for a copy; the largest telephones make 200 million, as JPEG."""

MOST_BYTES = 4_000_000
_MOST_BYTES_PNG = 1_500_000
_QUALITIES = (85, 70, 50)
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
_STILL_BRANDS = (b"avif", b"avis")

# Sizes are checked below, before anything is unpacked.
Image.MAX_IMAGE_PIXELS = None


def read(content: bytes) -> Picture:
    """The picture, without its name; of a moving one the first. Raises FileUnusable."""
    try:
        image = _upright(content)
    except (FileUnusable, MemoryError):
        raise
    # Pillow's readers raise whatever their parsing trips over.
    except Exception:
        raise FileUnusable(Flaw.BROKEN) from None
    media_type, data = _encoded(image)
    return Picture("", media_type, data, image.width, image.height)


def jpeg(image: Image.Image, quality: int) -> bytes:
    """The picture as a JPEG file without metadata."""
    file = BytesIO()
    image.save(file, "JPEG", quality=quality, exif=b"", icc_profile=None)
    return file.getvalue()


def _upright(content: bytes) -> Image.Image:
    image = _open(content)
    # A JPEG can be unpacked at an eighth of its size, which is what draft() asks for.
    image.draft(None, (LONG_EDGE, LONG_EDGE))
    if image.width * image.height > MOST_PIXELS:
        raise FileUnusable(Flaw.TOO_LARGE, f"it has more than {MOST_PIXELS // 1_000_000} million pixels")
    image = _plain(image)
    image.thumbnail((LONG_EDGE, LONG_EDGE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return ImageOps.exif_transpose(image)


def _open(content: bytes) -> Image.Image:
    if content[4:8] == b"ftyp" and content[8:12] not in _STILL_BRANDS:
        import pi_heif  # noqa: PLC0415 - brings a library that few pictures need

        pi_heif.register_heif_opener()
        return Image.open(BytesIO(content), formats=("HEIF", "AVIF"))
    return Image.open(BytesIO(content), formats=_FORMATS)


def _plain(image: Image.Image) -> Image.Image:
    """The picture in grey or in red, green and blue, with transparency where it has that; the rest is kept."""
    if image.mode.startswith("I") or image.mode == "F":
        low, high = image.getextrema()
        span = float(high) - float(low) or 1.0  # type: ignore[arg-type]
        return image.convert("F").point(lambda value: value * (255 / span) - float(low) * (255 / span)).convert("L")  # type: ignore[arg-type]
    if image.has_transparency_data:
        return image if image.mode == "RGBA" else image.convert("RGBA")
    return image if image.mode in {"L", "RGB"} else image.convert("L" if image.mode == "1" else "RGB")


def _encoded(image: Image.Image) -> tuple[str, bytes]:
    if image.mode == "RGBA":
        if image.getchannel("A").getextrema() != (255, 255):
            file = BytesIO()
            image.save(file, "PNG", exif=b"", icc_profile=None)
            if file.tell() <= _MOST_BYTES_PNG:
                return "image/png", file.getvalue()
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        image = ground
    for quality in _QUALITIES:
        data = jpeg(image, quality)
        if len(data) <= MOST_BYTES:
            return "image/jpeg", data
    raise FileUnusable(Flaw.TOO_LARGE)
