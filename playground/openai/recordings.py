"""Recordings with a text in them: how the local OpenAI hears what is said (pure)."""

import struct
from collections.abc import Iterator

NOTHING_SAID = "…"

_LONGEST_HEARD = 100_000
_RATE = 8_000


def recording(text: str, seconds: float = 0.5) -> bytes:
    """A silent WAV file whose comment says what is to be heard in it."""
    form = struct.pack("<HHIIHH", 1, 1, _RATE, _RATE, 1, 8)
    comment = b"INFO" + _chunk(b"ICMT", text.encode() + b"\0")
    body = _chunk(b"fmt ", form) + _chunk(b"LIST", comment) + _chunk(b"data", b"\x80" * int(_RATE * seconds))
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body


def hidden_text(_name: str, content: bytes) -> str:
    """What a recording says: the comment of a WAV file, else any text at the end after the last zero byte."""
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        for kind, data in _chunks(content[12:]):
            if kind == b"LIST" and data[:4] == b"INFO":
                for inner, comment in _chunks(data[4:]):
                    if inner == b"ICMT":
                        return comment.rstrip(b"\0").decode(errors="replace")
        return NOTHING_SAID
    try:
        said = content.rpartition(b"\0")[2][-_LONGEST_HEARD:].decode().strip()
    except UnicodeDecodeError:
        return NOTHING_SAID
    return said if said and said.replace("\n", " ").isprintable() else NOTHING_SAID


def _chunk(kind: bytes, data: bytes) -> bytes:
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    while len(data) >= 8:
        size = struct.unpack_from("<I", data, 4)[0]
        yield data[:4], data[8 : 8 + size]
        data = data[8 + size + size % 2 :]
