"""Pictures that come in as data URLs, checked as the API checks them (pure).

Codes of the refusals: `openai.types.responses.response_error`.
"""

import base64
import binascii
import re

from playground.openai.errors import ApiError
from playground.openai.pictures.formats import INPUT_MEDIA_TYPES, media_type_of

_DATA_URL = re.compile(r"data:(?P<media_type>[\w.+/-]*);base64,(?P<text>.*)", re.DOTALL)
_EXAMPLE = "data:image/png;base64,aW1nIGJ5dGVzIGhlcmU="


def picture_in(url: str, param: str) -> tuple[str, bytes]:
    """Media type and bytes of the picture in a data URL. Raises ApiError."""
    found = _DATA_URL.fullmatch(url)
    if found is None:
        message = f"Invalid '{param}'. Expected a base64-encoded data URL with an image MIME type (e.g. '{_EXAMPLE}')."
        raise ApiError(400, message, "invalid_value", param)
    data = decoded(found["text"], param)
    media_type = found["media_type"].lower()
    if media_type not in INPUT_MEDIA_TYPES:
        message = (
            "The image data you provided does not represent a valid image. Please check your input and try again "
            f"with one of the supported image formats: {list(INPUT_MEDIA_TYPES)}."
        )
        raise ApiError(400, message, "invalid_image_format", param)
    check_is(data, media_type, param)
    return media_type, data


def decoded(text: str, param: str) -> bytes:
    """The bytes of a picture in base64. Raises ApiError."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ApiError(400, "Invalid base64 image data.", "invalid_base64_image", param) from None
    if not data:
        raise ApiError(400, "The image file is empty.", "empty_image_file", param)
    return data


def check_is(data: bytes, media_type: str | None, param: str) -> None:
    """Raises ApiError unless the bytes begin as a picture of this type does, or, for None, of any type taken."""
    real = media_type_of(data)
    if real is None or media_type not in (None, real):
        message = "You uploaded an image that could not be parsed. Please make sure your image is valid."
        raise ApiError(400, message, "image_parse_error", param)
