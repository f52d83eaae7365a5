"""How a picture is to be drawn: the options that the image tool and the Images API share, checked strictly (pure).

Options and their rules: `openai.types.image_generate_params` and `ImageGeneration` in
`openai.types.responses.tool_param`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playground.openai.errors import ApiError, invalid, unsupported_parameter, unsupported_value
from playground.openai.fields import an_integer, one_of
from playground.openai.image_models import DEFAULT_IMAGE_MODEL, IMAGE_MODELS, ImageCard

OPTIONS = (
    "model",
    "size",
    "quality",
    "background",
    "output_format",
    "output_compression",
    "moderation",
    "partial_images",
    "input_fidelity",
    "complexity",
)
PREVIEWS = ("svg", "frame_count", "frame_duration_ms")
_FORMATS = ("png", "webp", "jpeg")
_STANDARD_SIZES = ("1024x1024", "1024x1536", "1536x1024", "auto")
_SIZE = re.compile(r"([1-9]\d{0,4})x([1-9]\d{0,4})")
_STEP, _LONGEST, _SHORTEST_OF_LONGEST, _STEEPEST = 16, 3840, 2160, 3


@dataclass(frozen=True, slots=True)
class ImageOptions:
    """The options that hold, with the API's own choice where it was left to it; sizes are in pixels."""

    model: str = DEFAULT_IMAGE_MODEL
    width: int = 1024
    height: int = 1024
    quality: str = "medium"
    background: str = "opaque"
    output_format: str = "png"
    partial_images: int = 0

    @property
    def size(self) -> str:
        return f"{self.width}x{self.height}"

    @property
    def described(self) -> dict[str, str]:
        """How results of the API describe these options."""
        return {
            "size": self.size,
            "quality": self.quality,
            "background": self.background,
            "output_format": self.output_format,
        }


def parse_options(fields: Mapping[str, Any], prefix: str = "") -> ImageOptions:
    """The options among these fields; `prefix`, as in `tools[0].`, goes before their names. Raises ApiError."""
    given = {name: value for name, value in fields.items() if value is not None}
    for name in PREVIEWS:
        if name in given:
            raise unsupported_parameter(f"{prefix}{name}")
    model = one_of(given.get("model", DEFAULT_IMAGE_MODEL), f"{prefix}model", IMAGE_MODELS)
    card = IMAGE_MODELS[model]
    width, height = _parse_size(given.get("size", "auto"), f"{prefix}size", card)
    output_format = one_of(given.get("output_format", "png"), f"{prefix}output_format", _FORMATS)
    one_of(given.get("moderation", "auto"), f"{prefix}moderation", ("auto", "low"))
    _check_compression(given, prefix, output_format)
    _check_for_some_models(given, prefix, card)
    quality = _parse_quality(given.get("quality", "auto"), f"{prefix}quality", card)
    background = _parse_background(given.get("background", "auto"), f"{prefix}background", output_format)
    partial_images = an_integer(given.get("partial_images", 0), f"{prefix}partial_images", 0, 3)
    return ImageOptions(model, width, height, quality, background, output_format, partial_images)


def _parse_size(value: object, param: str, card: ImageCard) -> tuple[int, int]:
    if not card.any_size:
        one_of(value, param, _STANDARD_SIZES)
    if value == "auto":
        return 1024, 1024
    found = _SIZE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise invalid(param, f"expected 'auto' or WIDTHxHEIGHT, but got '{value}' instead.")
    width, height = int(found[1]), int(found[2])
    if width % _STEP or height % _STEP:
        raise invalid(param, f"width and height must be divisible by {_STEP}, but got '{value}' instead.")
    if max(width, height) > _LONGEST or min(width, height) > _SHORTEST_OF_LONGEST:
        raise invalid(param, f"the largest size is {_LONGEST}x{_SHORTEST_OF_LONGEST}, but got '{value}' instead.")
    if max(width, height) > _STEEPEST * min(width, height):
        raise invalid(param, f"the aspect ratio must be between 1:3 and 3:1, but got '{value}' instead.")
    return width, height


def _parse_quality(value: object, param: str, card: ImageCard) -> str:
    quality = one_of(value, param, ("low", "medium", "high", "xhigh", "max", "auto"))
    if quality not in card.qualities:
        raise unsupported_value(param, quality, card.qualities)
    return "medium" if quality == "auto" else quality


def _parse_background(value: object, param: str, output_format: str) -> str:
    background = one_of(value, param, ("transparent", "opaque", "auto"))
    if background == "transparent" and output_format == "jpeg":
        raise invalid(param, "a transparent background needs the output format 'png' or 'webp'.")
    return "opaque" if background == "auto" else background


def _check_compression(given: Mapping[str, Any], prefix: str, output_format: str) -> None:
    if "output_compression" not in given:
        return
    param = f"{prefix}output_compression"
    compression = an_integer(given["output_compression"], param, 0, 100)
    if output_format == "png" and compression < 100:
        raise ApiError(400, "Compression less than 100 is not supported for PNG output format.", "invalid_value", param)


def _check_for_some_models(given: Mapping[str, Any], prefix: str, card: ImageCard) -> None:
    if "input_fidelity" in given:
        if not card.fidelities:
            raise unsupported_parameter(f"{prefix}input_fidelity")
        fidelity = one_of(given["input_fidelity"], f"{prefix}input_fidelity", ("high", "low"))
        if fidelity not in card.fidelities:
            raise unsupported_value(f"{prefix}input_fidelity", fidelity, card.fidelities)
    if "complexity" in given:
        if not card.complexity:
            raise unsupported_parameter(f"{prefix}complexity")
        one_of(given["complexity"], f"{prefix}complexity", ("low", "medium", "high"))
