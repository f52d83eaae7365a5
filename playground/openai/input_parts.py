"""The parts that the content of a message may consist of (pure)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from playground.openai.data_urls import picture_in
from playground.openai.errors import ApiError, invalid_value, missing_parameter
from playground.openai.fields import a_string, an_array, an_object, one_of

_IMAGE_DETAILS = ("low", "high", "auto", "original")
_FILE_DETAILS = ("auto", "low", "high")


@dataclass(frozen=True, slots=True)
class InputPicture:
    """A picture that the model sees; `data` is empty for one at an address, which is never fetched here."""

    media_type: str
    detail: str
    data: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that the model reads; `size` counts the characters of its base64, or is 0 for one at an address."""

    name: str
    size: int


Part = str | InputPicture | InputFile


def parse_part(part: object, param: str, role: str) -> Part:
    """One part of a message by this role; raises ApiError for whatever the API would not take."""
    fields = an_object(part, param, required=("type",))
    kind = a_string(fields["type"], f"{param}.type")
    parsers = _ASSISTANT_PARTS if role == "assistant" else _INPUT_PARTS
    if kind not in parsers:
        raise invalid_value(param, kind, parsers)
    return parsers[kind](fields, param)


def _input_text(fields: Mapping[str, Any], param: str) -> str:
    an_object(fields, param, ("type", "text", "prompt_cache_breakpoint"), ("text",))
    return a_string(fields["text"], f"{param}.text")


def _input_image(fields: Mapping[str, Any], param: str) -> InputPicture:
    an_object(fields, param, ("type", "detail", "image_url", "file_id", "prompt_cache_breakpoint"), ("detail",))
    detail = one_of(fields["detail"], f"{param}.detail", _IMAGE_DETAILS)
    if (fields.get("image_url") is None) == (fields.get("file_id") is None):
        raise missing_parameter(f"{param}.image_url")
    if fields.get("file_id") is not None:
        # Nothing is stored here, so nothing can be referred to.
        raise ApiError(404, f"File with id '{fields['file_id']}' not found.", None, f"{param}.file_id")
    url = a_string(fields["image_url"], f"{param}.image_url")
    if url.startswith("data:"):
        media_type, data = picture_in(url, f"{param}.image_url")
        return InputPicture(media_type, detail, data)
    if not url.startswith(("https://", "http://")):
        message = f"Invalid '{param}.image_url'. Expected a valid URL, but got a value with an invalid format."
        raise ApiError(400, message, "invalid_value", f"{param}.image_url")
    return InputPicture("", detail)


def _input_file(fields: Mapping[str, Any], param: str) -> InputFile:
    allowed = ("type", "detail", "filename", "file_data", "file_id", "file_url", "prompt_cache_breakpoint")
    an_object(fields, param, allowed)
    if fields.get("detail") is not None:
        one_of(fields["detail"], f"{param}.detail", _FILE_DETAILS)
    if sum(fields.get(name) is not None for name in ("file_data", "file_id", "file_url")) != 1:
        raise missing_parameter(f"{param}.file_data")
    if fields.get("file_data") is None:
        return InputFile("", 0)
    name = a_string(fields.get("filename"), f"{param}.filename")
    return InputFile(name, len(a_string(fields["file_data"], f"{param}.file_data")))


def _output_text(fields: Mapping[str, Any], param: str) -> str:
    an_object(fields, param, ("type", "text", "annotations", "logprobs"), ("text",))
    if fields.get("annotations") is not None:
        an_array(fields["annotations"], f"{param}.annotations")
    return a_string(fields["text"], f"{param}.text")


def _refusal(fields: Mapping[str, Any], param: str) -> str:
    an_object(fields, param, ("type", "refusal"), ("refusal",))
    return a_string(fields["refusal"], f"{param}.refusal")


_ParsePart = Callable[[Mapping[str, Any], str], Part]
_INPUT_PARTS: Mapping[str, _ParsePart] = {
    "input_text": _input_text,
    "input_image": _input_image,
    "input_file": _input_file,
}
_ASSISTANT_PARTS: Mapping[str, _ParsePart] = {"output_text": _output_text, "refusal": _refusal}
