"""What the demo's responder sees besides words: it describes the pictures, files and recordings of a message (pure)."""

import re
from collections.abc import Iterator

from playground.openai.input_items import InputMessage

_MARK = re.compile(r'\[(?:picture "(?P<name>[^"]*)"|(?P<page>[^\]]+ of "[^"]*"))\]')
_RECORDING = re.compile(r'\[recording "(?P<name>[^"]*)", in which is said:\]\n(?P<text>.*)', re.DOTALL)
_FILE = re.compile(r'<file name="(?P<name>[^"]*)"[^>]*>\n(?P<text>.*)\n</file>', re.DOTALL)
_PAGE = re.compile(r"^(?:--- .* ---|\[this .* follows as a picture\])$", re.MULTILINE)
_FIRST_WORDS = 160


def sights(message: InputMessage) -> tuple[str, ...]:
    """One sentence in Markdown for each thing that hangs on the message, files before pictures."""
    return (*_from_texts(message), *_from_pictures(message), *(f"the file **{file.name}**" for file in message.files))


def _from_texts(message: InputMessage) -> Iterator[str]:
    for text in message.texts[1:]:
        if found := _RECORDING.fullmatch(text):
            yield f"the recording **{found['name']}**, in which I hear:\n    > {_beginning(found['text'])}"
        elif found := _FILE.fullmatch(text):
            body = _PAGE.sub("", found["text"]).strip()
            yield f"the file **{found['name']}** of {len(body):,} characters, which begins:\n    > {_beginning(body)}"


def _from_pictures(message: InputMessage) -> Iterator[str]:
    names = [found["name"] or found["page"] for text in message.texts[1:] if (found := _MARK.fullmatch(text))]
    unnamed = [""] * len(message.pictures)
    for name, picture in zip([*names, *unnamed], message.pictures, strict=False):
        called = f" **{name}**" if name else ""
        yield f"the picture{called}, {picture.media_type or 'at an address'}, {len(picture.data):,} bytes"


def _beginning(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _FIRST_WORDS else f"{line[: _FIRST_WORDS - 1]}…"
