"""What people send from the page: JSON, or a form of JSON and files. Raises a refusal in words for people."""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from playground.slack.files import UNKNOWN_TYPE, guess_type

MOST_FILES = 10
LARGEST_FILE = 50_000_000
"""Bytes."""

_LONGEST_JSON = 400_000
_LONGEST_NAME = 255
_MEDIA_TYPE = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,60}", re.ASCII)
_UNFIT_FOR_NAMES = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that came with a message; `media_type` is never empty."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


def refusal(sentence: str) -> web.HTTPBadRequest:
    """Tells a person why something was not taken."""
    return web.HTTPBadRequest(text=json.dumps({"error": sentence}), content_type="application/json")


async def read_json(request: web.Request) -> Mapping[str, Any]:
    """The JSON object that was posted."""
    # Another web site's form cannot send this type, and its script is asked for permission first.
    if request.content_type != "application/json":
        raise refusal("This must come as a JSON object.")
    return _object(await request.text())


async def read_post(request: web.Request) -> tuple[Mapping[str, Any], list[SentFile]]:
    """A message, and the files that it brings: JSON, or a form whose part `message` is JSON and comes first."""
    if request.content_type != "multipart/form-data":
        return await read_json(request), []
    if "Origin" not in request.headers:
        raise refusal("Files are taken from the page alone.")  # A form of another web site would say where it is from.
    message: Mapping[str, Any] | None = None
    files: list[SentFile] = []
    with suppress(ValueError):
        form = await request.multipart()
        while isinstance(part := await form.next(), BodyPartReader):
            if message is None:
                message = _object((await _read(part, _LONGEST_JSON, "The message is too long.")).decode())
            elif len(files) == MOST_FILES:
                raise refusal(f"At most {MOST_FILES} files go with one message.")
            else:
                files.append(await _file(part))
        if part is None and message is not None:
            return message, files
    raise refusal("This must come as a form with a message and files.")


async def _file(part: BodyPartReader) -> SentFile:
    name = file_name(part.filename or "")
    content = await _read(part, LARGEST_FILE, f"{name} is larger than {LARGEST_FILE // 1_000_000} MB.")
    if not content:
        raise refusal(f"{name} is empty.")
    return SentFile(name, _media_type(name, part.headers.get("Content-Type", "")), content)


def _media_type(name: str, told: str) -> str:
    """What the name promises, or else what the browser tells."""
    guessed = guess_type(name)
    return told if guessed == UNKNOWN_TYPE and _MEDIA_TYPE.fullmatch(told) else guessed


async def _read(part: BodyPartReader, limit: int, complaint: str) -> bytes:
    content = bytearray()
    while piece := await part.read_chunk(65_536):
        content += piece
        if len(content) > limit:
            raise refusal(complaint)
    return bytes(content)


def file_name(given: str) -> str:
    """The name without folders and control characters; never empty."""
    bare = _UNFIT_FOR_NAMES.sub("", re.split(r"[/\\]", given)[-1]).strip(". ")
    return bare[-_LONGEST_NAME:] or "file"


def _object(text: str) -> Mapping[str, Any]:
    with suppress(ValueError):
        posted = json.loads(text)
        if isinstance(posted, dict):
            return posted
    raise refusal("This must come as a JSON object.")
